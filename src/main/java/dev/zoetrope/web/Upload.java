package dev.zoetrope.web;

import dev.zoetrope.channel.Channels;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A request with a body, which is read as it comes and given to a taker: no thread waits for a slow
 * client. Its answer comes at the end, or when it is refused. Thread-safe.
 *
 * <p>A connection that is closed while the client still sends is reset, and the answer lost with
 * it: so what comes after a refusal is passed over for a while. A container that ends a request by
 * itself reads the rest of its body, too, and has a thread wait for it.
 */
final class Upload implements ReadListener {
  private static final Logger LOG = System.getLogger(Upload.class.getName());

  private static final int CHUNK_BYTES = 16 << 10;
  private static final String LEFT = "the publisher left";
  private static final long MOST_PASSED_OVER_BYTES = 2 << 20;
  private static final Duration MOST_PASSED_OVER = Duration.ofSeconds(2);

  /**
   * How long the container's thread waits for the answer. Tomcat reads on behind the last chunk: if
   * the client has closed, as ffmpeg does, it closes, too, and keeps a request for good that is
   * completed only after that.
   */
  private static final Duration MOST_END = Duration.ofSeconds(1);

  private final HttpServletResponse response;
  private final ServletInputStream body;
  private final boolean isChunked;
  private final Function<OutcomeException, Answer> inWords;
  private final Exchange exchange;
  private final ScheduledExecutorService timer;
  private final UploadPace pace;
  private final long begunNanos = System.nanoTime();

  // Confined to whoever reads: the container's thread, or that by which there is room again.
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private long passedOverBytes;

  private final AtomicLong bytes = new AtomicLong(); // that were taken
  private volatile BodyTaker taker; // null before it begins
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean isOurTurn; // then the client's silence is ours
  private volatile boolean isRefused; // written inside the exchange
  private volatile ScheduledFuture<?> check; // null before it begins

  /**
   * Begins nothing. On the request's thread.
   *
   * @param inWords how this door says no
   */
  Upload(
      HttpServletRequest request,
      Channels channels,
      UploadPace pace,
      Function<OutcomeException, Answer> inWords)
      throws IOException {
    AsyncContext async = request.startAsync();
    async.setTimeout(0);
    response = (HttpServletResponse) async.getResponse();
    body = request.getInputStream();
    isChunked = request.getContentLengthLong() < 0;
    this.inWords = inWords;
    timer = channels.timer();
    this.pace = pace;
    exchange = new Exchange(async, channels::atTheLatest, this::release);
  }

  /** Answers a request whose body nobody reads, and closes its connection. On its thread. */
  static void refuse(HttpServletRequest request, Channels channels, Answer answer)
      throws IOException {
    Upload upload = new Upload(request, channels, UploadPace.WHOLE, why -> answer);
    upload.taker = BodyTaker.NOBODY;
    upload.exchange.listen();
    upload.refuse(answer);
    if (upload.exchange.enter()) { // else the client has gone
      try {
        upload.body.setReadListener(upload);
      } finally {
        upload.exchange.leave();
      }
    }
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
    checkIn(pace.patience().toNanos());
  }

  private void checkIn(long nanos) {
    check = timer.schedule(this::checkPace, nanos, TimeUnit.NANOSECONDS);
  }

  private void checkPace() {
    long now = System.nanoTime();
    long silentNanos = isOurTurn ? 0 : now - heardNanos;
    long restNanos = pace.restNanos(now - begunNanos, silentNanos, bytes.get());
    if (isRefused || !exchange.enter()) {
      return; // it has ended
    }
    exchange.leave();
    if (restNanos > 0) {
      checkIn(restNanos);
      return;
    }
    taker.abandon(pace.words());
    refuse(new OutcomeException(Outcome.TOO_SLOW, pace.words()));
  }

  @Override
  public void onDataAvailable() {
    OutcomeException refusal;
    try {
      refusal = readWhatIsThere().orElse(null);
    } catch (IOException e) {
      gone(e);
      return;
    }
    if (refusal != null) {
      taker.abandon(refusal.getMessage());
      refuse(refusal);
      onDataAvailable(); // passes over what is there
    }
  }

  private Optional<OutcomeException> readWhatIsThere() throws IOException {
    while (!isFull()) {
      int count = read();
      if (count < 0) {
        return Optional.empty();
      }
      if (isRefused) {
        passOver(count);
        continue;
      }
      bytes.addAndGet(count); // none came where a chunk's frame is not whole: that is no end
      isOurTurn = true;
      try {
        taker.take(chunk, count);
      } catch (OutcomeException e) {
        return Optional.of(e);
      } finally {
        heardNanos = System.nanoTime(); // before the other: its wait counts as heard
        isOurTurn = false;
      }
    }
    return Optional.empty();
  }

  /** Whether the taker has enough for now: then it has us go on, perhaps at once. */
  private boolean isFull() {
    isOurTurn = true;
    if (!isRefused && taker.isFull(this::onDataAvailable)) {
      return true;
    }
    heardNanos = System.nanoTime();
    isOurTurn = false;
    return false;
  }

  /**
   * How many bytes came; -1 if there are no more for now, or this has ended. That all has come is
   * no sign of an end: Grizzly says so while there is something to read.
   */
  private int read() throws IOException {
    if (!exchange.enter()) {
      return -1;
    }
    try {
      return body.isReady() ? body.read(chunk) : -1;
    } finally {
      exchange.leave();
    }
  }

  private void passOver(int count) {
    passedOverBytes += count;
    if (passedOverBytes > MOST_PASSED_OVER_BYTES) {
      exchange.finish();
    }
  }

  @Override
  public void onAllDataRead() {
    stopChecking();
    if (isRefused) {
      exchange.finish();
      return;
    }
    try {
      taker.end();
      if (isChunked) {
        exchange.awaitEnd(MOST_END);
      }
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
    LOG.log(Level.DEBUG, "a client is gone", failure);
    taker.abandon(LEFT);
    exchange.gone();
  }

  /** Ends well. Idempotent: the first answer counts. */
  void succeed(int status) {
    if (exchange.enter()) {
      try {
        if (isRefused) {
          return;
        }
        response.setStatus(status);
      } finally {
        exchange.leave();
      }
    }
    exchange.finish();
  }

  /** Has the container begin the request anew, as one of which the body is read. Idempotent. */
  void dispatch() {
    exchange.dispatch();
  }

  /** Ends with a reason. Idempotent: the first answer counts. */
  void refuse(OutcomeException why) {
    refuse(inWords.apply(why));
    if (why.outcome() == Outcome.STOPPED || why.outcome() == Outcome.SERVER_STOPS) {
      exchange.finish(); // soon there is nobody who would pass over anything
    }
  }

  private void refuse(Answer answer) {
    if (!exchange.enter()) {
      return;
    }
    boolean isGone = false;
    try {
      if (isRefused) {
        return;
      }
      isRefused = true;
      answer.writeHead(response);
      response.setHeader("Connection", "close");
      answer.body().writeTo(response.getOutputStream());
      response.flushBuffer();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a client is gone", e);
      isGone = true;
    } finally {
      exchange.leave();
    }
    stopChecking();
    if (isGone) {
      exchange.finish();
    } else {
      exchange.finishLate(MOST_PASSED_OVER);
    }
  }
}
