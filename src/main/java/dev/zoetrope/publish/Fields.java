package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/**
 * Reads the fields of a message's payload, big end first. Reading past its end throws {@link
 * MalformedMediaException}, never anything else. One thread at a time.
 */
final class Fields {
  private final String what;
  private final Bytes bytes;
  private int position;

  /**
   * @param what is read, for messages
   */
  Fields(String what, Bytes bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  int left() {
    return bytes.size() - position;
  }

  int u8() throws MalformedMediaException {
    need(1);
    return bytes.at(position++);
  }

  int u16() throws MalformedMediaException {
    return u8() << 8 | u8();
  }

  int u24() throws MalformedMediaException {
    return u16() << 8 | u8();
  }

  /** Two's complement, -2^23 to 2^23 - 1. */
  int s24() throws MalformedMediaException {
    return u24() << 8 >> 8;
  }

  /** All 32 bits; those from 2^31 on come out negative. */
  int u32() throws MalformedMediaException {
    return u16() << 16 | u16();
  }

  double float64() throws MalformedMediaException {
    long high = u32();
    return Double.longBitsToDouble(high << 32 | (u32() & 0xffff_ffffL));
  }

  /** The next {@code count} bytes, shared. */
  Bytes bytes(int count) throws MalformedMediaException {
    need(count);
    position += count;
    return bytes.slice(position - count, position);
  }

  Bytes rest() throws MalformedMediaException {
    return bytes(left());
  }

  private void need(int count) throws MalformedMediaException {
    if (count < 0 || count > left()) {
      throw malformed("expected " + Integer.toUnsignedString(count) + " more, found " + left());
    }
  }

  MalformedMediaException malformed(String found) {
    return new MalformedMediaException(what + " at byte " + position + ": " + found);
  }
}
