package dev.zoetrope.capture;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: up to 1 s, doubling to 60 s, each shorter by chance, down
 * to a half, so that many who lost the same thing do not all come back at the same moment. What was
 * well until now is tried once almost at once before that. Confined to one thread.
 */
final class Backoff {
  private static final Duration AT_ONCE = Duration.ofMillis(200);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(60);

  /** The largest part by which a wait is shorter. */
  private static final double JITTER = 0.5;

  private final DoubleSupplier random;
  private Duration next = FIRST;
  private boolean wasTriedAtOnce; // since it was well

  /** By the process's own chance. */
  Backoff() {
    this(() -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param random numbers from 0 up to, not including, 1
   */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** The wait before the next try of what has just worked: short if it was well before. */
  Duration afterItWorked() {
    if (wasTriedAtOnce || !next.equals(FIRST)) {
      return next();
    }
    wasTriedAtOnce = true;
    return jittered(AT_ONCE);
  }

  /** The wait before the next try; the one after will be about twice as long. */
  Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return jittered(wait);
  }

  /** The longest wait, at once: trying earlier would be in vain. */
  Duration longest() {
    next = MOST;
    return jittered(MOST);
  }

  private Duration jittered(Duration wait) {
    double factor = 1 - JITTER + JITTER * random.getAsDouble();
    return Duration.ofNanos(Math.round(wait.toNanos() * factor));
  }

  /** It is well again: the next wait is the first one. */
  void reset() {
    next = FIRST;
    wasTriedAtOnce = false;
  }
}
