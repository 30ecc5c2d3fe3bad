package dev.zoetrope.capture;

import java.io.IOException;

/**
 * The source announces sound that does not come while ffmpeg looks for it, so that it cannot begin:
 * a transport stream whose sound starts later, or never.
 */
final class SoundMissingException extends IOException {
  private static final long serialVersionUID = 1L;

  SoundMissingException(String message) {
    super(message);
  }
}
