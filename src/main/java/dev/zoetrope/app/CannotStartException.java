package dev.zoetrope.app;

import java.io.IOException;

/** The application cannot start; the message tells the operator what to do about it. */
public final class CannotStartException extends IOException {
  private static final long serialVersionUID = 1L;

  CannotStartException(String message) {
    super(message);
  }
}
