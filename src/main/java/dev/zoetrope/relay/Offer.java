package dev.zoetrope.relay;

import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import java.util.List;

/**
 * What an origin says of one of its sources.
 *
 * @param path ids of the nodes that its pictures come through, the first where it is captured, the
 *     last the origin's own
 * @param state as in {@code GET /live/}
 * @param hasPicture whether there is, or may be, more of it than sound
 * @param access who may watch it there: the word of the configuration
 * @param hasPackets whether the source's own packets can be had
 */
public record Offer(
    SourceId id,
    String title,
    List<String> path,
    String state,
    boolean hasPicture,
    String access,
    List<Rendition> renditions,
    boolean hasPackets) {
  public Offer {
    path = List.copyOf(path);
    renditions = List.copyOf(renditions);
  }

  /** Whether the origin has it, and it is sound alone. */
  boolean isSound() {
    return state.equals("live") && !hasPicture;
  }

  /** Whether the origin has no picture of it, and knows it. */
  boolean isLost() {
    return switch (state) {
      case "stalled", "waiting", "failed", "ended", "off" -> true;
      default -> false;
    };
  }
}
