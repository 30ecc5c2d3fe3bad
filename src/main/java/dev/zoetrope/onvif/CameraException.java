package dev.zoetrope.onvif;

/** A camera gave no addresses of streams; the message says why, for people, without credentials. */
public final class CameraException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Nobody is there, or nobody answers in time. */
    UNREACHABLE,
    CREDENTIALS_MISSING,
    CREDENTIALS_REFUSED,
    /** What answers does not speak ONVIF, or breaks its rules. */
    NOT_ONVIF,
    /** It speaks ONVIF, and says no for a reason of its own. */
    REFUSED,
    NO_STREAM
  }

  private final Reason reason;

  CameraException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  CameraException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
