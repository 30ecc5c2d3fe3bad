package dev.zoetrope.config;

import java.util.List;

/** A source stays as it is. The message says why, for people. */
public final class EditRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** What is wanted has mistakes. */
    MISTAKES,
    /** There is no such source. */
    NOT_THERE,
    /** The file is not the one that the caller has seen. */
    CHANGED_SINCE,
    /** The caller did not say which it has seen. */
    CONDITION_MISSING,
    /** Somebody else is editing it at this moment. */
    BUSY,
    /** There are as many sources as the limit allows. */
    TOO_MANY,
    /** The new settings do not bring a picture. */
    DOES_NOT_START,
    /** The file cannot be written. */
    NOT_WRITTEN
  }

  private final Reason reason;
  private final transient List<Mistake> mistakes;

  EditRefusedException(Reason reason, String message) {
    this(reason, message, List.of());
  }

  EditRefusedException(Reason reason, String message, List<Mistake> mistakes) {
    super(message);
    this.reason = reason;
    this.mistakes = List.copyOf(mistakes);
  }

  public Reason reason() {
    return reason;
  }

  /** What is wrong; none unless the reason is that. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
