package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes ISO boxes one inside the other, for init segments; a box's size is filled in when it is
 * closed. One thread at a time.
 *
 * @see "ISO/IEC 14496-12, 4.2"
 */
final class BoxWriter {
  private byte[] array = new byte[1024];
  private int size;
  private final int[] open = new int[16];
  private int depth;

  /** Opens a box. */
  BoxWriter box(String type) {
    open[depth++] = size;
    return u32(0).ascii(type);
  }

  /** Opens a full box: with a version and 24 bits of flags. */
  BoxWriter fullBox(String type, int version, int flags) {
    return box(type).u32(version << 24 | flags);
  }

  /** Closes the box that was opened last. */
  BoxWriter end() {
    int at = open[--depth];
    int length = size - at;
    array[at] = (byte) (length >> 24);
    array[at + 1] = (byte) (length >> 16);
    array[at + 2] = (byte) (length >> 8);
    array[at + 3] = (byte) length;
    return this;
  }

  BoxWriter u8(int value) {
    if (size == array.length) {
      array = Arrays.copyOf(array, 2 * size);
    }
    array[size++] = (byte) value;
    return this;
  }

  BoxWriter u16(int value) {
    return u8(value >> 8).u8(value);
  }

  BoxWriter u32(int value) {
    return u16(value >> 16).u16(value);
  }

  BoxWriter zeros(int count) {
    for (int i = 0; i < count; i++) {
      u8(0);
    }
    return this;
  }

  BoxWriter ascii(String text) {
    for (byte value : text.getBytes(StandardCharsets.US_ASCII)) {
      u8(value);
    }
    return this;
  }

  BoxWriter bytes(Bytes bytes) {
    for (int i = 0; i < bytes.size(); i++) {
      u8(bytes.at(i));
    }
    return this;
  }

  /** Everything written so far. */
  Bytes toBytes() {
    return Bytes.copyOf(array, 0, size);
  }
}
