package dev.zoetrope.bench.fanout;

import java.time.Instant;

/** What time it is. */
final class WallClock {
  private WallClock() {}

  /** Microseconds since 1970. */
  static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }
}
