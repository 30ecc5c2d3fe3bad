package dev.zoetrope.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time that passes when the test says so. */
final class TestClock extends Clock {
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private long nanos = Long.MAX_VALUE - 5_000_000_000L; // it may wrap around

  void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
