package dev.zoetrope.web;

import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.door.SocketLine;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import jakarta.json.JsonNumber;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The subscriptions of one client of {@code WS /live}, and what it says. Each subscription is a
 * viewer of its own; the socket is all that they share.
 *
 * <p>Thread-safe; what the client says comes on one thread at a time and never waits. The lock
 * orders what is said of a subscription, between viewers' workers, the timer and the client: with
 * it, messages are added to the socket, and nobody else is called.
 *
 * @see "docs/PROTOCOL.md, 2"
 */
final class Bundle implements SocketLine.Listener {
  private static final Logger LOG = System.getLogger(Bundle.class.getName());

  /** Bytes of an acknowledgement: number, nothing, sequence. */
  private static final int ENTRY_BYTES = 8;

  private static final int MOST_MISTAKES = 10;

  /** So many answers may wait for a client that does not read them. */
  private static final int MOST_UNREAD = 1000;

  /** A socket on which nothing is subscribed to is closed after so long. */
  private static final long MOST_EMPTY_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** One that takes nothing is cut after so long. */
  private static final long MOST_STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final SharedSocket socket;
  private final Visitor visitor;
  private final Doorkeeper door;
  private final Channels channels;
  private final Bundles all;
  private final Optional<Request.Subscribe> first;
  private final LongSupplier nanos;
  private final RequestQueue requests;
  private final MessageRate rate; // confined to who says what the client says

  // Guarded by this.
  private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>(); // by number
  private long emptyNanos; // since when there is none
  private int mistakes;
  private int unread; // answers since the socket was last seen ready
  private int turn; // of the viewers, who wakes first
  private boolean closed;

  private volatile boolean moved; // the socket took something
  private long stuckNanos; // since when it takes nothing; confined to tick()

  /**
   * @param visitor who the handshake showed
   * @param first what is subscribed to from the start
   */
  Bundle(
      SharedSocket socket,
      Visitor visitor,
      Doorkeeper door,
      Channels channels,
      Bundles all,
      Optional<Request.Subscribe> first) {
    this(socket, visitor, door, channels, all, first, System::nanoTime);
  }

  Bundle(
      SharedSocket socket,
      Visitor visitor,
      Doorkeeper door,
      Channels channels,
      Bundles all,
      Optional<Request.Subscribe> first,
      LongSupplier nanos) {
    this.socket = socket;
    this.visitor = visitor;
    this.door = door;
    this.channels = channels;
    this.all = all;
    this.first = first;
    this.nanos = nanos;
    requests = new RequestQueue(channels.timer(), this::perform);
    emptyNanos = nanos.getAsLong();
    stuckNanos = emptyNanos;
    rate = new MessageRate(emptyNanos);
  }

  // The socket.

  /** The socket is there. Once, before all else. */
  void opened() {
    synchronized (this) {
      say(BundleMessages.hello(channels.wallMicros().getAsLong()));
    }
    socket.push();
    if (!all.add(this)) {
      end(Outcome.STOPPED, "the server is stopping");
    }
    first.ifPresent(this::take);
  }

  /** It took what had waited: there may be room. Any thread. */
  void moved() {
    moved = true;
    List<BundleConnection> waking = connections();
    synchronized (this) {
      unread = socket.isReady() ? 0 : unread;
      turn++;
      Collections.rotate(waking, turn); // else the first takes all the room
    }
    waking.forEach(BundleConnection::wakeIfWaiting);
  }

