package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Gathers NUT's elementary types in memory. Not thread-safe.
 *
 * @see "nut.txt, Type definitions"
 */
final class NutOutput {
  private byte[] buffer = new byte[1024];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void u8(int value) {
    reserve(1);
    buffer[size++] = (byte) value;
  }

  void u32(int value) {
    for (int shift = Integer.SIZE - 8; shift >= 0; shift -= 8) {
      u8(value >>> shift);
    }
  }

  void startcode(long value) {
    u32((int) (value >>> Integer.SIZE));
    u32((int) value);
  }

  /** Type v, of a value that is not negative. */
  void v(long value) {
    for (int shift = (63 - Long.numberOfLeadingZeros(value | 1)) / 7 * 7; shift > 0; shift -= 7) {
      u8(0x80 | (int) (value >>> shift));
    }
    u8((int) value & 0x7f);
  }

  /** Type vb. */
  void vb(Bytes value) {
    v(value.size());
    bytes(value);
  }

  void bytes(Bytes value) {
    reserve(value.size());
    value.copyTo(buffer, size);
    size += value.size();
  }

  /** The checksum of all bytes from {@code from} on. */
  void checksum(int from) {
    u32(Nut.crc(buffer, from, size));
  }

  /** A packet of {@code fields}, with startcode, length and checksums. */
  void packet(long startcode, NutOutput fields) {
    int start = size;
    int forwardPtr = fields.size + Integer.BYTES;
    startcode(startcode);
    v(forwardPtr);
    if (forwardPtr > Nut.LONG_PACKET) {
      checksum(start);
    }
    int body = size;
    reserve(fields.size);
    System.arraycopy(fields.buffer, 0, buffer, size, fields.size);
    size += fields.size;
    checksum(body);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(buffer, 0, size);
  }

  private void reserve(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }
}
