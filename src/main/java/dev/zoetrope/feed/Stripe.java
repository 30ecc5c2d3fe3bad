package dev.zoetrope.feed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The viewers of one feed that one worker serves: woken together, at the cost of one wake. */
final class Stripe {
  private final Executor worker;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean due = new AtomicBoolean(); // the worker has, or will get, this stripe

  Stripe(Executor worker) {
    this.worker = worker;
  }

  void add(Viewer viewer) {
    viewers.add(viewer);
  }

  void remove(Viewer viewer) {
    viewers.remove(viewer);
  }

  int size() {
    return viewers.size();
  }

  /** There is a new piece. Any thread. */
  void wake() {
    if (!viewers.isEmpty() && due.compareAndSet(false, true)) {
      worker.execute(this::advanceAll);
    }
  }

  private void advanceAll() {
    due.set(false); // before looking: what is appended from here on wakes again
    for (Viewer viewer : viewers) {
      viewer.advance();
    }
  }

  void execute(Runnable task) {
    worker.execute(task);
  }
}
