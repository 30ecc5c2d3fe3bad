package dev.zoetrope.access;

/** Somebody is not let in; the message says, for people, what would be needed. */
public final class DeniedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a door answers. */
  public enum Reason {
    /** HTTP 401: it is not known who this is, or what they showed is wrong. */
    UNKNOWN,
    /** HTTP 403: known, and not allowed; a link that is revoked, expired, or for something else. */
    FORBIDDEN,
    /** HTTP 503 with Retry-After: a link has as many viewers as it may. */
    FULL
  }

  private final Reason reason;

  /** Why, and what was expected. */
  public DeniedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What a door answers. */
  public Reason reason() {
    return reason;
  }
}
