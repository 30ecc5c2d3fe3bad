package dev.zoetrope.web;

import java.util.concurrent.TimeUnit;

/** How much a client may say: 600 messages in 10 s. For one thread at a time. */
final class MessageRate {
  private static final int MOST = 600;
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long spanNanos; // when the present span began
  private int count; // in it

  MessageRate(long nowNanos) {
    spanNanos = nowNanos;
  }

  /** Counts so many; whether they are not too many. */
  boolean admits(int messages, long nowNanos) {
    if (nowNanos - spanNanos >= SPAN_NANOS) {
      spanNanos = nowNanos;
      count = 0;
    }
    count += messages;
    return count <= MOST;
  }
}
