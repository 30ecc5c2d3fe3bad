package dev.zoetrope.feed;

import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Run;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A blocking reader of a feed, for one thread: an encoder's writer, a packager.
 *
 * <p>It begins at the newest join point, and enters each later run at its first one. When the log
 * overtakes it, it goes on at the newest join point, or the next one. {@link #next} belongs to one
 * thread, {@link #close} to any.
 *
 * <p>While that thread waits, whoever appends does what is quick in its place: waking a thread on a
 * processor that sleeps takes longer than packing a picture.
 *
 * @param <T> packets or fragments
 */
public final class Cursor<T extends Piece> implements AutoCloseable, Runnable {
  private final Feed<T> feed;
  private final Predicate<Entry<T>> quick;
  private volatile Thread reader; // null while it is not waiting
  private volatile boolean closed;

  /** Of who reads; the reading thread gives it away only while it waits. */
  private final ReentrantLock turn = new ReentrantLock();

  // Guarded by turn.
  private Run run; // null until the first entry
  private long next; // while joining, the earliest join point to take
  private boolean joining = true;

  /**
   * @param quick does what is to be done with an entry and returns true, if that is quick and never
   *     waits; called by whoever appends, never at the same time as the reading thread has an entry
   */
  Cursor(Feed<T> feed, Predicate<Entry<T>> quick) {
    this.feed = feed;
    this.quick = quick;
  }

  /**
   * The next entry, as soon as there is one; empty when the feed or this cursor was closed.
   *
   * @throws InterruptedException if the thread is interrupted while waiting
   */
  public Optional<Entry<T>> next() throws InterruptedException {
    if (!turn.isHeldByCurrentThread()) {
      turn.lock(); // for good: it ends with this thread's reading
    }
    while (true) {
      boolean isLast = feed.isClosed(); // before looking: so what came before the close is seen
      Entry<T> entry = poll();
      if (entry != null) {
        return Optional.of(entry);
      }
      if (closed || isLast) {
        return Optional.empty();
      }
      reader = Thread.currentThread();
      if (!isDue() && !closed && !feed.isClosed()) { // again, now that appends will wake us
        turn.unlock();
        LockSupport.park(this);
        turn.lock();
      }
      reader = null;
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean isDue() {
    return joining ? feed.joinPoint() >= next : next <= feed.newest();
  }

  private Entry<T> poll() {
    while (!closed && isDue()) {
      if (joining) {
        long to = feed.joinPoint();
        if (to < next) {
          return null; // a run began in between
        }
        next = to;
      }
      Entry<T> entry = feed.at(next);
      joining = entry == null; // lapped
      if (entry != null) {
        next++;
        if (entry.run() == run || entry.piece().isJoinPoint(entry.run())) {
          run = entry.run();
          return entry;
        }
      }
    }
    return null;
  }

  /** There is a new piece. Any thread. */
  @Override
  public void run() {
    Thread waiting = reader;
    if (waiting != null && !isDoneAtOnce()) {
      LockSupport.unpark(waiting);
    }
  }

  private boolean isDoneAtOnce() {
    if (!turn.tryLock()) {
      return false;
    }
    try {
      while (!joining && !closed && next <= feed.newest()) {
        Entry<T> entry = feed.at(next);
        if (entry == null || entry.run() != run || !quick.test(entry)) {
          return false;
        }
        next++;
      }
      return !joining && !closed && !feed.isClosed();
    } finally {
      turn.unlock();
    }
  }

  /** Lets the reading thread come to its end. Any thread, idempotent. */
  @Override
  public void close() {
    closed = true;
    feed.leave(this);
    run();
  }
}
