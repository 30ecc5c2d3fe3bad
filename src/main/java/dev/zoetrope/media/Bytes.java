package dev.zoetrope.media;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of bytes: a coded frame, a parameter set, an init segment.
 *
 * <p>It never lets its array out, and so is shared by any number of threads without a copy. Indexes
 * count from 0; an index outside {@code 0..size()} throws {@link IndexOutOfBoundsException}.
 */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int size;

  /** Takes over {@code array}: the caller must not touch it again. */
  public static Bytes owning(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** A copy of {@code length} bytes of {@code array}, from {@code offset} on. */
  public static Bytes copyOf(byte[] array, int offset, int length) {
    return owning(Arrays.copyOfRange(array, offset, offset + length));
  }

  /** The given bytes, each from its low 8 bits; for tests and constants. */
  public static Bytes of(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return owning(array);
  }

  /** All parts, one after the other. */
  public static Bytes concat(Bytes... parts) {
    int size = 0;
    for (Bytes part : parts) {
      size += part.size;
    }
    byte[] array = new byte[size];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(array, at);
      at += part.size;
    }
    return owning(array);
  }

  private Bytes(byte[] array, int offset, int size) {
    this.array = array;
    this.offset = offset;
    this.size = size;
  }

  /** How many bytes these are. */
  public int size() {
    return size;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int at(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("byte " + index + " of " + size);
    }
    return array[offset + index] & 0xff;
  }

  /** The bytes from {@code from} up to, not including, {@code to}; shares the array, no copy. */
  public Bytes slice(int from, int to) {
    if (from < 0 || to < from || to > size) {
      throw new IndexOutOfBoundsException("bytes " + from + " to " + to + " of " + size);
    }
    return new Bytes(array, offset + from, to - from);
  }

  /** Copies all bytes into {@code target} from {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, size);
  }

  /** A copy as an array of the caller's own. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + size);
  }

  /** Writes all bytes to {@code out} in one call. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(array, offset, size);
  }

  /** A read-only view with a position and limit of its own. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + size, that.array, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    return asByteBuffer().hashCode();
  }

  /** The size and the first bytes in hexadecimal. */
  @Override
  public String toString() {
    int shown = Math.min(size, 16);
    String hex = HexFormat.of().formatHex(array, offset, offset + shown);
    return size + " bytes " + hex + (shown < size ? "…" : "");
  }
}
