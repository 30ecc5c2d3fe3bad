package dev.zoetrope.monitor;

/**
 * One point of the last hour. NaN where nothing is known.
 *
 * @param viewers connected at its end
 * @param bytesIn per second, from the source
 * @param bytesOut per second, to all viewers
 * @param fps pictures per second, from the source
 * @param cpu per cent of one core that processes took
 */
public record Point(double viewers, double bytesIn, double bytesOut, double fps, double cpu) {
  static final Point UNKNOWN =
      new Point(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** The sum; what is unknown adds nothing. */
  Point plus(Point other) {
    return new Point(
        sum(viewers, other.viewers),
        sum(bytesIn, other.bytesIn),
        sum(bytesOut, other.bytesOut),
        sum(fps, other.fps),
        sum(cpu, other.cpu));
  }

  private static double sum(double one, double other) {
    return Double.isNaN(one) ? other : Double.isNaN(other) ? one : one + other;
  }
}
