package dev.zoetrope.access;

import java.util.Locale;
import java.util.Optional;

/** What an account or a token may do; each may what those before it may. */
public enum Role {
  /** Somebody who did not say who they are. */
  NOBODY,
  /** Watches the sources that are named for it. */
  VIEWER,
  /** Watches all, starts and stops them; sees no secret and changes no setting. */
  OPERATOR,
  /** All. */
  ADMIN;

  /** Whether this may do what {@code needed} may. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As in JSON and files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that an account or a token can have; empty if there is none of that word. */
  public static Optional<Role> ofWord(String word) {
    for (Role role : values()) {
      if (role != NOBODY && role.word().equals(word)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
