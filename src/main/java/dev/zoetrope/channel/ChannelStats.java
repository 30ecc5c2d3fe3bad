package dev.zoetrope.channel;

import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.feed.FeedStats;
import java.util.Map;

/**
 * Figures of one channel at one moment.
 *
 * @param state what the capture is doing: {@code idle}, {@code starting}, {@code live} or {@code
 *     waiting}
 * @param restarts how often it began again after a failure
 * @param cause why it failed last, for people; empty if it never did
 * @param viewers connected now, of all renditions
 * @param renditions figures of those that run, by name
 */
public record ChannelStats(
    String state, long restarts, String cause, int viewers, Map<String, FeedStats> renditions) {
  public ChannelStats {
    renditions = Map.copyOf(renditions);
  }

  /** Whether the source failed and has not come back yet. */
  public boolean isLost() {
    return state.equals(CaptureState.WAITING.word());
  }
}
