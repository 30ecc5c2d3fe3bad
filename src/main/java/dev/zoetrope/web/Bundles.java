package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * All sockets of {@code WS /live} and {@code WS /relay/v1}, by whichever door they came.
 * Thread-safe.
 */
public final class Bundles implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Bundles.class.getName());

  private final Set<Bundle> bundles = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Whether it may stay: not when the server stops. */
  boolean add(Bundle bundle) {
    bundles.add(bundle); // before looking: one of us both ends it
    return !closed;
  }

  void remove(Bundle bundle) {
    bundles.remove(bundle);
  }

  /** Sockets that are open. */
  int size() {
    return bundles.size();
  }

  /**
   * To be called about once a second, on the timer: looks at the sources that anybody has
   * subscribed to, at each once for all.
   */
  public void tick() {
    Map<Channel, SourceWords> known = new HashMap<>(); // a channel is equal to itself alone
    each(bundle -> bundle.tick(channel -> known.computeIfAbsent(channel, SourceWords::of)));
  }

  /** To be called about five times a second, on the timer. */
  public void tellUrgent() {
    each(Bundle::tellUrgent);
  }

  private void each(Consumer<Bundle> action) {
    for (Bundle bundle : bundles) {
      try {
        action.accept(bundle);
      } catch (RuntimeException e) { // ours: this one suffers, the others go on
        LOG.log(Level.ERROR, "a socket of several viewers broke an invariant", e);
        bundle.end(Outcome.STOPPED, "the server made a mistake");
      }
    }
  }

  /** Takes no more; ends all that are there. Idempotent. */
  @Override
  public void close() {
    closed = true;
    bundles.forEach(bundle -> bundle.end(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS));
  }
}
