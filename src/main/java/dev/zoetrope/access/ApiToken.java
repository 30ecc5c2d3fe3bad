package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a program shows as {@code Authorization: Bearer}; the token itself is not kept.
 *
 * @param id 16 hexadecimal digits, a part of the token
 * @param sources what a viewer may watch; empty for the other roles
 * @param sha256 of the whole token, in hexadecimal digits
 * @param expiresAt empty: never
 * @param lastUsed to the minute
 */
public record ApiToken(
    String id,
    String title,
    Role role,
    Set<SourceId> sources,
    String sha256,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsed) {
  public ApiToken {
    if (role == Role.NOBODY) {
      throw new IllegalArgumentException("token " + id + ": nobody has no token");
    }
    sources = role == Role.VIEWER ? Set.copyOf(sources) : Set.of();
  }

  boolean isValid(Instant now) {
    return expiresAt.map(now::isBefore).orElse(true);
  }

  ApiToken used(Instant now) {
    return new ApiToken(id, title, role, sources, sha256, createdAt, expiresAt, Optional.of(now));
  }

  /** Whether both let in to the same, for as long. */
  boolean isAs(ApiToken other) {
    return role == other.role
        && sources.equals(other.sources)
        && sha256.equals(other.sha256)
        && expiresAt.equals(other.expiresAt);
  }
}
