package dev.zoetrope.monitor;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last hour of each source, and of all together: {@value #MOST_POINTS} points, about 7 kB for a
 * source. That of a source ends with it. Thread-safe.
 */
public final class History {
  /** What one point is about. */
  public static final int STEP_SECONDS = 10;

  static final int MOST_POINTS = 360;

  // Guarded by this.
  private final Map<SourceId, Series> bySource = new HashMap<>();
  private final Series all = new Series();
  private long count; // of points so far
  private Instant end = Instant.EPOCH; // of the newest point

  /** The newest point of each source. */
  synchronized void add(Map<SourceId, Point> points, Instant now) {
    bySource.keySet().retainAll(points.keySet());
    Point sum = Point.UNKNOWN;
    for (Map.Entry<SourceId, Point> source : points.entrySet()) {
      bySource.computeIfAbsent(source.getKey(), id -> new Series()).put(count, source.getValue());
      sum = sum.plus(source.getValue());
    }
    all.put(count, sum);
    count++;
    end = now;
  }

  /** Points of which nothing is known. */
  synchronized void skip(long points) {
    for (long i = 0; i < Math.min(points, MOST_POINTS); i++) {
      for (Series series : bySource.values()) {
        series.put(count, Point.UNKNOWN);
      }
      all.put(count, Point.UNKNOWN);
      count++;
    }
  }

  /** That of one source; empty if there is none of that name, or not yet. */
  public synchronized Optional<Hour> of(SourceId id) {
    return Optional.ofNullable(bySource.get(id)).map(this::hour);
  }

  /** The sum of all sources. */
  public synchronized Hour sum() {
    return hour(all);
  }

  private Hour hour(Series series) {
    long first = Math.max(0, count - MOST_POINTS);
    List<Point> points = new ArrayList<>();
    for (long i = first; i < count; i++) {
      points.add(series.at(i));
    }
    return new Hour(end.minusSeconds((count - first) * STEP_SECONDS), points);
  }

  /** A ring of points; what was not put is unknown. */
  private static final class Series {
    private static final int FIGURES = 5;

    private final float[] ring = new float[FIGURES * MOST_POINTS];

    Series() {
      Arrays.fill(ring, Float.NaN);
    }

    void put(long number, Point point) {
      int at = index(number);
      ring[at] = (float) point.viewers();
      ring[at + 1] = (float) point.bytesIn();
      ring[at + 2] = (float) point.bytesOut();
      ring[at + 3] = (float) point.fps();
      ring[at + 4] = (float) point.cpu();
    }

    Point at(long number) {
      int at = index(number);
      return new Point(ring[at], ring[at + 1], ring[at + 2], ring[at + 3], ring[at + 4]);
    }

    private static int index(long number) {
      return FIGURES * (int) (number % MOST_POINTS);
    }
  }
}
