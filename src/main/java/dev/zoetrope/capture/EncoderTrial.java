package dev.zoetrope.capture;

import java.util.Objects;

/**
 * What came of trying one hardware encoder of H.264. Immutable.
 *
 * @param name ffmpeg's name of it: {@code h264_vaapi}
 * @param text for people: why it is not used; may be empty
 */
public record EncoderTrial(String name, Outcome outcome, String text) {
  /** What came of it. */
  public enum Outcome {
    /** This ffmpeg does not have it. */
    NOT_BUILT_IN,
    /** Not known yet. */
    TRYING,
    /** It encoded a picture. */
    WORKS,
    /** It did not. */
    FAILED,
    /** It worked when tried, and failed later: no longer used. */
    GIVEN_UP
  }

  public EncoderTrial {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(text, "text");
  }
}
