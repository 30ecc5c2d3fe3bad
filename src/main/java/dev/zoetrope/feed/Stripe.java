package dev.zoetrope.feed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The viewers of one feed that one worker serves: woken together, at the cost of one wake. */
final class Stripe {
  /**
   * So many are asked before the first of them is served. Since the last piece, sending has driven
   * all that belongs to a viewer out of the processor's cache; so it is fetched for many at once.
   */
  private static final int TOGETHER = 16;

  private final Executor worker;
  private final AtomicBoolean due = new AtomicBoolean(); // the worker has, or will get, this stripe

  /** In the order in which they came, which is that of their sockets in the kernel's memory. */
  private final Set<Viewer> viewers = new LinkedHashSet<>(); // guarded by itself

  private long goneBytes; // that those have got that have left; guarded by viewers
  private volatile int size; // written with the lock
  private volatile boolean changed; // since the worker has looked

  // Confined to the worker.
  private final boolean[] free = new boolean[TOGETHER];
  private Viewer[] inTurn = {}; // a copy: walking the set is dear, each time and for thousands

  Stripe(Executor worker) {
    this.worker = worker;
  }

  void add(Viewer viewer) {
    synchronized (viewers) {
      viewers.add(viewer);
      size = viewers.size();
      changed = true;
    }
  }

  /** Whether it was there. */
  boolean remove(Viewer viewer) {
    synchronized (viewers) {
      boolean wasThere = viewers.remove(viewer);
      if (wasThere) {
        goneBytes += viewer.bytes();
      }
      size = viewers.size();
      changed = true;
      return wasThere;
    }
  }

  List<Viewer> viewers() {
    synchronized (viewers) {
      return List.copyOf(viewers);
    }
  }

  /** What all its viewers have got so far, also those that have left. */
  long bytes() {
    synchronized (viewers) {
      long sum = goneBytes;
      for (Viewer viewer : viewers) {
        sum += viewer.bytes();
      }
      return sum;
    }
  }

  int size() {
    return size;
  }

  /** There is a new piece. Any thread. */
  void wake() {
    boolean isOfInterest = size > 0 || changed; // those that have left are let go
    if (isOfInterest && due.compareAndSet(false, true)) {
      worker.execute(this::advanceAll);
    }
  }

  private void advanceAll() {
    due.set(false); // before looking: what is appended from here on wakes again
    if (changed) {
      synchronized (viewers) {
        changed = false;
        inTurn = viewers.toArray(Viewer[]::new);
      }
    }
    for (int from = 0; from < inTurn.length; from += TOGETHER) {
      int count = Math.min(TOGETHER, inTurn.length - from);
      for (int i = 0; i < count; i++) {
        free[i] = inTurn[from + i].isFree();
      }
      for (int i = 0; i < count; i++) {
        inTurn[from + i].advance(free[i]);
      }
    }
  }

  void execute(Runnable task) {
    worker.execute(task);
  }
}
