package dev.zoetrope.capture;

/** A source is not looked at. The message says why, for people. */
public final class ProbeRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** As many are looked at as may be at a time. */
    BUSY,
    /** The server stops. */
    STOPPING
  }

  private final Reason reason;

  ProbeRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
