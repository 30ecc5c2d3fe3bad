package dev.zoetrope.relay;

import java.util.concurrent.TimeUnit;

/**
 * How old what comes over a link is when it comes: the youngest of a second, as behind a join point
 * older pictures follow at once. Thread-safe.
 */
final class Freshness {
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After so long it says nothing of the present. */
  private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private long spanNanos; // when the present span began
  private long youngest = Long.MAX_VALUE; // in it; microseconds
  private long former = -1; // the youngest of the last span in which anything came
  private long formerNanos; // when that was over

  /** Something has come that was so old. */
  synchronized void heard(long ageMicros, long nowNanos) {
    if (youngest != Long.MAX_VALUE && nowNanos - spanNanos >= SPAN_NANOS) {
      former = nowNanos - spanNanos < KNOWN_NANOS ? youngest : -1;
      formerNanos = nowNanos;
      youngest = Long.MAX_VALUE;
    }
    if (youngest == Long.MAX_VALUE) {
      spanNanos = nowNanos;
    }
    youngest = Math.min(youngest, Math.max(0, ageMicros));
  }

  /** In microseconds; -1 where nothing comes, or has come for less than a second. */
  synchronized long micros(long nowNanos) {
    return former >= 0 && nowNanos - formerNanos < KNOWN_NANOS ? former : -1;
  }
}
