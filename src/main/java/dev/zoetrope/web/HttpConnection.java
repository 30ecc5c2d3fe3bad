package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A viewer on an endless HTTP response, written without blocking.
 *
 * <p>The container may end the request at any time, tell of it in any of three ways or none, and
 * answer a write after that with an {@link IllegalStateException}: see {@link Exchange}.
 */
final class HttpConnection implements Connection, WriteListener {
  /** A response buffer that takes a whole frame of usual size spares a hop between threads. */
  static final int BUFFER_BYTES = 64 << 10;

  private final Exchange exchange;
  private final HttpServletResponse response;
  private final ServletOutputStream out;
  private final Framing framing;
  private final Lease lease;
  private final AtomicBoolean answered = new AtomicBoolean(); // with a picture, or without
  private final Viewer viewer;
  private ScheduledFuture<?> impatience;

  private volatile boolean writable; // since the container's first onWritePossible

  // Confined to the viewer's worker.
  private Run run;
  private boolean unflushed;

  /**
   * Starts watching.
   *
   * @param none the answer if there is no picture in time
   */
  static void open(
      AsyncContext async,
      Framing framing,
      Lease lease,
      ScheduledExecutorService timer,
      Supplier<Answer> none)
      throws IOException {
    HttpConnection connection = new HttpConnection(async, framing, lease, timer);
    connection.impatience =
        timer.schedule(
            () -> connection.giveUp(none.get()),
            Doorkeeper.PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
    connection.exchange.listen();
    connection.out.setWriteListener(connection);
  }

  private HttpConnection(
      AsyncContext async, Framing framing, Lease lease, ScheduledExecutorService timer)
      throws IOException {
    this.framing = framing;
    this.lease = lease;
    exchange = new Exchange(async, timer, this::release);
    response = (HttpServletResponse) async.getResponse();
    out = response.getOutputStream();
    viewer = Viewer.join(lease.feed(), this);
  }

  @Override
  public void onWritePossible() {
    writable = true;
    viewer.wake();
  }

  @Override
  public boolean isReady() {
    if (!writable || !exchange.enter()) {
      return false;
    }
    try {
      if (!out.isReady()) {
        return false;
      }
      if (unflushed) {
        unflushed = false;
        out.flush();
        return out.isReady();
      }
      return true;
    } catch (IOException | IllegalStateException e) { // the client has gone
      exchange.fail();
      return false;
    } finally {
      exchange.leave();
    }
  }

  @Override
  public boolean begin(Run next, Fragment first) throws IOException {
    if (run != null) {
      boolean goesOn = framing.continues(run, next);
      run = next;
      return goesOn;
    }
    if (!answered.compareAndSet(false, true)) {
      return false;
    }
    impatience.cancel(false);
    run = next;
    if (exchange.enter()) {
      try {
        response.setContentType(framing.contentType(next));
      } finally {
        exchange.leave();
      }
    }
    write(framing.head(next, first));
    return true;
  }

  @Override
  public void write(Fragment fragment, boolean joining) throws IOException {
    write(framing.frame(fragment, joining));
  }

  private void write(Bytes bytes) throws IOException {
    if (bytes.isEmpty() || !exchange.enter()) {
      return;
    }
    try {
      bytes.writeTo(out);
      unflushed = true;
    } catch (IllegalStateException e) {
      throw new IOException("the container has ended the request", e);
    } finally {
      exchange.leave();
    }
  }

  /** No picture came in time. On the timer's thread. */
  private void giveUp(Answer answer) {
    if (!answered.compareAndSet(false, true)) {
      return;
    }
    viewer.leave();
    if (!exchange.enter()) {
      return;
    }
    try {
      answer.writeHead(response);
      if (out.isReady()) {
        answer.body().writeTo(out);
      }
      exchange.finish();
    } catch (IOException | IllegalStateException e) { // the client has gone: nobody to tell
      exchange.fail();
    } finally {
      exchange.leave();
    }
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED, FEED_CLOSED -> exchange.finish();
      case LEFT, FAILED -> exchange.fail();
    }
  }

  private void release() {
    impatience.cancel(false);
    viewer.leave();
    lease.close();
  }

  @Override
  public void onError(Throwable failure) {
    exchange.gone();
  }
}
