package dev.zoetrope.publish;

/**
 * Counts the milliseconds of messages on, over the wrap of their 32 bits after 49.7 days. A jump by
 * more than an hour is no wrap, and is taken as it is. Confined to the reading thread.
 *
 * @see "Adobe RTMP 1.0, 4 (serial number arithmetic)"
 */
final class MessageClock {
  private static final int MOST_STEP = 3_600_000;

  private long millis = Long.MIN_VALUE;

  /** The time of a message with this timestamp, on a clock that does not wrap. */
  long read(int timestamp) {
    int step = timestamp - (int) millis;
    if (millis < 0 || step > MOST_STEP || step < -MOST_STEP) {
      millis = timestamp & 0xffff_ffffL;
    } else {
      millis += step;
    }
    return millis;
  }
}
