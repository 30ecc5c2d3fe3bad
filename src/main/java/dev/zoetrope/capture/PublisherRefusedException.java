package dev.zoetrope.capture;

import java.time.Duration;

/** A publisher is not let in; the message says why, for people, without the key. */
public final class PublisherRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    WRONG_KEY,
    /** Too many keys were wrong: this one was not looked at. */
    TOO_SOON,
    OCCUPIED,
    STOPPING
  }

  private final Reason reason;
  private final Duration patience;

  public PublisherRefusedException(Reason reason, String message) {
    this(reason, message, Duration.ZERO);
  }

  private PublisherRefusedException(Reason reason, String message, Duration patience) {
    super(message);
    this.reason = reason;
    this.patience = patience;
  }

  static PublisherRefusedException tooSoon(Duration patience) {
    long seconds = Math.max(1, patience.plusMillis(999).toSeconds());
    return new PublisherRefusedException(
        Reason.TOO_SOON,
        "too many wrong keys; the next one is looked at in " + seconds + " s",
        Duration.ofSeconds(seconds));
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** How long to wait, in whole seconds; zero unless that is the reason. */
  public Duration patience() {
    return patience;
  }
}
