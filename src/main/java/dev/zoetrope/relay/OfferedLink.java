package dev.zoetrope.relay;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A share link that an origin knows, by which people may watch here, too. Immutable.
 *
 * @param sha256 of its value, in hexadecimal digits
 * @param path ids of the nodes that it came through, the first where it was made
 * @param sources ids there; at least one
 * @param ways of watching, as at the end of addresses; empty: all
 * @param maxViewers at the same time; empty: any number
 */
public record OfferedLink(
    String id,
    String sha256,
    List<String> path,
    Set<SourceId> sources,
    Set<String> ways,
    Instant expiresAt,
    OptionalInt maxViewers) {
  public OfferedLink {
    path = List.copyOf(path);
    sources = Set.copyOf(sources);
    ways = Set.copyOf(ways);
  }
}
