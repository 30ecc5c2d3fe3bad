package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.util.List;
import java.util.Set;

/**
 * A share link as nodes tell each other of it: enough to know it when somebody shows it, and not
 * enough to make one. Immutable.
 *
 * @param link with the ids that its sources have at the node that knows it
 * @param sha256 of its value, in hexadecimal digits
 * @param path ids of the nodes that it came through, the first where it was made; empty if that is
 *     here
 */
public record HandedLink(Link link, String sha256, List<String> path) {
  public HandedLink {
    path = List.copyOf(path);
  }

  /** Whether the other one, perhaps null, is the same link, whichever way it came. */
  boolean isAs(HandedLink other) {
    return other != null && link.equals(other.link) && sha256.equals(other.sha256);
  }

  /** The same for other sources, at least one. */
  public HandedLink with(Set<SourceId> sources) {
    return new HandedLink(
        new Link(
            link.id(),
            link.title(),
            sources,
            link.ways(),
            link.createdAt(),
            link.expiresAt(),
            link.maxViewers()),
        sha256,
        path);
  }
}
