package dev.zoetrope.channel;

import dev.zoetrope.access.Protection;
import java.util.Objects;
import java.util.Set;

/**
 * Who may watch a source. Immutable.
 *
 * @param origins pages whose scripts may open its WebSockets as who is signed in, beside our own:
 *     scheme, host and port as browsers write them, at most {@value #MOST_ORIGINS}
 */
public record Audience(Protection protection, Set<String> origins) {
  /** So many pages can be named. */
  public static final int MOST_ORIGINS = 32;

  /** Everybody, from any page. */
  public static final Audience EVERYBODY = new Audience(Protection.PUBLIC, Set.of());

  public Audience {
    Objects.requireNonNull(protection, "protection");
    origins = Set.copyOf(origins);
    if (origins.size() > MOST_ORIGINS) {
      throw new IllegalArgumentException(
          "origins: expected at most " + MOST_ORIGINS + ", got " + origins.size());
    }
  }
}
