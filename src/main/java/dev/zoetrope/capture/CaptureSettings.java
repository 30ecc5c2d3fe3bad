package dev.zoetrope.capture;

import java.time.Duration;
import java.util.Objects;

/**
 * How one source is watched over. Immutable.
 *
 * @param startTimeout how long the first packet is waited for, 1 s to 10 min
 * @param stallTimeout how long a source that was live may be silent before it is started anew, 2 s
 *     to 10 min
 */
public record CaptureSettings(Duration startTimeout, Duration stallTimeout, ProcessLimits limits) {
  /** The least stall timeout, at which the card is shown. */
  public static final Duration LEAST_STALL = Duration.ofSeconds(2);

  private static final Duration MOST = Duration.ofMinutes(10);

  /** Where nothing else is said. */
  public static final CaptureSettings DEFAULT =
      new CaptureSettings(Duration.ofSeconds(15), Duration.ofSeconds(5), ProcessLimits.NONE);

  public CaptureSettings {
    Objects.requireNonNull(limits, "limits");
    check("startTimeout", startTimeout, Duration.ofSeconds(1));
    check("stallTimeout", stallTimeout, LEAST_STALL);
  }

  private static void check(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          name + ": expected " + least + " to " + MOST + ", got " + value);
    }
  }
}
