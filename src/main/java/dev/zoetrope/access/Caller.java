package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.util.Locale;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param name of the account, the token or the container's principal; empty for nobody
 * @param sources what a viewer may watch; empty for the other roles
 * @param via how that is known
 */
public record Caller(String name, Role role, Set<SourceId> sources, Via via) {
  /** How it is known who somebody is. */
  public enum Via {
    /** It is not. */
    NONE,
    /** By the cookie of a session. */
    SESSION,
    /** By an API token, or the {@code admin-token} of {@code secrets.yaml}. */
    TOKEN,
    /** By an account's name and password in the request. */
    BASIC,
    /** By the realm of the servlet container. */
    CONTAINER;

    /** As in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Somebody who did not say who they are, or not rightly. */
  public static final Caller NOBODY = new Caller("", Role.NOBODY, Set.of(), Via.NONE);

  public Caller {
    sources = Set.copyOf(sources);
  }

  /** Whether this may watch a source for those who are signed in. */
  public boolean mayWatch(SourceId source) {
    return role.covers(Role.OPERATOR) || (role == Role.VIEWER && sources.contains(source));
  }
}
