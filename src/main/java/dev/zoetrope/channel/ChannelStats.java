package dev.zoetrope.channel;

import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.feed.FeedStats;
import java.util.Map;

/**
 * Figures of one channel at one moment.
 *
 * @param capture what the capture is doing
 * @param viewers connected now, of all renditions
 * @param renditions figures of those that run, by name
 */
public record ChannelStats(CaptureStats capture, int viewers, Map<String, FeedStats> renditions) {
  public ChannelStats {
    renditions = Map.copyOf(renditions);
  }
}
