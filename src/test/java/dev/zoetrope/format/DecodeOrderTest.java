package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DecodeOrderTest {
  @Test
  void dtsIsTheSortedPtsDelayedByTheWindow() {
    assertThat(dts(new DecodeOrder(2, 16), 0, 2, 6, 4, 3, 5, 10, 8, 7, 9))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void dtsIsThePtsWithoutDelay() {
    assertThat(dts(new DecodeOrder(0, 0), 0, 5, 6, 9)).containsExactly(5, 6, 9);
  }

  @Test
  void tooSmallADelayIsFoundOut() {
    assertThat(dts(new DecodeOrder(0, 16), 0, 2, 6, 4, 3, 5, 10, 8, 7, 9, 14, 12, 11, 13))
        .containsExactly(2, 6, 6, 6, 6, 6, 6, 7, 8, 9, 10, 11, 12);
  }

  @Test
  void soundThatGoesBackStandsStill() {
    assertThat(dts(new DecodeOrder(0, 0), 0, 5, 6, 2, 3, 9)).containsExactly(5, 6, 6, 6, 9);
  }

  @Test
  void dtsNeverGoesBackWhateverThePts() {
    Random random = new Random(1);

    for (int delay = 0; delay < 40; delay++) {
      DecodeOrder order = new DecodeOrder(delay, 16);
      long before = Long.MIN_VALUE;
      for (int i = 0; i < 1000; i++) {
        long dts = order.dts(random.nextInt(100), random.nextInt(100));
        assertThat(dts).isGreaterThanOrEqualTo(before);
        before = dts;
      }
    }
  }

  private static long[] dts(DecodeOrder order, long start, long... pts) {
    long[] dts = new long[pts.length];
    for (int i = 0; i < pts.length; i++) {
      dts[i] = order.dts(pts[i], start);
    }
    return dts;
  }
}
