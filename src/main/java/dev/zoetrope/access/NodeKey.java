package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a follower shows to have sources of this node; the key itself is not kept.
 *
 * @param id 16 hexadecimal digits, a part of the key
 * @param sources which it may have; empty: all
 * @param limit of what a follower is sent, bits a second; empty: none
 * @param sha256 of the whole key, in hexadecimal digits
 * @param lastUsed to the minute
 */
public record NodeKey(
    String id,
    String title,
    Set<SourceId> sources,
    OptionalInt limit,
    String sha256,
    Instant createdAt,
    Optional<Instant> lastUsed) {
  /** The least and the most that {@link #limit} may be. */
  public static final int LEAST_LIMIT = 64_000;

  public static final int MOST_LIMIT = 900_000_000;

  public NodeKey {
    sources = Set.copyOf(sources);
  }

  /** Whether it is for that source. */
  boolean isFor(SourceId source) {
    return sources.isEmpty() || sources.contains(source);
  }

  NodeKey used(Instant now) {
    return new NodeKey(id, title, sources, limit, sha256, createdAt, Optional.of(now));
  }

  /** Whether both let in to the same. */
  boolean isAs(NodeKey other) {
    return sources.equals(other.sources)
        && limit.equals(other.limit)
        && sha256.equals(other.sha256);
  }
}
