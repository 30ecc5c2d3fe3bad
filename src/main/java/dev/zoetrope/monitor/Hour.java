package dev.zoetrope.monitor;

import java.time.Instant;
import java.util.List;

/**
 * What there was lately, the oldest first. Immutable.
 *
 * @param from when the first point began
 * @param points each of {@value History#STEP_SECONDS} s
 */
public record Hour(Instant from, List<Point> points) {
  public Hour {
    points = List.copyOf(points);
  }
}
