package dev.zoetrope.media;

import java.io.IOException;

/**
 * The bytes are not what their format says they must be. The message names the format, the place,
 * what was expected and what was found.
 */
public final class MalformedMediaException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A message such as {@code NUT at byte 81920: stream header of 3 bytes}. */
  public MalformedMediaException(String message) {
    super(message);
  }
}
