package dev.zoetrope.format;

/**
 * Finds the dts of packets that have a pts only: the smallest pts of the last decode_delay + 1, as
 * ffmpeg finds it. Never goes back. In ticks of the stream; not thread-safe.
 *
 * <p>Where the header announced too small a delay (ffmpeg's muxer does for x265), a pts before the
 * window gives that away, and the window grows.
 */
final class DecodeOrder {
  /** ffmpeg's MAX_REORDER_DELAY. */
  static final int MAX_DELAY = 16;

  /** Ascending; the first {@code count} are in use. */
  private final long[] window = new long[MAX_DELAY + 1];

  private final int maxDelay;
  private int delay;
  private int count;
  private long firstPts;
  private long firstDts;
  private long lastDts = Long.MIN_VALUE;

  /**
   * @param delay decode_delay of the stream header, taken as {@link #MAX_DELAY} above it
   * @param maxDelay what the delay may grow to: 0 for sound, which is never reordered
   */
  DecodeOrder(int delay, int maxDelay) {
    this.maxDelay = Math.min(maxDelay, MAX_DELAY);
    this.delay = Math.min(delay, this.maxDelay);
  }

  /**
   * The dts of the next packet.
   *
   * @param pts of that packet
   * @param start where the stream's clock stood at the last syncpoint: the dts of the first packet,
   *     as ffmpeg's muxer writes it
   */
  long dts(long pts, long start) {
    if (count == 0) {
      firstPts = pts;
      firstDts = Math.min(start, pts);
    }
    if (count > delay && pts < window[0] && delay < maxDelay) {
      delay++;
    }
    insert(pts);
    long dts = count <= delay ? Math.min(beforeFirstPts(), window[0]) : window[0];
    lastDts = Math.max(lastDts, dts);
    return lastDts;
  }

  private void insert(long pts) {
    int hole = 0;
    if (count <= delay) {
      hole = count++;
      while (hole > 0 && window[hole - 1] > pts) {
        window[hole] = window[hole - 1];
        hole--;
      }
    } else {
      while (hole + 1 < count && window[hole + 1] < pts) {
        window[hole] = window[hole + 1];
        hole++;
      }
    }
    window[hole] = pts;
  }

  /** Even steps from the first dts to the first pts, while the window is not yet full. */
  private long beforeFirstPts() {
    return firstDts + (firstPts - firstDts) * (count - 1) / delay;
  }
}
