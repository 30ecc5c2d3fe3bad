package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A client of one picture: a viewer of the stills that is content with its first fragment. */
final class StillConnection implements Connection {
  private static final Logger LOG = System.getLogger(StillConnection.class.getName());

  private final Exchange exchange;
  private final HttpServletResponse response;
  private final Lease lease;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final Viewer viewer;
  private ScheduledFuture<?> impatience;

  static void open(
      AsyncContext async, Lease lease, ScheduledExecutorService timer, Supplier<Answer> none) {
    StillConnection connection = new StillConnection(async, lease, timer);
    connection.impatience =
        timer.schedule(
            () -> connection.giveUp(none.get()),
            Doorkeeper.PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
    connection.exchange.listen();
    connection.viewer.wake();
  }

  private StillConnection(AsyncContext async, Lease lease, ScheduledExecutorService timer) {
    this.lease = lease;
    this.timer = timer;
    exchange = new Exchange(async, timer, this::release);
    response = (HttpServletResponse) async.getResponse();
    viewer = Viewer.join(lease.feed(), this);
  }

  @Override
  public boolean isReady() {
    return !answered.get();
  }

  @Override
  public boolean begin(Run run, Fragment first) {
    return true;
  }

  /** The picture is written on the timer's thread, since writing may block. */
  @Override
  public void write(Fragment still, boolean joining) {
    if (answered.compareAndSet(false, true)) {
      viewer.leave();
      timer.execute(() -> answer(still));
    }
  }

  private void answer(Fragment still) {
    if (!exchange.enter()) {
      return;
    }
    try {
      String seconds = String.format(Locale.ROOT, "%.6f", still.captureMicros() / 1e6);
      response.setHeader("X-Timestamp", seconds);
      response.setContentLength(still.bytes().size());
      still.bytes().writeTo(response.getOutputStream());
      exchange.finish();
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "a client of a still has gone", e);
      exchange.fail();
    } finally {
      exchange.leave();
    }
  }

  private void giveUp(Answer answer) {
    if (!answered.compareAndSet(false, true) || !exchange.enter()) {
      return;
    }
    try {
      answer.writeHead(response);
      answer.body().writeTo(response.getOutputStream());
      exchange.finish();
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.DEBUG, "a client of a still has gone", e);
      exchange.fail();
    } finally {
      exchange.leave();
    }
  }

  @Override
  public void close(Ending why) {
    if (answered.compareAndSet(false, true)) {
      exchange.finish();
    }
  }

  private void release() {
    impatience.cancel(false);
    viewer.leave();
    lease.close();
  }
}
