package dev.zoetrope.format;

import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads NUT's elementary types from a stream, or from a packet already in memory.
 *
 * <p>Takes what the stream has and never waits for more than it was asked for. Not thread-safe.
 *
 * @see "nut.txt, Type definitions"
 */
final class NutInput {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** More than this is allocated only as the bytes arrive, so that a damaged size costs nothing. */
  private static final int TRUSTED_BYTES = 1024 * 1024;

  private final InputStream in;
  private final byte[] buffer;
  private int at;
  private int limit;
  private long limitPosition;
  private int crc;

  NutInput(InputStream in) {
    this.in = in;
    this.buffer = new byte[BUFFER_BYTES];
  }

  /** Over {@code body}, which began at {@code position} of the stream. */
  NutInput(byte[] body, long position) {
    this.in = InputStream.nullInputStream();
    this.buffer = body;
    this.limit = body.length;
    this.limitPosition = position + body.length;
  }

  /** Bytes of the stream before the next one. */
  long position() {
    return limitPosition - (limit - at);
  }

  /** Bytes that are here already; of a packet in memory, all that remain. */
  int available() {
    return limit - at;
  }

  /** Whether the stream has ended; waits for a byte or the end. */
  boolean isAtEnd() throws IOException {
    return at == limit && !fill();
  }

  /** Begins a checksum over all bytes read as elementary types from here on. */
  void beginChecksum(int initial) {
    crc = initial;
  }

  /** Reads a checksum and compares it to that of all bytes since {@link #beginChecksum}. */
  void checkChecksum(String what) throws IOException {
    for (int i = 0; i < Integer.BYTES; i++) {
      u8();
    }
    if (crc != 0) {
      throw malformed("wrong checksum of " + what);
    }
  }

  int u8() throws IOException {
    if (at == limit && !fill()) {
      throw malformed("ends in the midst of a packet");
    }
    int b = buffer[at++] & 0xff;
    crc = Nut.crc(crc, b);
    return b;
  }

  /** The eight bytes of a startcode, the first of which was read before. */
  long startcode() throws IOException {
    long code = Nut.STARTCODE_BYTE;
    for (int i = 1; i < Long.BYTES; i++) {
      code = (code << 8) | u8();
    }
    return code;
  }

  /** Type v, 0 to 2^63 - 1. */
  long v(String field) throws IOException {
    long value = 0;
    for (int b = 0x80; b >= 0x80; ) {
      if (value >>> 56 != 0) {
        throw malformed(field + " has more than 63 bits");
      }
      b = u8();
      value = (value << 7) | (b & 0x7f);
    }
    return value;
  }

  /** Passes over a v or s that nothing needs; ffmpeg writes some of 64 bits. */
  void skipV() throws IOException {
    while (u8() >= 0x80) {
      // continues
    }
  }

  /** Type v, refused above {@code max}. */
  int v(String field, int max) throws IOException {
    return v(field, 0, max);
  }

  /** Type v, refused below {@code min} and above {@code max}. */
  int v(String field, int min, int max) throws IOException {
    long value = v(field);
    if (value < min || value > max) {
      throw malformed(field + " is " + value + ", expected " + min + " to " + max);
    }
    return (int) value;
  }

  /** Type s. */
  long s(String field) throws IOException {
    long value = v(field);
    return (value & 1) == 0 ? -(value >> 1) : (value >> 1) + 1;
  }

  /** Type vb, of at most {@code max} bytes. */
  byte[] vb(String field, int max) throws IOException {
    return bytes(new byte[0], v(field, max));
  }

  /** An array of {@code prefix} and the next {@code count} bytes; these are in no checksum. */
  byte[] bytes(byte[] prefix, int count) throws IOException {
    int size = prefix.length + count;
    byte[] bytes = Arrays.copyOf(prefix, Math.min(size, Math.max(prefix.length, TRUSTED_BYTES)));
    int filled = prefix.length;
    while (filled < size) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * filled));
      }
      filled += read(bytes, filled, bytes.length - filled);
    }
    return bytes;
  }

  void skip(long count) throws IOException {
    for (long left = count; left > 0; ) {
      if (at == limit && !fill()) {
        throw malformed("ends in the midst of a packet");
      }
      int here = (int) Math.min(left, limit - at);
      at += here;
      left -= here;
    }
  }

  MalformedMediaException malformed(String what) {
    return new MalformedMediaException("NUT at byte " + position() + ": " + what);
  }

  private int read(byte[] target, int from, int count) throws IOException {
    if (at == limit && count >= buffer.length) {
      return readPastBuffer(target, from, count);
    }
    if (at == limit && !fill()) {
      throw malformed("ends in the midst of a packet");
    }
    int here = Math.min(count, limit - at);
    System.arraycopy(buffer, at, target, from, here);
    at += here;
    return here;
  }

  /** The bulk of a big frame goes straight into its array. */
  private int readPastBuffer(byte[] target, int from, int count) throws IOException {
    int got = in.read(target, from, count);
    if (got < 0) {
      throw malformed("ends in the midst of a packet");
    }
    limitPosition += got;
    return got;
  }

  private boolean fill() throws IOException {
    int got = in.read(buffer, 0, buffer.length);
    at = 0;
    limit = Math.max(got, 0);
    limitPosition += limit;
    return got > 0;
  }
}
