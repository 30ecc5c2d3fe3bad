package dev.zoetrope.feed;

import java.time.Duration;

/**
 * How much a feed holds.
 *
 * @param bytes most bytes; beyond, the oldest pieces go, even the newest join point. Only the
 *     newest piece stays, however large
 * @param age oldest piece kept, by capture time; yields to the newest join point, which stays
 * @param entries most pieces; a power of two
 */
public record Bounds(long bytes, Duration age, int entries) {
  public Bounds {
    if (bytes <= 0 || age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("bounds: bytes and age must be positive");
    }
    if (entries < 2 || Integer.bitCount(entries) != 1) {
      throw new IllegalArgumentException("bounds: entries must be a power of two, got " + entries);
    }
  }
}
