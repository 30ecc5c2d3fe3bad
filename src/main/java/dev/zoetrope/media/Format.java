package dev.zoetrope.media;

import java.util.Locale;
import java.util.Optional;

/** How a rendition is coded and packed for browsers. */
public enum Format {
  /** Endless animated GIF. */
  GIF,
  /** JPEG pictures one after the other. */
  MJPEG,
  /** MPEG-1 video and MP2 sound in an MPEG transport stream. */
  MPEG1,
  /** Fragmented MP4, a fragment per frame. */
  FMP4;

  /** The word in configuration and addresses: {@code gif}, {@code mjpeg}, {@code mpeg1}, … */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The format that configuration and addresses call {@code word}. */
  public static Optional<Format> ofWord(String word) {
    for (Format format : values()) {
      if (format.word().equals(word)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
