package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * The blocks of a GIF around the pixels: the head of the file, of each image, and the time stamp.
 *
 * @see "GIF89a specification, 17 to 24; Netscape's application extension for looping"
 */
final class GifImage {
  /** Most bytes that {@link #putHead} writes after the prefix. */
  static final int MAX_HEAD_SIZE = 8 + 10 + GifPalette.TABLE_SIZE;

  /** Most bytes of a {@link #stamp}. */
  static final int MAX_STAMP_SIZE = 64;

  /** Widest and highest picture that a GIF can have. */
  static final int MAX_SIDE = 65535;

  /**
   * Browsers stretch a delay of 0 or 1 to 10 hundredths. They show an image that comes later than
   * its time at once, so one that is too short never makes a viewer fall behind.
   */
  private static final int DELAY_HUNDREDTHS = 2;

  private static final int EXTENSION = 0x21;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int APPLICATION = 0xff;
  private static final int COMMENT = 0xfe;
  private static final int IMAGE = 0x2c;
  private static final int KEEP_IN_PLACE = 1 << 2;
  private static final int HAS_TRANSPARENT = 1;
  private static final int LOCAL_TABLE_OF_256 = 0x87;
  private static final int COLOUR_RESOLUTION_8 = 0x70;

  /** Whether an image leaves pixels as they were. */
  enum Cover {
    ALL,
    CHANGES
  }

  private GifImage() {}

  /** Header, logical screen descriptor without a global table, and the extension for looping. */
  static Bytes fileHead(int width, int height) {
    byte[] loop = "NETSCAPE2.0".getBytes(StandardCharsets.US_ASCII);
    byte[] header = "GIF89a".getBytes(StandardCharsets.US_ASCII);
    Bytes screen =
        Bytes.of(width, width >> 8, height, height >> 8, COLOUR_RESOLUTION_8, 0, 0); // no aspect
    return Bytes.concat(
        Bytes.owning(header),
        screen,
        Bytes.of(EXTENSION, APPLICATION, loop.length),
        Bytes.owning(loop),
        Bytes.of(3, 1, 0, 0, 0)); // sub-block 1: repeat for ever
  }

  /**
   * A comment {@code X-Timestamp: <seconds>.<micros>}.
   *
   * @param micros since 1970, not negative
   */
  static Bytes stamp(long micros) {
    String fraction = Long.toString(1_000_000 + micros % 1_000_000);
    String text = "X-Timestamp: " + micros / 1_000_000 + "." + fraction.substring(1);
    byte[] comment = text.getBytes(StandardCharsets.US_ASCII);
    return Bytes.concat(
        Bytes.of(EXTENSION, COMMENT, comment.length), Bytes.owning(comment), Bytes.of(0));
  }

  /** Writes {@code prefix}, a graphic control extension, an image descriptor, a local table. */
  static void putHead(
      GifLzw out,
      Bytes prefix,
      Cover cover,
      int left,
      int top,
      int width,
      int height,
      GifPalette palette) {
    out.put(prefix);
    out.put(EXTENSION);
    out.put(GRAPHIC_CONTROL);
    out.put(4);
    out.put(KEEP_IN_PLACE | (cover == Cover.CHANGES ? HAS_TRANSPARENT : 0));
    out.putShort(DELAY_HUNDREDTHS);
    out.put(cover == Cover.CHANGES ? GifPalette.TRANSPARENT : 0);
    out.put(0);
    out.put(IMAGE);
    out.putShort(left);
    out.putShort(top);
    out.putShort(width);
    out.putShort(height);
    out.put(LOCAL_TABLE_OF_256);
    out.put(palette.table());
  }
}
