package dev.zoetrope.capture;

import java.io.IOException;

/** A source's address leads to one of {@link DeniedHosts}; the message says how, for people. */
final class DeniedHostException extends IOException {
  private static final long serialVersionUID = 1L;

  DeniedHostException(String message) {
    super(message);
  }
}
