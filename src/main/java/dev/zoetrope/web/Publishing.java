package dev.zoetrope.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A publisher's request: its body is read as it comes, without a thread of its own, and given to a
 * taker; its answer comes at the end, or when it is refused. Thread-safe.
 */
final class Publishing implements ReadListener {
  private static final Logger LOG = System.getLogger(Publishing.class.getName());

  private static final int CHUNK_BYTES = 16 << 10;
  private static final String LEFT = "the publisher left";

  private final HttpServletResponse response;
  private final ServletInputStream body;
  private final Answer.Form form;
  private final Exchange exchange;
  private final ScheduledExecutorService timer;
  private final Duration patience;
  private final byte[] chunk = new byte[CHUNK_BYTES]; // confined to the container's reading thread
  private volatile BodyTaker taker; // null before it begins
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean isTaking; // then the client's silence is ours
  private volatile ScheduledFuture<?> check; // null before it begins

  /**
   * @param patience how long the client may be silent
   */
  Publishing(AsyncContext async, ScheduledExecutorService timer, Duration patience)
      throws IOException {
    HttpServletRequest request = (HttpServletRequest) async.getRequest();
    response = (HttpServletResponse) async.getResponse();
    body = request.getInputStream();
    form = Answer.Form.of(request);
    this.timer = timer;
    this.patience = patience;
    exchange = new Exchange(async, timer, this::release);
  }

  private void release() {
    stopChecking();
    taker.abandon(LEFT);
  }

  private void stopChecking() {
    ScheduledFuture<?> due = check;
    if (due != null) {
      due.cancel(false);
    }
  }

  /** Begins to read. */
  void begin(BodyTaker begun) {
    taker = begun;
    exchange.listen();
    body.setReadListener(this);
    checkIn(patience.toNanos());
  }

  private void checkIn(long nanos) {
    check = timer.schedule(this::checkHeard, nanos, TimeUnit.NANOSECONDS);
  }

  private void checkHeard() {
    long silentNanos = isTaking ? 0 : System.nanoTime() - heardNanos;
    long restNanos = patience.toNanos() - silentNanos;
    if (!exchange.enter()) {
      return; // it has ended
    }
    exchange.leave();
    if (restNanos > 0) {
      checkIn(restNanos);
      return;
    }
    String words = "the publisher sent nothing for " + patience.toSeconds() + " s";
    taker.abandon(words);
    refuse(new OutcomeException(Outcome.TOO_SLOW, words));
  }

  @Override
  public void onDataAvailable() {
    OutcomeException refusal;
    try {
      refusal = readWhatIsThere().orElse(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refusal = new OutcomeException(Outcome.STOPPED, "the server is stopping");
    } catch (IOException e) {
      gone(e);
      return;
    }
    if (refusal != null) {
      taker.abandon(refusal.getMessage());
      refuse(refusal);
    }
  }

  private Optional<OutcomeException> readWhatIsThere() throws IOException, InterruptedException {
    int count = read();
    while (count >= 0) { // none came where a chunk's frame is not whole: that is no end
      isTaking = true;
      try {
        taker.take(chunk, count);
      } catch (OutcomeException e) {
        return Optional.of(e);
      } finally {
        heardNanos = System.nanoTime(); // before the other: its wait counts as heard
        isTaking = false;
      }
      count = read();
    }
    return Optional.empty();
  }

  /** How many bytes came; -1 if there are no more for now, or this has ended. */
  private int read() throws IOException {
    if (!exchange.enter()) {
      return -1;
    }
    try {
      return body.isReady() && !body.isFinished() ? body.read(chunk) : -1;
    } finally {
      exchange.leave();
    }
  }

  @Override
  public void onAllDataRead() {
    stopChecking();
    try {
      taker.end();
    } catch (OutcomeException e) {
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(new OutcomeException(Outcome.STOPPED, "the server is stopping"));
    }
  }

  @Override
  public void onError(Throwable failure) {
    gone(failure);
  }

  private void gone(Throwable failure) {
    LOG.log(Level.DEBUG, "a publisher is gone", failure);
    taker.abandon(LEFT);
    exchange.gone();
  }

  /** Ends well. Idempotent: the first answer counts. */
  void succeed(int status) {
    if (exchange.enter()) {
      try {
        response.setStatus(status);
      } finally {
        exchange.leave();
      }
    }
    exchange.finish();
  }

  /** Ends with a reason. Idempotent: the first answer counts. */
  void refuse(OutcomeException why) {
    if (exchange.enter()) {
      try {
        Answer answer = Answer.of(form, why.outcome(), why.getMessage());
        response.setHeader("Connection", "close"); // what is left of the body is not read
        answer.writeHead(response);
        answer.body().writeTo(response.getOutputStream());
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a publisher is gone", e);
      } finally {
        exchange.leave();
      }
    }
    exchange.finish();
  }
}
