package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.Arrays;

/**
 * Reads bit fields of codec headers, most significant bit first. For the few bytes of a header, not
 * for whole frames: it copies them. One thread at a time.
 *
 * <p>Reading past the end throws {@link MalformedMediaException}, never anything else.
 */
final class BitReader {
  private final String what;
  private final byte[] bytes;
  private int position;

  private BitReader(String what, byte[] bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  /**
   * All bits of {@code bytes}.
   *
   * @param what the header's name, for messages
   */
  static BitReader of(String what, Bytes bytes) {
    return new BitReader(what, bytes.toArray());
  }

  /** The payload of a NAL unit: without emulation prevention bytes (00 00 03). */
  static BitReader ofNal(String what, Bytes nal) {
    byte[] from = nal.toArray();
    int size = 0;
    int zeros = 0;
    for (byte value : from) {
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      from[size++] = value;
    }
    return new BitReader(what, Arrays.copyOf(from, size));
  }

  /** The next {@code count} bits, 0 to 32, as u(n); 32 bits may come out negative. */
  int bits(int count) throws MalformedMediaException {
    if (position + count > bytes.length * 8) {
      throw new MalformedMediaException(
          what + " of " + bytes.length + " bytes: ends before bit " + (position + count));
    }
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | (bytes[position >> 3] >> (7 - (position & 7)) & 1);
      position++;
    }
    return value;
  }

  /** The next bit as a flag. */
  boolean flag() throws MalformedMediaException {
    return bits(1) != 0;
  }

  /** Passes over {@code count} bits. */
  void skip(int count) throws MalformedMediaException {
    for (int left = count; left > 0; left -= 32) {
      bits(Math.min(left, 32));
    }
  }

  /** An unsigned Exp-Golomb code, ue(v), 0 to 2^30. */
  int ue() throws MalformedMediaException {
    int zeros = 0;
    while (!flag()) {
      zeros++;
      if (zeros > 29) {
        throw new MalformedMediaException(what + ": Exp-Golomb code of over 59 bits");
      }
    }
    return (1 << zeros) - 1 + bits(zeros);
  }

  /** A signed Exp-Golomb code, se(v). */
  int se() throws MalformedMediaException {
    int code = ue();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }

  /** How many bits are left. */
  int left() {
    return bytes.length * 8 - position;
  }
}
