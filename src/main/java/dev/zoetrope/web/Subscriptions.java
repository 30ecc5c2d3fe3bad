package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What is subscribed to over one socket. Each subscription is a viewer of its own; the socket, and
 * how much it may hold, is all that they share.
 *
 * <p>Thread-safe. The lock orders what is said of a subscription, between viewers' workers, the
 * timer and the client: with it, messages are added to the socket, and nobody else is called.
 *
 * @see "docs/PROTOCOL.md, 2.2 to 2.6"
 */
final class Subscriptions {
  /** Bytes of an acknowledgement: number, nothing, sequence. */
  static final int ENTRY_BYTES = 8;

  private final SharedSocket socket;
  private final Dialect dialect;
  private final Channels channels;
  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<Integer, Subscription> subscriptions = new LinkedHashMap<>(); // by number
  private final Pace pace;
  private long emptyNanos; // since when there is none
  private int unread; // answers since the socket was last seen ready
  private int turn; // of the viewers, who wakes first
  private boolean closed;

  Subscriptions(SharedSocket socket, Dialect dialect, Channels channels, LongSupplier nanos) {
    this.socket = socket;
    this.dialect = dialect;
    this.channels = channels;
    this.nanos = nanos;
    pace = new Pace(nanos);
    emptyNanos = nanos.getAsLong();
  }

  /** There may be room for who waits for it. Any thread. */
  void wake() {
    List<BundleConnection> waking = connections();
    synchronized (this) {
      unread = socket.isReady() ? 0 : unread;
      turn++;
      Collections.rotate(waking, turn); // else the first takes all the room
    }
    waking.forEach(BundleConnection::wakeIfWaiting);
  }

  /** Those that are not paused. */
  private synchronized List<BundleConnection> connections() {
    List<BundleConnection> connections = new ArrayList<>();
    for (Subscription subscription : subscriptions.values()) {
      subscription.connection().ifPresent(connections::add);
    }
    return connections;
  }

  /**
   * Ends all. Idempotent, any thread, without the lock.
   *
   * @param isTold whether the client can hear of it
   * @return whether it was not over before
   */
  boolean close(boolean isTold, Outcome outcome, String reason) {
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
    left.forEach(BundleConnection::leave);
    return true;
  }

  /** Adds a text message, unless all is over; the push is the caller's. */
  synchronized void say(String message) {
    if (!closed) {
      unread++;
      socket.add(message);
    }
  }

  /** Whether the client reads its answers. */
  synchronized boolean isRead() {
    unread = socket.isReady() ? 0 : unread;
    return unread <= dialect.terms().unread();
  }

  /** Whether nothing has been subscribed to for so long. */
  synchronized boolean isEmptyFor(long spanNanos) {
    return subscriptions.isEmpty() && nanos.getAsLong() - emptyNanos > spanNanos;
  }

  /** Whether nothing is subscribed to. */
  synchronized boolean isEmpty() {
    return subscriptions.isEmpty();
  }

  /** Whether all is over. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Figures of the link, of this moment. */
  synchronized LinkStats link() {
    return pace.stats();
  }

  /** What is sent now. */
  List<SentStats> sent() {
    return connections().stream().map(BundleConnection::sent).toList();
  }

  // Requests.

  void subscribe(Request.Subscribe wanted) {
    int number = wanted.number();
    Subscription made = new Subscription(wanted, pace.share());
    synchronized (this) {
      if (closed) {
        return;
      }
      if (subscriptions.containsKey(number)) {
        int code = Outcome.OCCUPIED.subscriptionCode();
        say(BundleMessages.error(code, number, "subscription " + number + " is there already"));
        return;
      }
      int most = dialect.terms().subscriptions();
      if (subscriptions.size() >= most) {
        String why = "expected at most " + most + " subscriptions";
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
    Seat seat = dialect.seat(subscription.wanted());
    BundleConnection joined =
        new BundleConnection(this, socket, pace, subscription, seat, nanos.getAsLong());
    if (welcome(joined, SourceWords.of(seat.channel()))) {
      seat.pass().ifPresent(pass -> pass.onEnd(why -> end(joined, Outcome.NOT_FOR_YOU, why)));
      joined.wake();
    } else {
      joined.leave(); // the socket was closed meanwhile
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
    stopped.ifPresent(this::leave);
  }

  /** Without the lock. */
  private void leave(BundleConnection stopped) {
    stopped.leave();
    wake(); // the others may have waited for it
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
    stopped.ifPresent(this::leave);
  }

  /** With the lock. */
  private void forget(Subscription subscription) {
    subscriptions.remove(subscription.number(), subscription);
    emptyNanos = nanos.getAsLong();
  }

  // What happens.

  /**
   * The client has shown so much.
   *
   * @param entries whole ones
   */
  void acknowledge(Bytes entries) {
    synchronized (this) {
      ByteBuffer each = entries.asByteBuffer();
      while (each.remaining() >= ENTRY_BYTES) {
        int number = each.getShort() & 0xffff;
        each.getShort(); // nothing yet
        int sequence = each.getInt();
        Subscription subscription = subscriptions.get(number);
        if (subscription != null) { // it may just have ended
          subscription.share().show(sequence);
        }
      }
      pace.reckon();
    }
    wake();
  }

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
    leave(watching);
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
    boolean isNews = false;
    for (BundleConnection watching : connections()) {
      if (watching.isOverdue(nanos.getAsLong())) {
        end(watching, Outcome.NO_PICTURE, Doorkeeper.noPicture(watching.channel()));
        continue;
      }
      if (isSilent(watching)) {
        end(watching, Outcome.TOO_SLOW, "nothing of this was acknowledged for 20 s");
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

  private synchronized boolean isSilent(BundleConnection watching) {
    return !watching.isStopped() && watching.subscription().share().isSilent();
  }
}
