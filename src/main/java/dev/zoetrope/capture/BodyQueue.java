package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A body between the thread that brings it and the one that takes it on, which may begin once more
 * as long as the beginning is not forgotten. With {@value #MAX_BYTES} bytes that wait it is full,
 * and as many are kept of the beginning. Thread-safe.
 */
final class BodyQueue {
  static final int MAX_BYTES = 8 << 20;

  // Guarded by this.
  private final Deque<Bytes> ahead = new ArrayDeque<>();
  private long aheadBytes;
  private long broughtBytes; // since the beginning
  private long takenBytes; // the same; what was begun once more is not taken twice
  private final List<Bytes> beginning = new ArrayList<>(); // taken, kept
  private long beginningBytes;
  private boolean keepsBeginning = true;
  private Optional<String> end = Optional.empty(); // why; no words where it is the body's own
  private boolean closed;
  private boolean woken;
  private Optional<Runnable> goOn = Optional.empty(); // wanted since it was full

  /** Takes it, full or not, and never waits. False if nothing is taken any more. */
  synchronized boolean put(Bytes bytes) {
    if (closed || end.isPresent()) {
      return false;
    }
    ahead.add(bytes);
    aheadBytes += bytes.size();
    broughtBytes += bytes.size();
    notifyAll();
    return true;
  }

  /**
   * Whether so much waits that no more should be brought for now.
   *
   * @param whenRoom if so, called once, without a lock, when half of it has been taken or nothing
   *     will be
   */
  synchronized boolean isFull(Runnable whenRoom) {
    boolean isFull = !closed && aheadBytes >= MAX_BYTES;
    goOn = isFull ? Optional.of(whenRoom) : Optional.empty();
    return isFull;
  }

  /** Whom to tell that there is room; nobody where nobody waits for it. */
  private synchronized Optional<Runnable> waitingForRoom() {
    if (!closed && aheadBytes > MAX_BYTES / 2) {
      return Optional.empty();
    }
    Optional<Runnable> waiting = goOn;
    goOn = Optional.empty();
    return waiting;
  }

  /** Nothing more comes. The first reason counts. */
  synchronized void end(String why) {
    if (end.isEmpty()) {
      end = Optional.of(why);
      notifyAll();
    }
  }

  /** Why nothing more comes; empty while something may. */
  synchronized Optional<String> ending() {
    return end;
  }

  /** Waits for the next bytes; empty at the end, when closed, or when woken. */
  Optional<Bytes> take() throws InterruptedException {
    waitingForRoom().ifPresent(Runnable::run);
    return next();
  }

  private synchronized Optional<Bytes> next() throws InterruptedException {
    while (ahead.isEmpty() && end.isEmpty() && !closed && !woken) {
      wait();
    }
    if (closed || woken || ahead.isEmpty()) {
      return Optional.empty();
    }
    Bytes next = ahead.remove();
    aheadBytes -= next.size();
    takenBytes = Math.max(takenBytes, broughtBytes - aheadBytes);
    keep(next);
    notifyAll();
    return Optional.of(next);
  }

  /** How many bytes were taken until now; never fewer than before. */
  synchronized long takenBytes() {
    return takenBytes;
  }

  private void keep(Bytes taken) {
    if (keepsBeginning) {
      beginning.add(taken);
      beginningBytes += taken.size();
      if (beginningBytes > MAX_BYTES) {
        forgetBeginning();
      }
    }
  }

  /** It will not be begun once more. */
  synchronized void forgetBeginning() {
    keepsBeginning = false;
    beginning.clear();
  }

  /** Lets whoever takes come to an end. */
  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Begins once more; false if the beginning is forgotten. For when nobody takes. */
  synchronized boolean rewind() {
    if (!keepsBeginning) {
      return false;
    }
    for (int i = beginning.size() - 1; i >= 0; i--) {
      ahead.addFirst(beginning.get(i));
      aheadBytes += beginning.get(i).size();
    }
    beginning.clear();
    beginningBytes = 0;
    woken = false;
    return true;
  }

  /** Neither gives nor takes any more. */
  void close() {
    synchronized (this) {
      closed = true;
      ahead.clear();
      aheadBytes = 0;
      beginning.clear();
      notifyAll();
    }
    waitingForRoom().ifPresent(Runnable::run);
  }
}
