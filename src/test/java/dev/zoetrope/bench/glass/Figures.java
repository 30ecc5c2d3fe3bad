package dev.zoetrope.bench.glass;

import java.util.Arrays;

/** Some figures of one kind, sorted. */
final class Figures {
  private final double[] sorted;

  Figures(double... figures) {
    sorted = figures.clone();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  double median() {
    return percentile(50);
  }

  /** Not a number if there are none. */
  double percentile(int percent) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  double most() {
    return percentile(100);
  }
}
