package dev.zoetrope.capture;

import dev.zoetrope.media.Track;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What {@link Measurement} found out about a track. Immutable.
 *
 * @param track as announced
 * @param name what people call its codec: {@code H.264 High}
 * @param fps packets a second; empty where too few came to tell
 * @param keyframeSeconds from one keyframe to the next, on the average; empty where no second one
 *     came
 * @param longestKeyframeSeconds the longest of these distances
 * @param bitsPerSecond 0 where too few packets came to tell
 * @param isReordered whether packets come before some that are shown earlier: B-frames
 * @param isUneven whether the distances between packets vary
 * @param stampedFps what the packets' own times say, where they come more slowly than that
 * @param changesSize whether the picture's size changed meanwhile
 */
public record MeasuredTrack(
    Track track,
    String name,
    OptionalDouble fps,
    OptionalDouble keyframeSeconds,
    OptionalDouble longestKeyframeSeconds,
    long bitsPerSecond,
    boolean isReordered,
    boolean isUneven,
    OptionalDouble stampedFps,
    boolean changesSize) {
  public MeasuredTrack {
    Objects.requireNonNull(track, "track");
    Objects.requireNonNull(name, "name");
  }
}
