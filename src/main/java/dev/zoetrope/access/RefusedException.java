package dev.zoetrope.access;

import java.time.Duration;
import java.util.List;

/** Something is not done; the message says why, for people. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** What is wanted has mistakes. */
    MISTAKES,
    /** Name and password, or the token of the setup, are not right. */
    WRONG,
    /** Too many were wrong: it may be tried again after a while. */
    TOO_SOON,
    /** There is no such account, token or link. */
    NOT_THERE,
    /** It has been changed since it was got. */
    CHANGED_SINCE,
    /** What is there does not allow it: the last administrator, a second setup, too many. */
    CONFLICT,
    /** It cannot be written. */
    NOT_WRITTEN
  }

  /**
   * What is wrong with one value.
   *
   * @param value as given, empty where it is secret
   */
  public record Fault(String key, String value, String expected) {}

  private final Reason reason;
  private final transient List<Fault> faults;
  private final Duration patience;

  private RefusedException(Reason reason, String message, List<Fault> faults, Duration patience) {
    super(message);
    this.reason = reason;
    this.faults = List.copyOf(faults);
    this.patience = patience;
  }

  RefusedException(Reason reason, String message) {
    this(reason, message, List.of(), Duration.ZERO);
  }

  static RefusedException mistake(String key, String value, String expected) {
    return new RefusedException(
        Reason.MISTAKES,
        key + ": " + expected,
        List.of(new Fault(key, value, expected)),
        Duration.ZERO);
  }

  static RefusedException tooSoon(Duration patience) {
    long seconds = Math.max(1, patience.plusMillis(999).toSeconds());
    return new RefusedException(
        Reason.TOO_SOON,
        "too many wrong tries; the next one is taken in " + seconds + " s",
        List.of(),
        Duration.ofSeconds(seconds));
  }

  public Reason reason() {
    return reason;
  }

  /** What is wrong; none unless the reason is that. */
  public List<Fault> faults() {
    return faults;
  }

  /** How long to wait, in whole seconds; zero unless the reason is that. */
  public Duration patience() {
    return patience;
  }
}
