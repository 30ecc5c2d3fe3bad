package dev.zoetrope.capture;

import java.io.IOException;

/** The source's pictures have a codec that NUT cannot carry, WebP for one. */
final class UncopiablePictureException extends IOException {
  private static final long serialVersionUID = 1L;

  UncopiablePictureException(String message) {
    super(message);
  }
}
