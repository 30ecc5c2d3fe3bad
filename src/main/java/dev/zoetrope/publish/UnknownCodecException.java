package dev.zoetrope.publish;

import java.io.IOException;

/** The pictures are of a codec that cannot be taken; the message says what to set instead. */
final class UnknownCodecException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownCodecException(String message) {
    super(message);
  }
}
