package dev.zoetrope.capture;

import java.time.Duration;
import java.util.Objects;

/**
 * Why a source does not work, in plain words. Immutable.
 *
 * @param words what is wrong, a sentence without a full stop: {@code the camera refuses the
 *     password}
 * @param advice what to do about it, a sentence; may be empty
 */
public record Diagnosis(Cause cause, String words, String advice) {
  /** What is wrong, for programs. */
  public enum Cause {
    NOBODY_PUBLISHES,
    ENDED,
    STALLED,
    NO_START,
    WRONG_PASSWORD,
    FORBIDDEN,
    DENIED_HOST,
    NO_SUCH_HOST,
    HOST_DOWN,
    PORT_CLOSED,
    TIMED_OUT,
    NO_SUCH_STREAM,
    SERVER_FAILED,
    NO_SUCH_FILE,
    BROKEN_DATA,
    NO_PICTURE,
    UNSUPPORTED_CODEC,
    DEVICE_MISSING,
    DEVICE_BUSY,
    DEVICE_UNFIT,
    NO_DISPLAY,
    OFF_SCREEN,
    NO_PERMISSION,
    USB_BANDWIDTH,
    ADDRESS_IN_USE,
    TLS,
    NO_PROGRAM,
    OVER_LIMIT,
    SERVER_ERROR,
    UNKNOWN;

    /** Whether no further attempt can mend it: somebody has to change something. */
    public boolean needsHand() {
      return switch (this) {
        case WRONG_PASSWORD,
            FORBIDDEN,
            DENIED_HOST,
            NO_PERMISSION,
            NO_PROGRAM,
            UNSUPPORTED_CODEC,
            TLS ->
            true;
        default -> false;
      };
    }
  }

  /**
   * @param silence for how long, for people
   */
  static Diagnosis stalled(String silence) {
    return new Diagnosis(
        Cause.STALLED,
        "no picture for " + silence + ", without an error",
        "It is started anew by itself. If that happens often, look at the network and at how busy"
            + " the camera is.");
  }

  static Diagnosis noStart(Duration startTimeout) {
    return new Diagnosis(
        Cause.NO_START,
        "no picture within " + startTimeout.toSeconds() + " s, and no error",
        "See whether the source sends anything; where it is only slow, set a longer startTimeout.");
  }

  static Diagnosis nobodyPublishes(String words) {
    return new Diagnosis(
        Cause.NOBODY_PUBLISHES,
        words,
        "Start the program that sends the picture; the page of this source tells address and key.");
  }

  public Diagnosis {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(words, "words");
    Objects.requireNonNull(advice, "advice");
  }
}
