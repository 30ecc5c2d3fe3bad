package dev.zoetrope.capture;

/** A publisher is not let in; the message says why, for people, without the key. */
public final class PublisherRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    WRONG_KEY,
    OCCUPIED,
    STOPPING
  }

  private final Reason reason;

  public PublisherRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
