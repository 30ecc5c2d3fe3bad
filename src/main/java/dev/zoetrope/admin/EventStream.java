package dev.zoetrope.admin;

import dev.zoetrope.web.Exchange;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One reader of {@link Broadcast}, on an endless response that is written without blocking. What
 * the socket does not take waits, up to a bound. Thread-safe.
 */
final class EventStream implements WriteListener {
  private static final int MOST_WAITING_BYTES = 1 << 20;

  /** A reader that has taken nothing for so long is gone, or as good as that. */
  private static final long MOST_STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Exchange exchange;
  private final ServletOutputStream out;
  private final LongSupplier nanoTime;

  // Guarded by waiting.
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private long movedNanos; // when the reader took something last, or nothing waited

  private volatile boolean writable; // since the container's first onWritePossible
  private boolean unflushed; // touched inside the exchange only

  /**
   * Begins to write nothing before {@link #listen}.
   *
   * @param gone told once, when the reader has gone or was dropped
   */
  EventStream(
      AsyncContext async,
      Exchange.Lateness lateness,
      LongSupplier nanoTime,
      Consumer<EventStream> gone)
      throws IOException {
    this.nanoTime = nanoTime;
    out = async.getResponse().getOutputStream();
    exchange = new Exchange(async, lateness, () -> gone.accept(this));
  }

  /** From here on the container may call. */
  void listen() {
    exchange.listen();
    out.setWriteListener(this);
  }

  /**
   * The next bytes, to be written by {@link #drain}. Never blocks.
   *
   * @return false if the reader is too slow: then they are dropped, and it is to be dropped, too
   */
  boolean offer(byte[] bytes) {
    synchronized (waiting) {
      long now = nanoTime.getAsLong();
      if (waiting.isEmpty()) {
        movedNanos = now;
      } else if (waitingBytes > MOST_WAITING_BYTES || now - movedNanos > MOST_STUCK_NANOS) {
        return false;
      }
      waiting.addLast(bytes);
      waitingBytes += bytes.length;
      return true;
    }
  }

  private byte[] next() {
    synchronized (waiting) {
      byte[] bytes = waiting.pollFirst();
      if (bytes != null) {
        waitingBytes -= bytes.length;
        movedNanos = nanoTime.getAsLong();
      }
      return bytes;
    }
  }

  /** Writes what the socket takes of what waits. Never blocks. */
  void drain() {
    if (!writable || !exchange.enter()) {
      return;
    }
    try {
      while (isFlushed()) {
        byte[] bytes = next();
        if (bytes == null) {
          return;
        }
        out.write(bytes);
        unflushed = true;
      }
    } catch (IOException | IllegalStateException e) { // the reader has gone
      exchange.fail();
    } finally {
      exchange.leave();
    }
  }

  /** Whether the container took all that was written, and takes more. */
  private boolean isFlushed() throws IOException {
    if (out.isReady() && unflushed) {
      unflushed = false;
      out.flush();
    }
    return out.isReady();
  }

  /** Ends a reader that is too slow, or gone. */
  void drop() {
    exchange.fail();
  }

  /** Ends the response. Idempotent. */
  void close() {
    exchange.finish();
  }

  @Override
  public void onWritePossible() {
    writable = true;
    drain();
  }

  @Override
  public void onError(Throwable failure) {
    exchange.gone();
  }
}
