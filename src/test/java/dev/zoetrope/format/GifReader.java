package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an endless GIF strictly: every block must be as Zoetrope promises, every code must decode,
 * every pixel must be there. Written from the GIF89a specification alone.
 */
final class GifReader {
  private final byte[] bytes;
  private int at;

  int width;
  int height;
  final List<Image> images = new ArrayList<>();

  /** An image, and the whole screen after it, 3 bytes a pixel. */
  record Image(
      String comment,
      int left,
      int top,
      int width,
      int height,
      boolean hasTransparent,
      int longestSubBlock,
      Bytes screen) {}

  private GifReader(byte[] bytes) {
    this.bytes = bytes;
  }

  static GifReader read(Bytes... parts) {
    GifReader reader = new GifReader(Bytes.concat(parts).toArray());
    reader.readAll();
    return reader;
  }

  Bytes lastScreen() {
    return images.get(images.size() - 1).screen;
  }

  private void readAll() {
    expectText("GIF89a");
    width = u16();
    height = u16();
    expect(0x70, "no global table");
    expect(0, "background");
    expect(0, "aspect");
    expect(0x21, "extension");
    expect(0xff, "application extension");
    expect(11, "its size");
    expectText("NETSCAPE2.0");
    expect(3, "loop block");
    expect(1, "loop");
    expect(0, "for ever");
    expect(0, "for ever");
    expect(0, "block terminator");
    byte[] screen = new byte[width * height * 3];
    while (at < bytes.length) {
      screen = screen.clone(); // the one before stands in its image
      images.add(readImage(screen));
    }
  }

  private Image readImage(byte[] screen) {
    String comment = "";
    expect(0x21, "extension");
    int label = u8();
    if (label == 0xfe) {
      comment = new String(readSubBlocks().bytes.toArray(), StandardCharsets.US_ASCII);
      expect(0x21, "extension");
      label = u8();
    }
    check(label == 0xf9, "graphic control extension, got " + label);
    expect(4, "its size");
    int flags = u8();
    check((flags & ~1) == 4, "disposal 1, got flags " + flags);
    check(u16() == 2, "delay of 2");
    int transparent = u8();
    expect(0, "block terminator");
    expect(0x2c, "image");
    int left = u16();
    int top = u16();
    int imageWidth = u16();
    int imageHeight = u16();
    check(imageWidth > 0 && imageHeight > 0, "an image of some size");
    check(left + imageWidth <= width && top + imageHeight <= height, "an image on the screen");
    boolean isWhole = imageWidth == width && imageHeight == height && (flags & 1) == 0;
    check(isWhole || !images.isEmpty(), "a full picture first");
    expect(0x87, "local table of 256");
    int table = at;
    at += 768;
    expect(8, "minimum code size");
    SubBlocks data = readSubBlocks();
    byte[] pixels = decode(data.bytes.toArray(), imageWidth * imageHeight);
    for (int i = 0; i < pixels.length; i++) {
      int index = pixels[i] & 0xff;
      if ((flags & 1) == 0 || index != transparent) {
        int to = (top + i / imageWidth) * width + left + i % imageWidth;
        System.arraycopy(bytes, table + 3 * index, screen, 3 * to, 3);
      }
    }
    return new Image(
        comment,
        left,
        top,
        imageWidth,
        imageHeight,
        (flags & 1) != 0,
        data.longest,
        Bytes.owning(screen));
  }

  /** Decodes LZW with 8 bits a pixel; codes, clear codes, end code and count must be right. */
  static byte[] decode(byte[] data, int count) {
    byte[] out = new byte[count];
    int written = 0;
    int[] start = new int[4096];
    int[] length = new int[4096];
    int next = 258;
    int size = 9;
    int previous = -1;
    int bit = 0;
    while (true) {
      int code = 0;
      for (int i = 0; i < size; i++, bit++) {
        code |= (data[bit >> 3] >> (bit & 7) & 1) << i;
      }
      if (code == 256) {
        next = 258;
        size = 9;
        previous = -1;
        continue;
      }
      if (code == 257) {
        check(written == count, count + " pixels, got " + written);
        check(data.length == (bit + 7) / 8, "nothing after the end code");
        return out;
      }
      check(bit > 9, "a clear code first");
      int from = written;
      if (code < 256) {
        out[written++] = (byte) code;
      } else {
        check(previous >= 0 && code <= next && code < 4096, "a known code, got " + code);
        int source = code == next ? start[previous] : start[code];
        int copied = code == next ? length[previous] + 1 : length[code];
        for (int i = 0; i < copied; i++) {
          out[written++] = out[source + i];
        }
      }
      if (previous >= 0 && next < 4096) {
        // The string before, with this one's first pixel: they stand side by side in the output.
        start[next] = start[previous];
        length[next] = length[previous] + 1;
        next++;
        if (next == 1 << size && size < 12) {
          size++;
        }
      }
      previous = code;
      start[previous] = from;
      length[previous] = written - from;
    }
  }

  private record SubBlocks(Bytes bytes, int longest) {}

  private SubBlocks readSubBlocks() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int longest = 0;
    for (int size = u8(); size > 0; size = u8()) {
      longest = Math.max(longest, size);
      all.write(bytes, at, size);
      at += size;
    }
    return new SubBlocks(Bytes.owning(all.toByteArray()), longest);
  }

  private void expectText(String text) {
    for (int i = 0; i < text.length(); i++) {
      expect(text.charAt(i), text);
    }
  }

  private void expect(int value, String what) {
    int got = u8();
    check(got == value, what + ": expected " + value + ", got " + got);
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError("GIF: expected " + what);
    }
  }

  private int u8() {
    return bytes[at++] & 0xff;
  }

  private int u16() {
    return u8() | u8() << 8;
  }
}
