package dev.zoetrope.feed;

import dev.zoetrope.feed.Connection.Ending;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Moves one connection along a feed of fragments, as fast as the connection takes them.
 *
 * <p>What a viewer gets is gap-free from a join point on; where it was too slow, it goes on at the
 * newest join point if that is young enough, else at the next one, and the fragments between are
 * counted as skipped. How long it takes to arrive counts as age, as far as the connection knows.
 */
public final class Viewer {
  private static final Logger LOG = System.getLogger(Viewer.class.getName());

  /** After so many it is the turn of the worker's other viewers. */
  private static final int MOST_STEPS = 256;

  /** A connection that has taken nothing for so long is closed. */
  private static final long MOST_STUCK_NANOS = 20_000_000_000L;

  private final Feed<Fragment> feed;
  private final Connection connection;
  private final Stripe stripe;
  private final Client client;
  private final AtomicBoolean due = new AtomicBoolean(); // the worker has, or will get, this viewer

  // Confined to the stripe's worker.
  private Run run; // null until started
  private long next; // sequence
  private boolean seeking = true; // next is not yet the join point to take, but the earliest
  private boolean joining = true; // next is a join point with a gap, or the run's head, before it
  private long joinMicros; // pts where it joined: sound that lags behind the picture begins there

  private boolean isStuck; // the connection takes nothing
  private long stuckNanos; // since when

  private volatile boolean started;
  private volatile boolean moved; // the connection took something, ready or not
  private volatile boolean ended;

  // Written by the worker only; for who reads sent first, all are of that moment or newer.
  private long bytes;
  private long newestMicros; // by capture time, of what was written
  private volatile long skipped;
  private volatile long sent;

  /**
   * A viewer that follows {@code feed} over {@code connection}, from the newest join point on. It
   * starts with the first {@link #wake}, and asks nothing of the connection before, so that both
   * may be made together.
   */
  public static Viewer join(Feed<Fragment> feed, Connection connection, Client client) {
    Stripe stripe = feed.nextStripe();
    Viewer viewer = new Viewer(feed, connection, stripe, client);
    stripe.add(viewer);
    ViewerJoined.note(client);
    return viewer;
  }

  private Viewer(Feed<Fragment> feed, Connection connection, Stripe stripe, Client client) {
    this.feed = feed;
    this.connection = connection;
    this.stripe = stripe;
    this.client = client;
  }

  /** There may be room in the socket. The first call starts the viewer. Any thread. */
  public void wake() {
    started = true;
    moved = true;
    if (!ended && due.compareAndSet(false, true)) {
      stripe.execute(this::advanceAlone);
    }
  }

  private void advanceAlone() {
    due.set(false); // before looking: a wake from here on comes again
    advance(isFree());
  }

  /** The client has gone. Any thread, idempotent. */
  public void leave() {
    ended = true;
    if (stripe.remove(this)) {
      ViewerLeft.note(this);
    }
  }

  /** Ends it soon, whatever its connection does. Any thread, idempotent. */
  public void cut() {
    stripe.execute(
        () -> {
          if (!ended) {
            end(Ending.CUT);
          }
        });
  }

  /** Who it is. Any thread. */
  Client client() {
    return client;
  }

  /** Bytes of the fragments written so far. Any thread. */
  long bytes() {
    return sent == 0 ? 0 : bytes; // sent before bytes: see where it is written
  }

  /** Figures of this moment. Any thread. */
  public ViewerStats stats() {
    long written = sent; // before the others: see where it is written
    long age = written == 0 ? -1 : feed.wallMicros() - newestMicros;
    return new ViewerStats(client, written, skipped, bytes, age);
  }

  /** Whether the connection takes something now. On the stripe's worker only. */
  boolean isFree() {
    try {
      return started && !ended && connection.isReady();
    } catch (RuntimeException e) {
      endBroken(e);
      return false;
    }
  }

  /**
   * On the stripe's worker only.
   *
   * @param isFree what {@link #isFree} said a moment ago
   */
  void advance(boolean isFree) {
    if (!started || ended) { // the stripe may hold it a moment longer
      return;
    }
    boolean isLast = feed.isClosed(); // before looking: so what came before the close is seen
    try {
      watchProgress(isFree);
      boolean goesOn = isFree;
      for (int steps = 0; goesOn && steps < MOST_STEPS; steps++) {
        goesOn = !ended && step() && !hasCaughtUp() && connection.isReady();
      }
      if (!ended) {
        connection.flush();
      }
      if (goesOn) {
        wake();
      }
    } catch (IOException e) {
      end(Ending.FAILED);
    } catch (RuntimeException e) {
      endBroken(e);
    }
    if (isLast && !ended) {
      end(Ending.FEED_CLOSED);
    }
  }

