package dev.zoetrope.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Has the requests of one client done one after the other, in order: at once where that takes no
 * time and none waits, else by the timer, which does one at a time and then what others want.
 */
final class RequestQueue {
  /** So many wait for one that takes its time. */
  private static final int MOST_WAITING = 256;

  private final Executor timer;
  private final Consumer<Request> doing;

  // Guarded by this.
  private final Deque<Request> waiting = new ArrayDeque<>();
  private boolean isWorking; // the timer is at them, or will be

  RequestQueue(Executor timer, Consumer<Request> doing) {
    this.timer = timer;
    this.doing = doing;
  }

  /**
   * One more. On one thread at a time.
   *
   * @return false if there is no room for it
   */
  boolean take(Request request) {
    synchronized (this) {
      if (isWorking || request.takesTime()) {
        if (waiting.size() >= MOST_WAITING) {
          return false;
        }
        waiting.addLast(request);
        if (isWorking) {
          return true;
        }
        isWorking = true;
      }
    }
    if (request.takesTime()) {
      timer.execute(this::work);
    } else {
      doing.accept(request);
    }
    return true;
  }

  private void work() {
    Request next;
    synchronized (this) {
      next = waiting.pollFirst();
      if (next == null) { // cleared
        isWorking = false;
        return;
      }
    }
    doing.accept(next);
    synchronized (this) {
      isWorking = !waiting.isEmpty();
      if (!isWorking) {
        return;
      }
    }
    timer.execute(this::work);
  }

  /** Nothing that waits is to be done any more. */
  synchronized void clear() {
    waiting.clear();
  }
}
