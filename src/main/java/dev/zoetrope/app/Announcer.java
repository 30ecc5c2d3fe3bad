package dev.zoetrope.app;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.channel.SourceListener;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.SourceId;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells webhooks, and the beans of whoever embeds this, what happened to sources. Any thread, one
 * at a time for each source.
 */
final class Announcer implements SourceListener {
  private static final Logger LOG = System.getLogger(Announcer.class.getName());

  private final Webhooks webhooks;
  private final Event<Object> events;
  private final NotificationOptions options;

  /** Those whose loss was told to beans, and whose return was not. */
  private final Set<SourceId> lost = ConcurrentHashMap.newKeySet();

  /**
   * @param options with what events are delivered
   */
  Announcer(Webhooks webhooks, Event<Object> events, NotificationOptions options) {
    this.webhooks = webhooks;
    this.events = events;
    this.options = options;
  }

  @Override
  public void happened(SourceSettings source, Incident incident, Optional<Diagnosis> why) {
    webhooks.report(source.id(), source.title(), incident, why);
    switch (incident.kind()) {
      case LOST -> {
        if (lost.add(source.id())) {
          fire(new SourceLost(source.id(), source.title(), incident.at(), why));
        }
      }
      case RECOVERED, FIRST_FRAME -> { // the latter where nobody wanted it in between
        if (lost.remove(source.id())) {
          fire(new SourceRecovered(source.id(), source.title(), incident.at()));
        }
      }
      case STARTED, STALLED, KILLED, EXITED, BACK_OFF, NO_KEYFRAMES, CHANGED, REFUSED, STOPPED -> {
        // not told
      }
    }
  }

  private void fire(Object event) {
    var unused =
        events
            .fireAsync(event, options)
            .whenComplete(
                (delivered, failure) -> {
                  if (failure != null) { // nobody else tells
                    LOG.log(Level.WARNING, "an observer of " + event + " failed", failure);
                  }
                });
  }
}
