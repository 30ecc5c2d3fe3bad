package dev.zoetrope.format;

/**
 * Times for pictures that bring none: those of their arrival, smoothed to the distance that they
 * come in. They always go on, and begin at 0. Confined to one thread.
 */
final class ArrivalClock {
  /** How much of a picture's deviation moves the clock. */
  private static final double TO_TIME = 0.2;

  /** How much of it changes the expected distance. */
  private static final double TO_DISTANCE = 0.02;

  /** A picture this far from where it is expected tells of a pause, not of jitter. */
  private static final double PAUSE_MICROS = 500_000;

  private final double usualMicros;
  private double distanceMicros;
  private double expectedMicros;
  private long startNanos;
  private long lastMicros = -1;

  /**
   * @param fps about how many pictures come in a second
   */
  ArrivalClock(int fps) {
    usualMicros = 1e6 / fps;
    distanceMicros = usualMicros;
  }

  /** The time of the next picture, in microseconds. */
  long next(long arrivedNanos) {
    if (lastMicros < 0) {
      startNanos = arrivedNanos;
    }
    double arrivedMicros = (arrivedNanos - startNanos) / 1e3;
    double deviation = arrivedMicros - expectedMicros;
    double time = arrivedMicros;
    if (Math.abs(deviation) < PAUSE_MICROS) {
      time = expectedMicros + TO_TIME * deviation;
      distanceMicros = Math.max(1000, distanceMicros + TO_DISTANCE * deviation);
    } else {
      distanceMicros = usualMicros;
    }
    lastMicros = Math.max(lastMicros + 1, Math.round(time));
    expectedMicros = lastMicros + distanceMicros;
    return lastMicros;
  }
}
