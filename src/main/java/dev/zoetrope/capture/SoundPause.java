package dev.zoetrope.capture;

import java.time.Duration;

/**
 * For how long a source is read without its sound, after that has kept it from starting: each time
 * twice as long. Confined to the capture's thread.
 */
final class SoundPause {
  /** How long it plays without, the first time, before a new try. */
  static final Duration FIRST = Duration.ofMinutes(1);

  private static final Duration MOST = Duration.ofHours(1);

  private Duration next;
  private long endNanos;

  /** None is under way. */
  SoundPause(Duration first, long now) {
    next = first;
    endNanos = now;
  }

  void begin(long now) {
    endNanos = now + next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(MOST) > 0 ? MOST : doubled;
  }

  boolean isOver(long now) {
    return now - endNanos >= 0;
  }
}
