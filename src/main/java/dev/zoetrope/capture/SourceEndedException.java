package dev.zoetrope.capture;

import java.io.IOException;

/** All has been shown that was to be shown once. */
final class SourceEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  SourceEndedException(String message) {
    super(message);
  }
}
