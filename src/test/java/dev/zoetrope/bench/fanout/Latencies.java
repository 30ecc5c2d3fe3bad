package dev.zoetrope.bench.fanout;

import java.util.Arrays;

/** How often which latency was seen, in steps of 0.1 ms, up to 20 s. One thread at a time. */
final class Latencies {
  private static final int STEP_MICROS = 100;

  private final int[] counts = new int[200_000];
  private long total;

  void add(long micros) {
    long step = Math.max(0, micros) / STEP_MICROS;
    counts[(int) Math.min(step, counts.length - 1)]++;
    total++;
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  void addAll(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** In milliseconds; not a number if there is none. */
  double percentile(double percent) {
    long wanted = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < counts.length && total > 0; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return (i + 1) * STEP_MICROS / 1000.0;
      }
    }
    return Double.NaN;
  }
}
