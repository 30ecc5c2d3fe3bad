package dev.zoetrope.web;

import dev.zoetrope.media.Rendition;
import java.util.List;

/**
 * A source that other nodes can have, at one moment.
 *
 * @param path ids of the nodes that its pictures come through, this one last
 * @param state as {@code GET /live/} tells it
 * @param hasPicture whether there is, or may be, more of it than sound
 * @param access who may watch it here
 * @param hasPackets whether its own packets can be had
 */
record Offer(
    String id,
    String title,
    List<String> path,
    String state,
    boolean hasPicture,
    String access,
    List<Rendition> renditions,
    boolean hasPackets) {
  Offer {
    path = List.copyOf(path);
    renditions = List.copyOf(renditions);
  }
}
