package dev.zoetrope.monitor;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.media.Format;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** Makes rates of one source's counters. Confined to one thread. */
final class Meter {
  /** Rates for people are of so many readings: single pictures do not make them jump. */
  private static final int WINDOW = 5;

  private static final MathContext DIGITS = new MathContext(2);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Deque<Mark> marks = new ArrayDeque<>(); // the newest last
  private Mark atPoint; // where the present point of the hour began; null before the first reading
  private Reading newest; // null before the first

  private long cpuNanos = -1; // used when asked last; -1: nothing is known
  private long cpuAskedNanos;
  private double cpu = Double.NaN;

  /** What the counters said at that time. */
  private record Mark(long nanos, long bytesIn, long bytesOut, long pictures) {
    double perSecond(long count, long nanosLater) {
      return nanosLater <= nanos ? Double.NaN : count * NANOS_PER_SECOND / (nanosLater - nanos);
    }
  }

  /**
   * What its processes have used of the processor.
   *
   * @param used nanoseconds; empty if it has none, or nobody knows
   */
  void cpu(OptionalLong used, long nanoTime) {
    if (used.isEmpty()) {
      cpuNanos = -1;
      cpu = Double.NaN;
      return;
    }
    boolean isComparable = cpuNanos >= 0 && used.getAsLong() >= cpuNanos; // none has ended since
    if (isComparable && nanoTime > cpuAskedNanos) {
      cpu = 100.0 * (used.getAsLong() - cpuNanos) / (nanoTime - cpuAskedNanos);
    }
    cpuNanos = used.getAsLong();
    cpuAskedNanos = nanoTime;
  }

  Sample take(Reading reading, long nanoTime) {
    newest = reading;
    Mark now = mark(reading, nanoTime);
    if (atPoint == null) {
      atPoint = now;
    }
    marks.addLast(now);
    if (marks.size() > WINDOW + 1) {
      marks.removeFirst();
    }
    Mark before = marks.getFirst();
    Map<Format, Integer> ways = new EnumMap<>(Format.class);
    reading
        .turnover()
        .formats()
        .forEach(
            (format, stats) -> {
              if (stats.viewers() > 0) {
                ways.put(format, stats.viewers());
              }
            });
    return new Sample(
        reading.id(),
        reading.stats().state(),
        reading.stats().capture().why().map(why -> why.cause().name()),
        reading.stats().capture().why().map(Diagnosis::words),
        reading.stats().capture().since(),
        reading.stats().viewers(),
        ways,
        rounded(before.perSecond(now.bytesIn - before.bytesIn, nanoTime)),
        rounded(before.perSecond(now.bytesOut - before.bytesOut, nanoTime)),
        rounded(before.perSecond(now.pictures - before.pictures, nanoTime)),
        rounded(cpu));
  }

  /** What there was since the last point, or the first reading. */
  Point point(long nanoTime) {
    Mark before = atPoint;
    Mark now = mark(newest, nanoTime);
    atPoint = now;
    return new Point(
        newest.stats().viewers(),
        before.perSecond(now.bytesIn - before.bytesIn, nanoTime),
        before.perSecond(now.bytesOut - before.bytesOut, nanoTime),
        before.perSecond(now.pictures - before.pictures, nanoTime),
        cpu);
  }

  private static Mark mark(Reading reading, long nanoTime) {
    return new Mark(
        nanoTime, reading.turnover().bytesIn(), reading.bytesOut(), reading.turnover().pictures());
  }

  private static double rounded(double value) {
    return Double.isNaN(value) ? value : new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
