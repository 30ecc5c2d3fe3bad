package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/**
 * Reads the whole bytes of a configuration record, big end first. Reading past the end throws
 * {@link MalformedMediaException}. One thread at a time.
 */
final class ByteReader {
  private final String what;
  private final Bytes bytes;
  private int position;

  ByteReader(String what, Bytes bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  int u8() throws MalformedMediaException {
    return bytes(1).at(0);
  }

  int u16() throws MalformedMediaException {
    return u8() << 8 | u8();
  }

  /** The next {@code count} bytes, shared. */
  Bytes bytes(int count) throws MalformedMediaException {
    if (count > bytes.size() - position) {
      throw new MalformedMediaException(
          what
              + " of "
              + bytes.size()
              + " bytes: ends at "
              + position
              + " before "
              + count
              + " more");
    }
    position += count;
    return bytes.slice(position - count, position);
  }

  void skip(int count) throws MalformedMediaException {
    bytes(count);
  }
}
