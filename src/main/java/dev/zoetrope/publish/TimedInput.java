package dev.zoetrope.publish;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The bytes that a publisher sends, counted, and each of them in time: before a deadline for all
 * that is read, or never silent for longer than a while. One thread at a time.
 */
final class TimedInput {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private long received;
  private Duration mostSilence = Duration.ZERO; // zero while there is a deadline
  private long deadlineNanos;

  TimedInput(Socket socket) throws IOException {
    this.socket = socket;
    in = socket.getInputStream();
  }

  /** From now on, everything read has to be here within {@code limit}. */
  void endWithin(Duration limit) {
    mostSilence = Duration.ZERO;
    deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /** From now on, the other side may never be silent for longer. */
  void allowSilence(Duration most) throws IOException {
    mostSilence = most;
    socket.setSoTimeout((int) most.toMillis());
  }

  /** How many bytes have come so far. */
  long received() {
    return received;
  }

  /** Whether the other side has ended, and nothing is left. */
  boolean isAtEnd() throws IOException {
    return from == to && !fill();
  }

  int u8() throws IOException {
    if (from == to && !fill()) {
      throw new EOFException("the connection ended");
    }
    return buffer[from++] & 0xff;
  }

  int u24() throws IOException {
    int high = u8() << 16;
    return high | u8() << 8 | u8();
  }

  int u32() throws IOException {
    int high = u24() << 8;
    return high | u8();
  }

  int u32LittleEnd() throws IOException {
    return Integer.reverseBytes(u32());
  }

  void read(byte[] target, int at, int count) throws IOException {
    int end = at + count;
    for (int next = at; next < end; ) {
      if (from == to && !fill()) {
        throw new EOFException("the connection ended");
      }
      int size = Math.min(to - from, end - next);
      System.arraycopy(buffer, from, target, next, size);
      from += size;
      next += size;
    }
  }

  /** Whether the next four bytes are {@code value}, big end first; they stay where they are. */
  boolean isNext(int value) throws IOException {
    while (to - from < Integer.BYTES) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
      if (!append()) {
        return false;
      }
    }
    return value
        == ((buffer[from] & 0xff) << 24
            | (buffer[from + 1] & 0xff) << 16
            | (buffer[from + 2] & 0xff) << 8
            | (buffer[from + 3] & 0xff));
  }

  private boolean fill() throws IOException {
    from = 0;
    to = 0;
    return append();
  }

  private boolean append() throws IOException {
    if (mostSilence.isZero()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("took too long");
      }
      socket.setSoTimeout((int) left);
    }
    int count;
    try {
      count = in.read(buffer, to, buffer.length - to);
    } catch (SocketTimeoutException e) {
      String why =
          mostSilence.isZero()
              ? "took too long"
              : "silent for " + mostSilence.toSeconds() + " seconds";
      throw (SocketTimeoutException) new SocketTimeoutException(why).initCause(e);
    }
    if (count < 0) {
      return false;
    }
    to += count;
    received += count;
    return true;
  }
}
