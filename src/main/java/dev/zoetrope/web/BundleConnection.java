package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;

/**
 * A viewer's connection into a socket that it shares with others: a subscription's, until that is
 * paused or ends.
 */
final class BundleConnection implements Connection {
  private final Subscriptions all; // the lock orders all that is said of each
  private final SharedSocket socket;
  private final Pace pace;
  private final Subscription subscription;
  private final Channel channel;
  private final Rendition rendition;
  private final Lease lease;
  private final Tracks tracks;
  private final Framing framing;
  private final Viewer viewer;
  private final long madeNanos;

  private volatile boolean begun;
  private volatile boolean waiting; // for room
  private volatile boolean stopped; // written with the lock of all
  private SourceWords told; // guarded by all; null before the first

  // Confined to the viewer's worker.
  private boolean starts; // the next fragment does not continue what was sent

  /**
   * Joins; nothing is sent before {@link #wake}.
   *
   * @param lease closed when this is left
   */
  BundleConnection(
      Subscriptions all,
      SharedSocket socket,
      Pace pace,
      Subscription subscription,
      Channel channel,
      Rendition rendition,
      Lease lease,
      long nowNanos) {
    this.all = all;
    this.socket = socket;
    this.pace = pace;
    this.subscription = subscription;
    this.channel = channel;
    this.rendition = rendition;
    this.lease = lease;
    tracks = subscription.wanted().tracks();
    framing = tracks.framing(lease.format());
    madeNanos = nowNanos;
    Connection joined = subscription.wanted().cards().to(this, lease);
    viewer = Viewer.join(lease.feed(), joined, lease.client(lease.format().word()));
  }

  Channel channel() {
    return channel;
  }

  Subscription subscription() {
    return subscription;
  }

  /** What answers the request for it. */
  String subscribed() {
    return BundleMessages.subscribed(
        subscription.number(), channel.id().value(), rendition.format().word(), rendition.name());
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
    lease.close();
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
  public boolean begin(Run run, Fragment first) {
    begun = true;
    Bytes head = framing.head(run, first);
    int number = subscription.number();
    String init = BundleMessages.init(number, run, framing, tracks, !head.isEmpty());
    boolean isTime;
    synchronized (all) {
      if (stopped) {
        return true;
      }
      isTime = socket.add(init);
      if (!head.isEmpty()) {
        isTime |= add(BundleMessages.INIT_SEGMENT, 0, 0, head);
      }
    }
    flushIf(isTime);
    return true;
  }

  /** With the lock of all. */
  private boolean add(int kind, int flags, long captureMicros, Bytes payload) {
    int sequence = subscription.share().send(payload.size());
    return socket.add(
        BundleMessages.tag(kind, flags, subscription.number(), sequence, captureMicros), payload);
  }

  private void flushIf(boolean isTime) {
    if (isTime) {
      socket.flush();
    }
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    starts |= joining;
    Bytes payload = tracks.take(fragment.kind()) ? framing.frame(fragment, joining) : Bytes.EMPTY;
    if (payload.isEmpty()) {
      return;
    }
    int flags = flags(fragment);
    boolean isTime;
    synchronized (all) {
      if (stopped) {
        return;
      }
      isTime = add(BundleMessages.FRAGMENT, flags, fragment.captureMicros(), payload);
    }
    starts = false;
    flushIf(isTime);
  }

  private int flags(Fragment fragment) {
    return (starts ? BundleMessages.START : 0)
        | (fragment.isJoinPoint() ? BundleMessages.KEY : 0)
        | (fragment.kind() == Codec.Kind.AUDIO ? BundleMessages.SOUND : 0)
        | (lease.isOfSource(fragment) ? 0 : BundleMessages.CARD);
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
