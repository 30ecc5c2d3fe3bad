package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads what one viewer is sent as it comes, in whatever pieces, checks its structure and tells of
 * each frame when its last byte is here. Bytes that the structure does not need are skipped unseen.
 *
 * <p>Confined to the viewer's thread.
 */
abstract class FrameReader {
  /** Told of each whole frame. */
  @FunctionalInterface
  interface Frames {
    /**
     * A frame is whole.
     *
     * @param captureMicros when it was captured, since 1970; 0 if the stream does not say
     */
    void frame(long captureMicros);
  }

  private static final int MAX_HELD = 1024;
  private static final byte[] STAMP = "X-Timestamp: ".getBytes(US_ASCII);

  /** What {@link #take} or {@link #takeHead} asked for, when {@link #step} is called. */
  final byte[] held = new byte[MAX_HELD];

  private int size;
  private int wanted;
  private long left; // to be skipped before that
  private boolean takesHead;

  /** The next {@code count} bytes, after those that are skipped. */
  final void take(int count) throws BadStreamException {
    if (count > MAX_HELD) {
      throw new BadStreamException("expected at most " + MAX_HELD + " bytes, not " + count);
    }
    wanted = count;
  }

  /** All up to and including the next empty line. */
  final void takeHead() {
    takesHead = true;
    wanted = MAX_HELD;
  }

  /** Leaves out the next {@code count} bytes. */
  final void skip(long count) throws BadStreamException {
    if (count < 0) {
      throw new BadStreamException("expected " + -count + " bytes more");
    }
    left = count;
  }

  /** What was asked for is in {@link #held}; asks for more. */
  abstract void step() throws BadStreamException;

  /** A message that was not split among streams ends here. */
  void endOfMessage() throws BadStreamException {}

  /** Sees bytes that are skipped, from the buffer's position on. */
  void skipped(ByteBuffer bytes, int count) throws BadStreamException {}

  /** Takes all of {@code bytes}. */
  final void read(ByteBuffer bytes) throws BadStreamException {
    while (true) {
      if (left > 0) {
        int count = (int) Math.min(left, bytes.remaining());
        skipped(bytes, count);
        bytes.position(bytes.position() + count);
        left -= count;
      }
      if (left > 0 || !fill(bytes)) {
        return;
      }
      size = 0;
      takesHead = false;
      step();
    }
  }

  /** How many bytes {@link #held} has; of a head, up to its end. */
  final int taken() {
    return wanted;
  }

  /** Whether nothing of what was asked for has come. */
  final boolean isBetween() {
    return left == 0 && size == 0;
  }

  private boolean fill(ByteBuffer bytes) throws BadStreamException {
    if (!takesHead) {
      int count = Math.min(wanted - size, bytes.remaining());
      bytes.get(held, size, count);
      size += count;
      return size == wanted;
    }
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      held[size++] = next;
      if (next == '\n' && size >= 4 && held[size - 3] == '\n') {
        wanted = size;
        return true;
      }
      if (size == MAX_HELD) {
        throw new BadStreamException("head of over " + MAX_HELD + " bytes");
      }
    }
    return false;
  }

  final void expect(boolean isRight, String what) throws BadStreamException {
    if (!isRight) {
      throw new BadStreamException(
          "expected " + what + ", found " + new String(held, 0, Math.min(taken(), 40), US_ASCII));
    }
  }

  final int u8(int at) {
    return held[at] & 0xff;
  }

  final int u16Little(int at) {
    return u8(at) | (u8(at + 1) << 8);
  }

  final long u32(int at) {
    return ((long) u8(at) << 24) | (u8(at + 1) << 16) | (u8(at + 2) << 8) | u8(at + 3);
  }

  /** The number behind {@code name} in what is held, points left out; -1 without it. */
  final long number(byte[] name) {
    for (int at = 0; at + name.length < taken(); at++) {
      if (held[at] == name[0] && Arrays.equals(held, at, at + name.length, name, 0, name.length)) {
        return digits(at + name.length);
      }
    }
    return -1;
  }

  /** The microseconds since 1970 in what is held; 0 without them. */
  final long stamp() {
    return Math.max(0, number(STAMP));
  }

  private long digits(int from) {
    long value = 0;
    for (int at = from; at < taken(); at++) {
      int digit = held[at] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (held[at] != '.') {
        break;
      }
    }
    return value;
  }
}
