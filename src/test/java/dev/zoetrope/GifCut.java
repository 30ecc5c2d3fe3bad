package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts an endless GIF between two images, and closes it as a file is closed. */
final class GifCut {
  private static final int SCREEN = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int TRAILER = 0x3b;
  private static final int COMMENT = 0xfe;

  private GifCut() {}

  /**
   * One image.
   *
   * @param comment the comment before it; empty without one
   * @param end offset behind its last byte
   */
  record Image(int left, int top, int width, int height, String comment, int end) {}

  /** The images that are there whole. */
  static List<Image> read(byte[] gif) {
    return gif.length <= SCREEN ? List.of() : readBlocks(gif, SCREEN + table(gif[10]));
  }

  /** The images that are there whole of those whose blocks begin at {@code begin}. */
  static List<Image> readBlocks(byte[] gif, int begin) {
    List<Image> images = new ArrayList<>();
    int at = begin;
    String comment = "";
    while (at < gif.length) {
      int block = at;
      if (gif[at] == EXTENSION && at + 1 < gif.length) {
        at = behind(gif, at + 2);
        if ((gif[block + 1] & 0xff) == COMMENT && at >= 0) {
          comment = new String(gif, block + 3, gif[block + 2] & 0xff, US_ASCII);
        }
      } else if (gif[at] == IMAGE && at + 10 <= gif.length) {
        at = behind(gif, at + 11 + table(gif[at + 9])); // LZW minimum code size
        if (at >= 0) {
          images.add(
              new Image(
                  u16(gif, block + 1),
                  u16(gif, block + 3),
                  u16(gif, block + 5),
                  u16(gif, block + 7),
                  comment,
                  at));
          comment = "";
        }
      } else if (gif[at] == EXTENSION || gif[at] == IMAGE) {
        at = -1;
      } else {
        throw new AssertionError("GIF at byte " + at + ": no block begins with " + gif[at]);
      }
      if (at < 0) {
        break;
      }
    }
    return images;
  }

  static int images(byte[] gif) {
    return read(gif).size();
  }

  /** Everything up to the last whole image, and the trailer. */
  static byte[] whole(byte[] gif) {
    return first(gif, images(gif));
  }

  /** Everything up to the image of that number, counted from 1, and the trailer. */
  static byte[] first(byte[] gif, int count) {
    ByteArrayOutputStream cut = new ByteArrayOutputStream();
    cut.write(gif, 0, read(gif).get(count - 1).end);
    cut.write(TRAILER);
    return cut.toByteArray();
  }

  private static int table(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /** Behind the sub-blocks that begin at {@code at}; -1 if they do not end. */
  private static int behind(byte[] gif, int at) {
    int next = at;
    while (next < gif.length) {
      int size = gif[next] & 0xff;
      next += 1 + size;
      if (size == 0) {
        return next;
      }
    }
    return -1;
  }

  private static int u16(byte[] gif, int at) {
    return (gif[at] & 0xff) | (gif[at + 1] & 0xff) << 8;
  }
}
