package dev.zoetrope.format;

import java.util.Arrays;

/**
 * How long to say that a picture lasts, before anybody knows when the next one comes: three times
 * the usual distance, or the longest recent one. One thread.
 *
 * <p>A browser's media source splits its buffer at a gap of over twice the last duration, and then
 * drops everything up to the next keyframe; that durations overlap does no harm.
 */
final class SampleDurations {
  private static final int RECENT = 32;
  private static final int SECOND = InitSegment.VIDEO_TIMESCALE;

  /** Of ten frames a second: the first frame is not cut off even at two. */
  private static final int FIRST_DISTANCE = SECOND / 10;

  private static final int LONGEST = 10 * SECOND;

  private final int[] distances = new int[RECENT];
  private final int[] sorted = new int[RECENT];
  private int count;

  /** The next frame is decoded {@code distance} ticks after the one before. */
  void add(long distance) {
    distances[count % RECENT] = (int) Math.min(distance, LONGEST);
    count = count == 2 * RECENT ? RECENT + 1 : count + 1;
  }

  /** What to say for the next frame, in ticks. */
  int next() {
    int known = Math.min(count, RECENT);
    if (known == 0) {
      return 3 * FIRST_DISTANCE;
    }
    System.arraycopy(distances, 0, sorted, 0, known);
    Arrays.sort(sorted, 0, known);
    int usual = sorted[known / 2];
    // An interruption is no jitter: it would make every frame's end lie far in the future.
    int longest = Math.min(sorted[known - 1], SECOND);
    return Math.max(Math.min(3 * usual, LONGEST), longest);
  }
}
