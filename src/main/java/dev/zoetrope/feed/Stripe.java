package dev.zoetrope.feed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The viewers of one feed that one worker serves: woken together, at the cost of one wake. */
final class Stripe {
  private final Executor worker;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
  private volatile boolean changed; // since the worker has looked at viewers
  private final AtomicBoolean due = new AtomicBoolean(); // the worker has, or will get, this stripe

  /** An array: with thousands, walking the set costs as much as all else. Written by the worker. */
  private volatile Viewer[] inTurn = {};

  Stripe(Executor worker) {
    this.worker = worker;
  }

  void add(Viewer viewer) {
    viewers.add(viewer);
    changed = true;
  }

  void remove(Viewer viewer) {
    viewers.remove(viewer);
    changed = true;
  }

  int size() {
    return viewers.size();
  }

  /** There is a new piece. Any thread. */
  void wake() {
    boolean isOfInterest = !viewers.isEmpty() || inTurn.length > 0; // those that left are let go
    if (isOfInterest && due.compareAndSet(false, true)) {
      worker.execute(this::advanceAll);
    }
  }

  private void advanceAll() {
    due.set(false); // before looking: what is appended from here on wakes again
    if (changed) {
      changed = false;
      inTurn = viewers.toArray(Viewer[]::new);
    }
    for (Viewer viewer : inTurn) {
      viewer.advance();
    }
  }

  void execute(Runnable task) {
    worker.execute(task);
  }
}
