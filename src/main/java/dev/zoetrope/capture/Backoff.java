package dev.zoetrope.capture;

import java.time.Duration;

/** How long to wait before the next try: 1 s, doubling to 60 s. Confined to one thread. */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(60);

  private Duration next = FIRST;

  /** The wait before the next try; the one after will be twice as long. */
  Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return wait;
  }

  /** It works again: the next wait is the first one. */
  void reset() {
    next = FIRST;
  }
}
