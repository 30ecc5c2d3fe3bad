package dev.zoetrope.web;

import java.util.concurrent.TimeUnit;

/** How much a client may say. For one thread at a time. */
final class MessageRate {
  /** Messages in 10 s that browsers may send. */
  static final int USUAL = 600;

  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int most; // messages in 10 s
  private long spanNanos; // when the present span began
  private int count; // in it

  /**
   * @param most messages in 10 s
   */
  MessageRate(int most, long nowNanos) {
    this.most = most;
    spanNanos = nowNanos;
  }

  /** Counts so many; whether they are not too many. */
  boolean admits(int messages, long nowNanos) {
    if (nowNanos - spanNanos >= SPAN_NANOS) {
      spanNanos = nowNanos;
      count = 0;
    }
    count += messages;
    return count <= most;
  }
}
