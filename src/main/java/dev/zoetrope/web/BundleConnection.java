package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.util.List;

/**
 * A viewer's connection into a socket that it shares with others: a subscription's, until that is
 * paused or ends.
 */
final class BundleConnection implements Connection {
  private final Subscriptions all; // the lock orders all that is said of each
  private final SharedSocket socket;
  private final Pace pace;
  private final Subscription subscription;
  private final Seat seat;
  private final Viewer viewer;
  private final long madeNanos;

  private volatile boolean begun;
  private volatile boolean waiting; // for room
  private volatile boolean stopped; // written with the lock of all
  private SourceWords told; // guarded by all; null before the first

  /**
   * Joins; nothing is sent before {@link #wake}.
   *
   * @param seat given back when this is left
   */
  BundleConnection(
      Subscriptions all,
      SharedSocket socket,
      Pace pace,
      Subscription subscription,
      Seat seat,
      long nowNanos) {
    this.all = all;
    this.socket = socket;
    this.pace = pace;
    this.subscription = subscription;
    this.seat = seat;
    madeNanos = nowNanos;
    Connection joined = subscription.wanted().cards().to(this, seat.lease());
    viewer = Viewer.join(seat.lease().feed(), joined, seat.client());
  }

  Channel channel() {
    return seat.channel();
  }

  /** Figures of this moment. */
  SentStats sent() {
    return new SentStats(channel().id(), seat.rendition(), viewer.stats());
  }

  Subscription subscription() {
    return subscription;
  }

  /** What answers the request for it. */
  String subscribed() {
    return BundleMessages.subscribed(
        subscription.number(), channel().id().value(), seat.lease().word(), seat.rendition());
  }

  /** What is to be told of the source, if that is news. With the lock of all. */
  boolean isNews(SourceWords words) {
    boolean isNews = told == null || !told.isLike(words);
    told = words;
    return isNews;
  }

  /** Whether it has waited too long for its first picture. */
  boolean isOverdue(long nowNanos) {
    return !begun && nowNanos - madeNanos > Doorkeeper.PATIENCE.toNanos();
  }

  /** Begins. */
  void wake() {
    viewer.wake();
  }

  /** There may be room, should this have waited for it. Any thread. */
  void wakeIfWaiting() {
    if (waiting) {
      waiting = false;
      viewer.wake();
    }
  }

  /** With the lock of all: nothing is sent any more. */
  void stop() {
    stopped = true;
  }

  /** Whether nothing is sent any more. */
  boolean isStopped() {
    return stopped;
  }

  /** Gives back all that is held. Any thread, idempotent, without the lock of all. */
  void leave() {
    viewer.leave();
    seat.lease().close();
  }

  @Override
  public boolean isReady() {
    if (stopped || hasRoom()) {
      return !stopped;
    }
    waiting = true; // before looking again: one of us both sees what the other did
    return hasRoom();
  }

  private boolean hasRoom() {
    return subscription.share().hasRoom() && socket.isReady();
  }

  @Override
  public long delayMicros() {
    return pace.delayMicros();
  }

  @Override
  public boolean wantsEarlySound() {
    return seat.wording().wantsEarlySound();
  }

  @Override
  public boolean begin(Run run, Fragment first) {
    begun = true;
    send(seat.wording().begin(run, first));
    return true;
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    send(seat.wording().write(fragment, joining));
  }

  @Override
  public void write(Entry<Fragment> entry, boolean joining) {
    send(seat.wording().write(entry, joining));
  }

  private void send(List<Outgoing> messages) {
    if (messages.isEmpty()) {
      return;
    }
    boolean isTime = false;
    synchronized (all) {
      if (stopped) {
        return;
      }
      for (Outgoing message : messages) {
        isTime |= message.addTo(socket, subscription.share());
      }
    }
    if (isTime) {
      socket.flush();
    }
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED -> all.end(this, Outcome.STREAM_RESTARTED, "the stream restarted");
      case FEED_CLOSED -> all.endWithSource(this);
      case CUT -> all.end(this, Outcome.CUT, "ended by the operator");
      case FAILED -> all.end(this, Outcome.STOPPED, "the server made a mistake");
      case STALLED -> stall();
      case LEFT -> leave();
    }
  }

  /** Nothing was taken for long: by the socket, or just for this subscription. */
  private void stall() {
    if (socket.isReady()) {
      all.end(this, Outcome.TOO_SLOW, "nothing of this was taken for too long");
    } else {
      socket.cut();
    }
  }
}
