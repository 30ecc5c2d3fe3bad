package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.door.SocketLine;
import dev.zoetrope.media.Bytes;
import jakarta.json.JsonNumber;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * One client of {@code WS /live}, or a node: what it says, and how long it may stay. What it has
 * subscribed to is in {@link Subscriptions}, what differs between both in {@link Dialect}.
 *
 * <p>Thread-safe; what the client says comes on one thread at a time and never waits.
 *
 * @see "docs/PROTOCOL.md, 2"
 */
final class Bundle implements SocketLine.Listener {
  private static final Logger LOG = System.getLogger(Bundle.class.getName());

  private static final int MOST_MISTAKES = 10;

  /** One that takes nothing is cut after so long. */
  private static final long MOST_STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final SharedSocket socket;
  private final Dialect dialect;
  private final Channels channels;
  private final Bundles all;
  private final Optional<Request.Subscribe> first;
  private final LongSupplier nanos;
  private final Subscriptions subscriptions;
  private final RequestQueue requests;
  private final MessageRate rate; // confined to who says what the client says
  private int mistakes; // confined to perform(): one at a time

  private volatile boolean moved; // the socket took something
  private long stuckNanos; // since when it takes nothing; confined to tick()
  private volatile long heardNanos; // when it said something last

  /**
   * @param first what is subscribed to from the start
   */
  Bundle(
      SharedSocket socket,
      Dialect dialect,
      Channels channels,
      Bundles all,
      Optional<Request.Subscribe> first) {
    this(socket, dialect, channels, all, first, System::nanoTime);
  }

  Bundle(
      SharedSocket socket,
      Dialect dialect,
      Channels channels,
      Bundles all,
      Optional<Request.Subscribe> first,
      LongSupplier nanos) {
    this.socket =
        dialect.limit().isPresent()
            ? new LimitedSocket(
                socket, dialect.limit().getAsInt(), this::moved, channels.timer(), nanos)
            : socket;
    this.dialect = dialect;
    this.channels = channels;
    this.all = all;
    this.first = first;
    this.nanos = nanos;
    subscriptions = new Subscriptions(this.socket, dialect, channels, nanos);
    requests = new RequestQueue(channels.timer(), dialect.terms().waiting(), this::perform);
    stuckNanos = nanos.getAsLong();
    heardNanos = stuckNanos;
    rate = new MessageRate(dialect.terms().messages(), stuckNanos);
  }

  // The socket.

  /** The socket is there. Once, before all else. */
  void opened() {
    dialect.greeting(channels.wallMicros().getAsLong()).forEach(subscriptions::say);
    socket.push();
    dialect.opened(this);
    if (!all.add(this)) {
      end(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS);
    }
    first.ifPresent(this::take);
  }

  /** It took what had waited: there may be room. Any thread. */
  void moved() {
    moved = true;
    subscriptions.wake();
  }

  /** It is closed, whoever closed it. Idempotent, any thread. */
  void closed() {
    over(false, Outcome.STOPPED, "");
  }

  /** Ends all. Idempotent, any thread. */
  void end(Outcome outcome, String reason) {
    if (over(true, outcome, reason)) {
      socket.push(); // the last words first
      socket.close(outcome, reason);
    }
  }

  /**
   * @param isTold whether the client can hear of it
   * @return whether it was not over before
   */
  private boolean over(boolean isTold, Outcome outcome, String reason) {
    boolean isNew = subscriptions.close(isTold, outcome, reason);
    if (isNew) {
      dialect.closed(this);
      all.remove(this);
      requests.clear();
    }
    return isNew;
  }

  /** Whether it is closed, or will be. */
  boolean isOver() {
    return subscriptions.isClosed();
  }

  /** What it was sent, and how that goes. */
  LinkStats link() {
    return subscriptions.link();
  }

  /** Says something that is not of a subscription. Any thread. */
  void say(String text) {
    subscriptions.say(text);
    socket.push();
  }

  // What the client says.