  /** A connection that takes nothing any more is ended. */
  private void watchProgress(boolean isFree) {
    if (isFree) {
      isStuck = false;
      return;
    }
    long now = feed.nanoTime();
    if (moved || !isStuck) {
      moved = false;
      isStuck = true;
      stuckNanos = now;
    } else if (now - stuckNanos > MOST_STUCK_NANOS) {
      feed.countStalled();
      end(Ending.STALLED);
    }
  }

  private boolean hasCaughtUp() {
    return !seeking && next > feed.newest();
  }

  /** Writes or skips one entry; false when there is nothing to do for now. */
  private boolean step() throws IOException {
    if (seeking && !seek()) {
      return false;
    }
    if (hasCaughtUp()) {
      return false;
    }
    Entry<Fragment> entry = feed.at(next);
    if (entry == null || isOvertaken(entry)) {
      seeking = true; // lapped
      return true;
    }
    if (isTooLate(entry)) {
      return false; // the next join point is due
    }
    if (entry.run() != run) {
      return enter(entry);
    }
    Fragment fragment = entry.piece();
    if (joining) {
      joinMicros = fragment.ptsMicros();
    } else if (isEarlySound(fragment) && !connection.wantsEarlySound()) {
      next++;
      return true;
    }
    connection.write(entry, joining);
    joining = false;
    bytes += fragment.size();
    newestMicros = fragment.captureMicros();
    long before = sent; // only this thread writes it
    sent = before + 1;
    next++;
    return true;
  }

  private boolean isEarlySound(Fragment fragment) {
    return fragment.kind() == Kind.AUDIO && fragment.ptsMicros() < joinMicros;
  }

  /** Moves to where a decoder can start: the newest join point, or none yet. */
  private boolean seek() {
    long to = feed.joinPoint();
    if (to < next) {
      return false;
    }
    if (run != null) {
      Entry<Fragment> entry = feed.at(to);
      if (entry == null) {
        return false;
      }
      if (entry.run() == run && feed.isStale(entry.piece(), 0)) {
        skipTo(to + 1); // too old by now: the next one
        return false;
      }
      skipTo(to);
    }
    next = to;
    seeking = false;
    joining = true;
    return true;
  }

  private void skipTo(long to) {
    long before = skipped; // only this thread writes it
    skipped = before + to - next;
    feed.countSkipped(to - next);
    if (to > next) {
      ViewerLapped.note(client, to - next);
    }
    next = to;
  }

  private boolean isOvertaken(Entry<Fragment> entry) {
    long to = feed.joinPoint();
    if (to <= next || !isStale(entry)) {
      return false;
    }
    Entry<Fragment> newer = feed.at(to);
    return newer != null && !isStale(newer);
  }

  /** Whether it is not worth the way any more, where the way is what delays. */
  private boolean isTooLate(Entry<Fragment> entry) {
    if (connection.delayMicros() == 0 || !isStale(entry)) {
      return false;
    }
    Entry<Fragment> newest = feed.at(Math.max(0, feed.joinPoint()));
    return newest != null && !feed.isStale(newest.piece(), 0);
  }

  /** Whether it would be too old when it arrives. */
  private boolean isStale(Entry<Fragment> entry) {
    return feed.isStale(entry.piece(), connection.delayMicros());
  }

  private boolean enter(Entry<Fragment> entry) throws IOException {
    if (!entry.piece().isJoinPoint()) {
      next++; // a run is entered at its first join point
      return true;
    }
    if (!connection.begin(entry.run(), entry.piece())) {
      connection.flush();
      end(Ending.STREAM_RESTARTED);
      return false;
    }
    run = entry.run();
    joining = true; // the fragment itself follows as soon as there is room
    return true;
  }

  /** By a mistake of ours, but this viewer's alone: the others of the worker go on. */
  private void endBroken(RuntimeException mistake) {
    LOG.log(Level.ERROR, "viewer ended by a broken invariant", mistake);
    end(Ending.FAILED);
  }

  private void end(Ending why) {
    leave();
    try {
      connection.close(why);
    } catch (RuntimeException e) { // against its contract; the others of the worker go on
      LOG.log(Level.ERROR, "connection broke while closing", e);
    }
  }
}
