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

  /**
   * The same for anybody: without addresses, without names of files and devices, and without what a
   * program wrote.
   */
  public Diagnosis inGeneral() {
    String general =
        switch (cause) {
          case STALLED, NO_START, ENDED, OVER_LIMIT -> words; // ours, of which none has a place
          case NOBODY_PUBLISHES -> "nobody publishes at the moment";
          case WRONG_PASSWORD ->
              "the camera or server refuses the user name, the password or the passphrase";
          case FORBIDDEN -> "the camera or server knows who asks, and refuses";
          case DENIED_HOST -> "its host is on the list of those that are never connected to";
          case NO_SUCH_HOST -> "nobody knows the host name of the camera or server";
          case HOST_DOWN -> "the camera or server cannot be reached";
          case PORT_CLOSED -> "the camera or server is there, but does not accept connections";
          case TIMED_OUT -> "the camera or server does not answer";
          case NO_SUCH_STREAM -> "the camera or server answers, but has no stream of this name";
          case SERVER_FAILED -> "the camera or server answers with an error of its own";
          case TLS -> "no encrypted connection with the camera or server came about";
          case NO_SUCH_FILE -> "its file or folder is not there";
          case NO_PERMISSION -> "it may not be read by the server's user";
          case BROKEN_DATA -> "it gives nothing that could be read as a video";
          case NO_PICTURE -> "it has sound, but no picture";
          case UNSUPPORTED_CODEC -> "it has a codec that this server does not know";
          case DEVICE_MISSING -> "the camera is not there";
          case DEVICE_BUSY -> "the camera is used by another program";
          case DEVICE_UNFIT -> "the device is no camera, or does not have this format and size";
          case USB_BANDWIDTH -> "the USB bus has no room left for the camera";
          case NO_DISPLAY -> "the display cannot be opened";
          case OFF_SCREEN -> "the part to be shown is not all on the display";
          case ADDRESS_IN_USE -> "another program already listens where this source does";
          case NO_PROGRAM -> "a program that it needs is missing";
          case SERVER_ERROR -> "the server made a mistake";
          case UNKNOWN -> "it does not work, and nobody knows why";
        };
    return new Diagnosis(cause, general, advice);
  }

  public Diagnosis {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(words, "words");
    Objects.requireNonNull(advice, "advice");
  }
}
