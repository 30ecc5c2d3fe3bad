package dev.zoetrope.capture;

import java.io.IOException;

/** A source came to its proper end, as a file does that is played once: nothing is to be mended. */
final class SourceEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  SourceEndedException(String message) {
    super(message);
  }
}
