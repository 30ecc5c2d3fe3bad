package dev.zoetrope.alert;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * Tells webhooks of sources that are lost and of those that are back. Thread-safe; nobody who
 * reports waits for an answer.
 *
 * <p>A source has to be lost for the webhook's delay before it is told; that it is back is told
 * only where its loss was.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Webhooks.class.getName());

  /** A source that one webhook is about. */
  private record Pair(String webhook, SourceId source) {}

  /** Guarded by the webhooks. */
  private static final class Loss {
    private ScheduledFuture<?> telling; // when its time comes
    private boolean isTold; // or waits to be: the return follows it
  }

  private final Optional<Courier> courier; // empty where there is nobody to tell
  private final Map<String, Delivery> deliveries;
  private final List<Webhook> webhooks;
  private final ScheduledExecutorService timer;

  // Guarded by this. Its lock is taken before that of a delivery.
  private final Map<Pair, Loss> losses = new HashMap<>(); // from loss to return
  private boolean closed;

  /**
   * @param timer its tasks do not block
   * @param executor its tasks may: they look up hosts
   * @param random numbers from 0 up to, not including, 1
   */
  public Webhooks(
      List<Webhook> webhooks,
      ScheduledExecutorService timer,
      Executor executor,
      DoubleSupplier random) {
    this.webhooks = List.copyOf(webhooks);
    this.timer = timer;
    courier = webhooks.isEmpty() ? Optional.empty() : Optional.of(new Courier(executor));
    deliveries =
        webhooks.stream()
            .collect(
                Collectors.toMap(
                    Webhook::name,
                    webhook -> new Delivery(webhook, courier.orElseThrow(), timer, random)));
  }

  /** All of them. */
  public List<Webhook> all() {
    return webhooks;
  }

  /**
   * Something happened to a source; what is neither a loss nor a return is of no interest here.
   *
   * @param why what keeps it from being live, if that is known
   */
  public synchronized void report(
      SourceId id, String title, Incident incident, Optional<Diagnosis> why) {
    if (closed) {
      return;
    }
    for (Webhook webhook : webhooks) {
      if (webhook.isAbout(id)) {
        Pair pair = new Pair(webhook.name(), id);
        Message message = Message.of(id, title, incident, why);
        switch (incident.kind()) {
          case LOST -> lost(pair, webhook, message);
          case RECOVERED, FIRST_FRAME -> recovered(pair, message);
          case STOPPED -> forgetUntold(pair); // nobody wants it: that is no loss
          case STARTED, STALLED, KILLED, EXITED, BACK_OFF, NO_KEYFRAMES, CHANGED, REFUSED -> {
            // not told
          }
        }
      }
    }
  }

  private void lost(Pair pair, Webhook webhook, Message message) {
    if (!losses.containsKey(pair)) {
      Loss loss = new Loss();
      losses.put(pair, loss);
      loss.telling =
          timer.schedule(
              () -> tell(pair, loss, message), webhook.delay().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Cancelling may come too late for this; whether it is told is decided here, with the lock. */
  private synchronized void tell(Pair pair, Loss loss, Message message) {
    if (!closed && losses.get(pair) == loss) { // else it is back
      loss.isTold = deliveries.get(pair.webhook()).sendIfRoom(message);
    }
  }

  private void recovered(Pair pair, Message message) {
    Loss loss = losses.remove(pair);
    if (loss != null && loss.isTold) {
      deliveries.get(pair.webhook()).send(message);
    } else if (loss != null) {
      loss.telling.cancel(false);
    }
  }

  private void forgetUntold(Pair pair) {
    Loss loss = losses.get(pair);
    if (loss != null && !loss.isTold) {
      losses.remove(pair);
      loss.telling.cancel(false);
    }
  }

  /**
   * Sends a test at once, past what waits.
   *
   * @return what came of it, for people; empty if there is no webhook of that name
   */
  public Optional<CompletableFuture<String>> test(String name) {
    return Optional.ofNullable(deliveries.get(name)).map(Delivery::test);
  }

  /** Sends nothing more. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    losses.values().forEach(loss -> loss.telling.cancel(false));
    losses.clear();
    int waiting = deliveries.values().stream().mapToInt(Delivery::close).sum();
    courier.ifPresent(Courier::close); // after them: what is broken off is not tried again
    if (waiting > 0) {
      LOG.log(Level.WARNING, "{0} messages to webhooks were not delivered", waiting);
    }
  }
}
