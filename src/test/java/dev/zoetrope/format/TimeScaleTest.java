package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeScaleTest {
  @Test
  void resultsAreExactForAllValues() {
    Random random = new Random(1);

    for (int i = 0; i < 200_000; i++) {
      long value = random.nextLong() >> (1 + random.nextInt(63));
      long numerator = Math.max(1, random.nextLong() >>> (2 + random.nextInt(62)));
      long denominator = Math.max(1, random.nextLong() >>> (2 + random.nextInt(62)));
      TimeScale scale = new TimeScale(numerator, denominator);

      assertThat(scale.floor(value)).isEqualTo(exact(value, numerator, denominator, false));
      assertThat(scale.round(value)).isEqualTo(exact(value, numerator, denominator, true));
    }
  }

  private static long exact(long value, long numerator, long denominator, boolean rounds) {
    BigInteger two = BigInteger.TWO;
    BigInteger divisor = BigInteger.valueOf(denominator);
    BigInteger dividend = BigInteger.valueOf(value).multiply(BigInteger.valueOf(numerator));
    if (rounds) {
      dividend = dividend.multiply(two).add(divisor);
      divisor = divisor.multiply(two);
    }
    BigInteger limit = BigInteger.valueOf(TimeScale.LIMIT);
    return floorDivide(dividend, divisor).max(limit.negate()).min(limit).longValueExact();
  }

  private static BigInteger floorDivide(BigInteger dividend, BigInteger divisor) {
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  @Test
  void ticksBecomeMicrosecondsRoundedToTheNearest() {
    TimeScale scale = new TimeScale(1_000_000, 48_000);

    assertThat(scale.round(1024)).isEqualTo(21_333);
    assertThat(scale.round(27_039)).as("563312.5").isEqualTo(563_313);
    assertThat(new TimeScale(1001L * 1_000_000, 30_000).round(1_000_000_000_000L))
        .isEqualTo(33_366_666_666_666_667L);
  }
}
