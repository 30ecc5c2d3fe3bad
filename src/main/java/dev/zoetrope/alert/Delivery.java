package dev.zoetrope.alert;

import dev.zoetrope.media.Secret;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Brings messages to one webhook: in order, one at a time, again with growing waits where it does
 * not take them. Thread-safe.
 *
 * <p>Any answer from 200 to 299 is success. 400 to 499, but for 408 (timeout) and 429 (too many),
 * will not become success: such a message is given up at once, others after {@value #MOST_TRIES}
 * tries, within an hour. Where {@value #MOST_WAITING} wait, further losses are dropped.
 */
final class Delivery {
  private static final Logger LOG = System.getLogger(Delivery.class.getName());

  static final int MOST_TRIES = 16;
  static final int MOST_WAITING = 1000;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long FIRST_WAIT_MILLIS = 1_000;
  private static final long MOST_WAIT_MILLIS = 300_000;
  private static final String ALGORITHM = "HmacSHA256"; // RFC 2104, FIPS 180-4

  private final Webhook webhook;
  private final Courier courier;
  private final ScheduledExecutorService timer;
  private final DoubleSupplier random;

  // Guarded by this.
  private final Deque<Message> waiting = new ArrayDeque<>();
  private boolean isBusy; // with the first of them
  private int tries; // of the first
  private boolean closed;

  Delivery(
      Webhook webhook, Courier courier, ScheduledExecutorService timer, DoubleSupplier random) {
    this.webhook = webhook;
    this.courier = courier;
    this.timer = timer;
    this.random = random;
  }

  /**
   * Sends, if not too many wait.
   *
   * @return whether it will be tried
   */
  synchronized boolean sendIfRoom(Message message) {
    if (closed) {
      return false;
    }
    if (waiting.size() >= MOST_WAITING) {
      LOG.log(Level.WARNING, "webhook {0}: too many messages wait", webhook.name());
      return false;
    }
    send(message);
    return true;
  }

  /** Sends, however many wait: what follows a message for which there was room. */
  synchronized void send(Message message) {
    if (closed) {
      return;
    }
    waiting.addLast(message);
    if (!isBusy) {
      isBusy = true;
      tryFirst();
    }
  }

  private synchronized void tryFirst() {
    Message first = waiting.peekFirst();
    if (first == null || closed) {
      isBusy = false;
      return;
    }
    tries++;
    var unused = post(first).whenComplete(this::tried);
  }

  private synchronized void tried(Integer status, Throwable failure) {
    boolean isDone = failure == null && status >= 200 && status < 300;
    boolean isHopeless =
        failure == null && status >= 400 && status < 500 && status != 408 && status != 429;
    if (isDone || isHopeless || tries >= MOST_TRIES) {
      if (!isDone) {
        LOG.log(
            Level.WARNING, "webhook {0}: given up: {1}", webhook.name(), outcome(status, failure));
      }
      waiting.pollFirst();
      tries = 0;
      tryFirst();
    } else if (!closed) {
      if (tries == 1) {
        LOG.log(Level.WARNING, "webhook {0}: {1}; again", webhook.name(), outcome(status, failure));
      }
      long wait = Math.min(MOST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(tries - 1, 20));
      long jittered = Math.round(wait * (0.5 + 0.5 * random.getAsDouble()));
      var unused = timer.schedule(this::tryFirst, jittered, TimeUnit.MILLISECONDS);
    }
  }

  private static String outcome(Integer status, Throwable failure) {
    if (failure == null) {
      return "answered " + status;
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof IOException
        ? "not reached (" + cause.getClass().getSimpleName() + ")"
        : String.valueOf(cause);
  }

  CompletableFuture<String> test() {
    return post(Message.test(Instant.now())).handle(Delivery::outcome);
  }

  private CompletableFuture<Integer> post(Message message) {
    String body = message.json();
    String timestamp = Long.toString(Instant.now().getEpochSecond());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(webhook.url())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Zoetrope")
            .header("X-Zoetrope-Delivery", message.delivery().toString())
            .header("X-Zoetrope-Timestamp", timestamp)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    webhook
        .key()
        .ifPresent(
            key ->
                request.header(
                    "X-Zoetrope-Signature", "sha256=" + signature(key, timestamp + "." + body)));
    return courier.send(request.build());
  }

  static String signature(Secret key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) { // every Java has it
      throw new AssertionError(e);
    }
  }

  /**
   * Sends nothing more.
   *
   * @return how many messages were waiting
   */
  synchronized int close() {
    closed = true;
    int left = waiting.size();
    waiting.clear();
    return left;
  }
}