  private synchronized List<BundleConnection> connections() {
    List<BundleConnection> connections = new ArrayList<>();
    for (Subscription subscription : subscriptions.values()) {
      subscription.connection().ifPresent(connections::add);
    }
    return connections;
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
    List<BundleConnection> left = new ArrayList<>();
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
      for (Subscription subscription : subscriptions.values()) {
        subscription.stop().ifPresent(left::add);
        if (isTold) {
          socket.add(BundleMessages.end(subscription.number(), outcome, reason));
        }
      }
      subscriptions.clear();
    }
    all.remove(this);
    requests.clear();
    left.forEach(BundleConnection::leave);
    return true;
  }

  // What the client says.

  @Override
  public void text(String text) {
    Request request;
    try {
      request = Request.of(text);
    } catch (OutcomeException e) {
      request = new Request.Mistake(e);
    }
    if (isHeard(request.weight())) {
      take(request);
    }
  }

  private boolean isHeard(int messages) {
    boolean isHeard = rate.admits(messages, nanos.getAsLong());
    if (!isHeard) {
      end(Outcome.TOO_MANY, "expected at most 600 messages in 10 s");
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

  /** What is on screen: how much is on the way is left to the socket itself. */
  @Override
  public void binary(Bytes bytes) {
    if (!isHeard(1)) {
      return;
    }
    boolean isWhole = bytes.size() % ENTRY_BYTES == 0;
    if (bytes.isEmpty() || !isWhole || bytes.size() > Request.MOST * ENTRY_BYTES) {
      end(Outcome.BAD_REQUEST, "expected 1 to 64 entries of 8 bytes, got " + bytes.size());
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
    checkIsRead();
  }

  private synchronized boolean isRead() {
    unread = socket.isReady() ? 0 : unread;
    return unread <= MOST_UNREAD;
  }

  private void checkIsRead() {
    if (!isRead()) {
      socket.cut(); // a word more would wait as well
    }
  }

  /** With the lock. */
  private void say(String message) {
    if (!closed) {
      unread++;
      socket.add(message);
    }
  }

  // Requests.

  void subscribe(Request.Subscribe wanted) {
    int number = wanted.number();
    Subscription made = new Subscription(wanted);
    synchronized (this) {
      if (closed) {
        return;
      }
      if (subscriptions.containsKey(number)) {
        int code = Outcome.OCCUPIED.subscriptionCode();
        say(BundleMessages.error(code, number, "subscription " + number + " is there already"));
        return;
      }
      if (subscriptions.size() >= Request.MOST) {
        String why = "expected at most " + Request.MOST + " subscriptions";
        say(BundleMessages.end(number, Outcome.TOO_MANY, why));
        return;
      }
      subscriptions.put(number, made);
    }
    begin(made);
  }

  private void begin(Subscription subscription) {
    try {
      join(subscription);
    } catch (OutcomeException e) {
      synchronized (this) {
        forget(subscription);
        say(BundleMessages.end(subscription.number(), e.outcome(), e.getMessage()));
      }
    }
  }

  private void join(Subscription subscription) throws OutcomeException {
    Request.Subscribe wanted = subscription.wanted();
    Channel channel = door.channel(wanted.source());
    Format format = Doorkeeper.format(channel, wanted.formats());
    Visitor who = wanted.link().map(link -> Visitors.withLink(visitor, link)).orElse(visitor);
    try (Pass pass = door.admit(who, channel, format.word())) {
      Rendition rendition =
          Doorkeeper.rendition(channel, format, wanted.rendition(), wanted.width());
      Lease lease = door.lease(channel, rendition, wanted.cards(), pass, who.address());
      BundleConnection joined =
          new BundleConnection(
              this, socket, subscription, channel, rendition, lease, nanos.getAsLong());
      if (welcome(joined, SourceWords.of(channel))) {
        pass.onEnd(why -> end(joined, Outcome.NOT_FOR_YOU, why));
        joined.wake();
      } else {
        joined.leave(); // the socket was closed meanwhile
      }
    }
  }

  /** Before the viewer wakes: so nothing comes before it. */
  private synchronized boolean welcome(BundleConnection joined, SourceWords words) {
    if (closed) {
      return false;
    }
    joined.subscription().begin(joined);
    say(joined.subscribed());
    tell(joined, words);
    return true;
  }

  /** With the lock: how the source is, if that is news. */
  private boolean tell(BundleConnection watching, SourceWords words) {
    boolean isNews = !watching.isStopped() && watching.isNews(words);
    if (isNews) {
      say(BundleMessages.state(watching.subscription().number(), words));
    }
    return isNews;
  }

  void pause(int number) {
    Optional<BundleConnection> stopped = Optional.empty();
    synchronized (this) {
      Subscription subscription = subscriptions.get(number);
      if (subscription == null) {
        sayThereIsNone(number);
      } else {
        stopped = subscription.stop();
        say(BundleMessages.paused(number));
      }
    }
    stopped.ifPresent(BundleConnection::leave);
  }

  /** With the lock. It may just have ended. */
  private void sayThereIsNone(int number) {
    int code = Outcome.NO_SUCH_SOURCE.subscriptionCode();
    say(BundleMessages.error(code, number, "there is no subscription " + number));
  }

  void resume(int number) {
    Subscription subscription;
    synchronized (this) {
      subscription = subscriptions.get(number);
      if (subscription == null) {
        sayThereIsNone(number);
        return;
      }
      Optional<BundleConnection> going = subscription.connection();
      if (going.isPresent()) {
        say(going.get().subscribed());
        return;
      }
    }
    begin(subscription);
  }

  void unsubscribe(int number) {
    Optional<BundleConnection> stopped = Optional.empty();
    synchronized (this) {
      Subscription subscription = subscriptions.get(number);
      if (subscription == null) {
        sayThereIsNone(number);
      } else {
        stopped = subscription.stop();
        forget(subscription);
        say(BundleMessages.end(number));
      }
    }
    stopped.ifPresent(BundleConnection::leave);
  }

  /** With the lock. */
  private void forget(Subscription subscription) {
    subscriptions.remove(subscription.number(), subscription);
    emptyNanos = nanos.getAsLong();
  }

  void tellTime(JsonNumber id) {
    synchronized (this) {
      say(BundleMessages.clock(id, channels.wallMicros().getAsLong()));
    }
  }

  void tellMistake(OutcomeException why) {
    boolean isLast;
    synchronized (this) {
      mistakes++;
      isLast = mistakes >= MOST_MISTAKES;
      say(BundleMessages.error(why.outcome().subscriptionCode(), why.getMessage()));
    }
    if (isLast) {
      end(Outcome.BAD_REQUEST, why.getMessage());
    }
  }

  // What happens.

  /** Ends one subscription, unless it has been stopped. Any thread, without the lock. */
  void end(BundleConnection watching, Outcome outcome, String why) {
    synchronized (this) {
      if (watching.isStopped()) {
        return;
      }
      Subscription subscription = watching.subscription();
      subscription.stop();
      forget(subscription);
      say(BundleMessages.end(subscription.number(), outcome, why));
    }
    watching.leave();
    socket.push();
  }

  /** Its feed was closed: the source is gone, or just not served like this any more. */
  void endWithSource(BundleConnection watching) {
    Channel channel = watching.channel();
    boolean isThere = channels.channel(channel.id()).filter(channel::equals).isPresent();
    if (isThere) {
      end(watching, Outcome.STOPPED, "the source stopped");
    } else {
      end(watching, Outcome.NO_SUCH_SOURCE, "source " + channel.id() + " was removed");
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
    if (isEmptyFor(MOST_EMPTY_NANOS, now)) {
      end(Outcome.TOO_SLOW, "nothing was subscribed to for 60 s");
      return;
    }
    boolean isNews = false;
    for (BundleConnection watching : connections()) {
      if (watching.isOverdue(now)) {
        end(watching, Outcome.NO_PICTURE, Doorkeeper.noPicture(watching.channel()));
        continue;
      }
      SourceWords words = wordsOf.apply(watching.channel());
      synchronized (this) {
        isNews |= tell(watching, words);
      }
    }
    if (isNews) {
      socket.push();
    }
  }

  private synchronized boolean isEmptyFor(long spanNanos, long now) {
    return subscriptions.isEmpty() && now - emptyNanos > spanNanos;
  }
}
