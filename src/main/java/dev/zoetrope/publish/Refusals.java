package dev.zoetrope.publish;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Keeps the log readable while an encoder tries again every second: the same reason of the same
 * peer is said once a minute, with how often it came meanwhile. Remembers 256 of them. Thread-safe.
 */
final class Refusals {
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int MOST = 256;

  private final LongSupplier nanoTime;

  // Guarded by this; the oldest first.
  private final Map<String, Said> said = new LinkedHashMap<>();

  /** When a reason was last said, and how often it came since. */
  private static final class Said {
    final long nanos;
    int since;

    Said(long nanos) {
      this.nanos = nanos;
    }
  }

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** How often this came since it was last said, if it is time to say it; else it is counted. */
  synchronized OptionalInt isToBeSaid(String peer, String why) {
    String key = peer + ' ' + why;
    long now = nanoTime.getAsLong();
    Said last = said.get(key);
    if (last != null && now - last.nanos < QUIET.toNanos()) {
      last.since++;
      return OptionalInt.empty();
    }
    said.remove(key);
    said.put(key, new Said(now));
    if (said.size() > MOST) {
      said.remove(said.keySet().iterator().next());
    }
    return OptionalInt.of(last == null ? 0 : last.since);
  }
}
