package dev.zoetrope.access;

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
}