  /** The most bytes of a message of it. */
  int mostMessageBytes() {
    return dialect.terms().messageBytes();
  }

  @Override
  public void text(String text) {
    Request request;
    try {
      request = dialect.request(text);
    } catch (OutcomeException e) {
      request = new Request.Mistake(e);
    }
    if (isHeard(request.weight())) {
      take(request);
    }
  }

  private boolean isHeard(int messages) {
    heardNanos = nanos.getAsLong();
    boolean isHeard = rate.admits(messages, heardNanos);
    if (!isHeard) {
      int most = dialect.terms().messages();
      end(Outcome.TOO_MANY, "expected at most " + most + " messages in 10 s");
    }
    return isHeard;
  }

  private void take(Request request) {
    for (Request each : request.parts()) {
      if (!requests.take(each)) {
        end(Outcome.TOO_MANY, "expected fewer requests before the answers to others");
        return;
      }
    }
  }

  /** What is on screen. */
  @Override
  public void binary(Bytes bytes) {
    if (!isHeard(1)) {
      return;
    }
    int entry = Subscriptions.ENTRY_BYTES;
    boolean isWhole = bytes.size() % entry == 0;
    if (bytes.isEmpty() || !isWhole || bytes.size() > Request.MOST * entry) {
      end(Outcome.BAD_REQUEST, "expected 1 to 64 entries of 8 bytes, got " + bytes.size());
    } else {
      subscriptions.acknowledge(bytes);
    }
  }

  /** One at a time; on the timer what may take seconds. */
  private void perform(Request request) {
    try {
      request.doneBy(this);
    } catch (RuntimeException e) { // ours: the other sockets go on
      LOG.log(Level.ERROR, "a request broke an invariant", e);
      end(Outcome.STOPPED, "the server made a mistake");
      return;
    }
    socket.push();
    if (!subscriptions.isRead()) {
      socket.cut(); // a word more would wait as well
    }
  }

  /** What it may ask of them. */
  Subscriptions subscriptions() {
    return subscriptions;
  }

  void tellTime(JsonNumber id) {
    subscriptions.say(BundleMessages.clock(id, channels.wallMicros().getAsLong()));
  }

  void tellMistake(OutcomeException why) {
    mistakes++;
    subscriptions.say(BundleMessages.error(why.outcome().subscriptionCode(), why.getMessage()));
    if (mistakes >= MOST_MISTAKES) {
      end(Outcome.BAD_REQUEST, why.getMessage());
    }
  }

  /**
   * About once a second, on the timer.
   *
   * @param wordsOf what is to be told of a source
   */
  void tick(Function<Channel, SourceWords> wordsOf) {
    long now = nanos.getAsLong();
    if (socket.isReady() || moved) {
      moved = false;
      stuckNanos = now;
    } else if (now - stuckNanos > MOST_STUCK_NANOS) {
      socket.cut();
      return;
    }
    Optional<String> whyNot = whyNotLonger(now);
    if (whyNot.isPresent()) {
      end(Outcome.TOO_SLOW, whyNot.get());
      return;
    }
    say(dialect.news(wordsOf));
    subscriptions.tick(wordsOf);
  }

  /** About five times a second, on the timer. */
  void tellUrgent() {
    say(dialect.urgent());
  }

  private void say(List<String> news) {
    if (!news.isEmpty()) {
      news.forEach(subscriptions::say);
      socket.push();
    }
  }

  /** Why it may not stay; empty if it may. */
  private Optional<String> whyNotLonger(long now) {
    Terms terms = dialect.terms();
    Optional<String> unused =
        terms
            .unused()
            .filter(span -> subscriptions.isEmptyFor(span.toNanos()))
            .map(span -> "nothing was subscribed to for " + span.toSeconds() + " s");
    return unused.or(
        () ->
            terms
                .unheard()
                .filter(span -> now - heardNanos > span.toNanos())
                .map(span -> "nothing was heard for " + span.toSeconds() + " s"));
  }
}
