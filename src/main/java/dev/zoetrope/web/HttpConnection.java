package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A viewer on an HTTP response, endless or of one picture, written without blocking and by the
 * viewer's worker only.
 *
 * <p>The container may end the request at any time, tell of it in any of three ways or none, and
 * answer a write after that with an {@link IllegalStateException}: so the end is idempotent.
 */
final class HttpConnection implements Connection, WriteListener, AsyncListener {
  /** A response buffer that takes a whole frame of usual size spares a hop between threads. */
  static final int BUFFER_BYTES = 64 << 10;

  private static final double MICROS_PER_SECOND = 1e6;

  /** How much of the feed the response holds. */
  enum Extent {
    ENDLESS,
    /** Its first fragment, with {@code Content-Length} and {@code X-Timestamp}. */
    ONE_PICTURE
  }

  private final AsyncContext async;
  private final HttpServletResponse response;
  private final ServletOutputStream out;
  private final Framing framing;
  private final Extent extent;
  private final Lease lease;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Viewer viewer;
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
  static void open(
      AsyncContext async,
      Framing framing,
      Extent extent,
      Lease lease,
      ScheduledExecutorService timer,
      Supplier<Answer> none)
      throws IOException {
    ServletOutputStream out;
    try {
      out = async.getResponse().getOutputStream();
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
    HttpConnection connection = new HttpConnection(async, out, framing, extent, lease, timer, none);
    try {
      async.addListener(connection);
      out.setWriteListener(connection); // from here on the container may call
    } catch (RuntimeException e) {
      connection.leave();
      throw e;
    }
  }

  private HttpConnection(
      AsyncContext async,
      ServletOutputStream out,
      Framing framing,
      Extent extent,
      Lease lease,
      ScheduledExecutorService timer,
      Supplier<Answer> none) {
    this.async = async;
    this.out = out;
    this.framing = framing;
    this.extent = extent;
    this.lease = lease;
    response = (HttpServletResponse) async.getResponse();
    viewer = Viewer.join(lease.feed(), this);
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
      end();
    }
  }

  @Override
  public boolean isReady() {
    if (!writable || ended.get()) {
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
        end();
      }
      return !isComplete;
    } catch (IOException | IllegalStateException e) { // the client has gone
      end();
      return false;
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

  @Override
  public boolean begin(Run next, Fragment first) throws IOException {
    if (run != null) {
      boolean goesOn = framing.continues(run, next);
      run = next;
      return goesOn;
    }
    impatience.cancel(false);
    run = next;
    response.setContentType(framing.contentType(next));
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
      double seconds = fragment.captureMicros() / MICROS_PER_SECOND;
      response.setHeader("X-Timestamp", String.format(Locale.ROOT, "%.6f", seconds));
      response.setContentLength(bytes.size());
      complete(bytes);
    }
  }

  private void complete(Bytes last) throws IOException {
    write(last);
    isComplete = true;
  }

  private void write(Bytes bytes) throws IOException {
    if (!bytes.isEmpty()) {
      try {
        bytes.writeTo(out);
      } catch (IllegalStateException e) {
        throw new IOException("the container has ended the request", e);
      }
      unflushed = true;
    }
  }

  @Override
  public void close(Ending why) {
    if (run == null && why == Ending.FEED_CLOSED && !ended.get()) {
      try {
        response.setStatus(Outcome.STOPPED.httpStatus()); // rather than an empty picture
      } catch (IllegalStateException e) {
        // the client has gone: nobody to tell
      }
    }
    end();
  }

  private void end() {
    if (!leave()) {
      return;
    }
    try {
      async.complete();
    } catch (IllegalStateException e) {
      // completed by the container already, which is what we wanted
    }
  }

  private boolean leave() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    impatience.cancel(false);
    viewer.leave();
    lease.close();
    return true;
  }

  @Override
  public void onError(Throwable failure) {
    end();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    end();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    end();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // never: nobody dispatches this request again
  }
}
