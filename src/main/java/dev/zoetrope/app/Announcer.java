package dev.zoetrope.app;

import dev.zoetrope.alert.Webhooks;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.channel.SourceListener;
import dev.zoetrope.channel.SourceSettings;
import jakarta.enterprise.event.Event;
import java.util.Optional;

/** Tells webhooks, and the beans of whoever embeds this, what happened to sources. Any thread. */
final class Announcer implements SourceListener {
  private final Webhooks webhooks;
  private final Event<Object> events;

  Announcer(Webhooks webhooks, Event<Object> events) {
    this.webhooks = webhooks;
    this.events = events;
  }

  @Override
  public void happened(SourceSettings source, Incident incident, Optional<Diagnosis> why) {
    webhooks.report(source.id(), source.title(), incident, why);
    if (incident.kind() == Incident.Kind.LOST) {
      events.fireAsync(new SourceLost(source.id(), source.title(), incident.at(), why));
    } else if (incident.kind() == Incident.Kind.RECOVERED) {
      events.fireAsync(new SourceRecovered(source.id(), source.title(), incident.at()));
    }
  }
}
