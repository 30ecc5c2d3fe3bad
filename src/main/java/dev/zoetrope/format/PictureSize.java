package dev.zoetrope.format;

import dev.zoetrope.media.MalformedMediaException;

/** The bounds of a picture in MP4: the sample entry has 16 bits for each side. */
final class PictureSize {
  private static final int MOST = 65535;

  private PictureSize() {}

  /** Refuses a picture without pixels or with too many. */
  static void check(String what, long width, long height) throws MalformedMediaException {
    if (width < 1 || height < 1 || width > MOST || height > MOST) {
      throw new MalformedMediaException(what + ": picture of " + width + "x" + height + " pixels");
    }
  }
}
