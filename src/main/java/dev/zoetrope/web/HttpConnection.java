package dev.zoetrope.web;

import dev.zoetrope.channel.Channels;
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
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A viewer on an HTTP response, endless or of one picture, written without blocking and by the
 * viewer's worker only.
 *
 * <p>The container may end the request at any time, tell of it in any of three ways or none, and
 * answer a write after that with an {@link IllegalStateException}: see {@link Exchange}.
 */
final class HttpConnection implements Connection, WriteListener {
  /** A response buffer that takes a whole frame of usual size spares a hop between threads. */
  static final int BUFFER_BYTES = 64 << 10;

  private static final double MICROS_PER_SECOND = 1e6;

  /** How much of the feed the response holds. */
  enum Extent {
    ENDLESS,
    /** Its first fragment, with {@code Content-Length} and {@code X-Timestamp}. */
    ONE_PICTURE
  }

  private final Exchange exchange;
  private final HttpServletResponse response;
  private final ServletOutputStream out;
  private final Framing framing;
  private final Extent extent;
  private final Lease lease;
  private final Viewer viewer;
  private final ScheduledExecutorService timer;
  private final ScheduledFuture<?> impatience;

  private volatile boolean writable; // since the container's first onWritePossible
  private volatile Answer refusal; // null while there is hope for a picture

  // Confined to the viewer's worker.
  private Run run;
  private boolean unflushed;
  private boolean isComplete; // all is written

  /**
   * Starts watching.
   *
   * @param lease closed when the response ends, also when this throws
   * @param none the answer if there is no picture in time
   */
  static HttpConnection open(
      AsyncContext async,
      Framing framing,
      Extent extent,
      Lease lease,
      Cards cards,
      Channels channels,
      Supplier<Answer> none)
      throws IOException {
    ServletOutputStream out;
    try {
      out = async.getResponse().getOutputStream();
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
    HttpConnection connection =
        new HttpConnection(async, out, framing, extent, lease, cards, channels, none);
    try {
      connection.exchange.listen();
      out.setWriteListener(connection); // from here on the container may call
      return connection;
    } catch (RuntimeException e) {
      connection.release();
      throw e;
    }
  }

  private HttpConnection(
      AsyncContext async,
      ServletOutputStream out,
      Framing framing,
      Extent extent,
      Lease lease,
      Cards cards,
      Channels channels,
      Supplier<Answer> none) {
    this.out = out;
    this.framing = framing;
    this.extent = extent;
    this.lease = lease;
    timer = channels.timer();
    exchange = new Exchange(async, channels::atTheLatest, this::release);
    response = (HttpServletResponse) async.getResponse();
    String way = extent == Extent.ENDLESS ? Way.extensionOf(lease.format()) : "jpg";
    viewer = Viewer.join(lease.feed(), cards.to(this, lease), lease.client(way));
    impatience =
        timer.schedule(
            () -> giveUp(none.get()), Doorkeeper.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void onWritePossible() {
    writable = true;
    viewer.wake();
  }

  /** No picture came in time. On the timer's thread: the worker has to write it. */
  private void giveUp(Answer answer) {
    refusal = answer;
    if (writable) {
      viewer.wake();
    } else { // the container never told that we may write, nor that the client has gone
      exchange.finish();
    }
  }

  @Override
  public boolean isReady() {
    if (!writable || !exchange.enter()) {
      return false;
    }
    try {
      if (!isFlushed()) {
        return false;
      }
      Answer answer = refusal;
      if (run == null && answer != null && !isComplete) {
        answer.writeHead(response);
        complete(answer.body());
        if (!isFlushed()) {
          return false;
        }
      }
      if (isComplete) {
        exchange.finish();
      }
      return !isComplete;
    } catch (IOException | IllegalStateException e) { // the client has gone
      exchange.fail();
      return false;
    } finally {
      exchange.leave();
    }
  }

  @Override
  public void flush() {
    isReady(); // else the container keeps what the socket did not take, and never tells
  }

  /** Whether the container took all that was written, and takes more. */
  private boolean isFlushed() throws IOException {
    if (out.isReady() && unflushed) {
      unflushed = false;
      out.flush();
    }
    return out.isReady();
  }

  @Override
  public boolean begin(Run next, Fragment first) throws IOException {
    if (run != null) {
      boolean goesOn = framing.continues(run, next);
      run = next;
      return goesOn;
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
    if (extent == Extent.ENDLESS) {
      write(framing.head(next, first));
    }
    return true;
  }

  @Override
  public void write(Fragment fragment, boolean joining) throws IOException {
    Bytes bytes = framing.frame(fragment, joining);
    if (extent == Extent.ENDLESS) {
      write(bytes);
    } else {
      describe(bytes, fragment.captureMicros());
      complete(bytes);
    }
  }

  private void describe(Bytes picture, long captureMicros) {
    if (exchange.enter()) {
      try {
        double seconds = captureMicros / MICROS_PER_SECOND;
        response.setHeader("X-Timestamp", String.format(Locale.ROOT, "%.6f", seconds));
        response.setContentLength(picture.size());
      } finally {
        exchange.leave();
      }
    }
  }

  private void complete(Bytes last) throws IOException {
    write(last);
    isComplete = true;
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

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED, FEED_CLOSED -> finish(why);
      case CUT -> exchange.finish();
      case LEFT, FAILED, STALLED -> exchange.fail();
    }
  }

  private void finish(Ending why) {
    if (exchange.enter()) {
      try {
        if (run == null && why == Ending.FEED_CLOSED) {
          response.setStatus(Outcome.STOPPED.httpStatus()); // rather than an empty picture
        }
        writeTail();
        exchange.finish();
      } finally {
        exchange.leave();
      }
    }
  }

  /** A client that is slower than the end does without. */
  private void writeTail() {
    if (run == null || extent != Extent.ENDLESS || framing.tail().isEmpty()) {
      return;
    }
    try {
      if (isFlushed()) {
        write(framing.tail());
        var unused = isFlushed();
      }
    } catch (IOException | IllegalStateException e) {
      // the client has gone, as the response will in a moment
    }
  }

  /** Its permission has ended. Any thread, idempotent; does not wait. */
  void cut() {
    timer.execute(this::endDenied); // a container may block
  }

  private void endDenied() {
    viewer.leave();
    if (exchange.enter()) {
      try {
        if (!response.isCommitted()) {
          response.setStatus(Outcome.NOT_FOR_YOU.httpStatus()); // rather than an empty picture
        }
        exchange.finish();
      } finally {
        exchange.leave();
      }
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
