package dev.zoetrope.capture;

import java.io.IOException;

/** A source announces sound that does not come, or that NUT cannot carry: ffmpeg cannot begin. */
final class SoundMissingException extends IOException {
  private static final long serialVersionUID = 1L;

  SoundMissingException(String message) {
    super(message);
  }
}
