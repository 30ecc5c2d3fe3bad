package dev.zoetrope.channel;

import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.feed.FeedStats;
import java.util.Map;

/**
 * Figures of one channel at one moment.
 *
 * @param capture what the capture is doing, and why
 * @param viewers connected now, of all renditions
 * @param renditions figures of those that run, by name
 */
public record ChannelStats(CaptureStats capture, int viewers, Map<String, FeedStats> renditions) {
  public ChannelStats {
    renditions = Map.copyOf(renditions);
  }

  /** The word of the capture's state: {@code live}. */
  public String state() {
    return capture.state().word();
  }

  /**
   * Why it is not live, for anybody: without addresses, which {@link #capture} has. Empty if it is
   * live, or nothing is known.
   */
  public String cause() {
    return capture.why().map(Diagnosis::inGeneral).map(Diagnosis::words).orElse("");
  }

  /** What to do about it, for anybody; may be empty. */
  public String advice() {
    return capture.why().map(Diagnosis::advice).orElse("");
  }

  /** Whether viewers see a card, and not because it has just been started. */
  public boolean isLost() {
    return switch (capture.state()) {
      case STALLED, WAITING, FAILED, ENDED -> true;
      case IDLE, STARTING, LIVE -> false;
    };
  }
}
