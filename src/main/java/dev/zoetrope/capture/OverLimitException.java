package dev.zoetrope.capture;

import java.io.IOException;

/** A process took more than {@link ProcessLimits} allow, and was killed for it. */
final class OverLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  OverLimitException(String message) {
    super(message);
  }
}
