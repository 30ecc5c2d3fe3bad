package dev.zoetrope.format;

import java.math.BigInteger;

/**
 * Turns times of one clock into times of another: {@code value * numerator / denominator}, exact
 * for all values; results beyond {@link #LIMIT} come out as the limit. Immutable.
 */
final class TimeScale {
  /** 2^62: in microseconds, 146 000 years. */
  static final long LIMIT = 1L << 62;

  static final TimeScale IDENTITY = new TimeScale(1, 1);

  private final long numerator;
  private final long denominator;
  private final long maxWhole;
  private final boolean fits;

  /**
   * @param numerator 1 to 2^62 - 1
   * @param denominator 1 to 2^62 - 1
   */
  TimeScale(long numerator, long denominator) {
    long divisor =
        BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).longValueExact();
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
    this.maxWhole = LIMIT / this.numerator;
    this.fits = this.denominator <= LIMIT / this.numerator;
  }

  /** Rounded towards minus infinity, as NUT's convert_ts. */
  long floor(long value) {
    return scale(value, 0);
  }

  /** Rounded to the nearest, halves up, as ffmpeg rounds times that are not negative. */
  long round(long value) {
    return scale(value, denominator / 2);
  }

  private long scale(long value, long bias) {
    long whole = Math.floorDiv(value, denominator);
    long rest = Math.floorMod(value, denominator);
    if (whole > maxWhole || whole < -maxWhole - 1) {
      return whole < 0 ? -LIMIT : LIMIT;
    }
    return Math.max(-LIMIT, Math.min(LIMIT, whole * numerator + part(rest, bias)));
  }

  /** {@code (rest * numerator + bias) / denominator}, where rest is below the denominator. */
  private long part(long rest, long bias) {
    if (fits) {
      return (rest * numerator + bias) / denominator;
    }
    return BigInteger.valueOf(rest)
        .multiply(BigInteger.valueOf(numerator))
        .add(BigInteger.valueOf(bias))
        .divide(BigInteger.valueOf(denominator))
        .longValueExact();
  }
}
