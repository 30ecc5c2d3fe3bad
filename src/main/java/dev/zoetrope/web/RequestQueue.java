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
  private final Executor timer;
  private final int most; // that wait
  private final Consumer<Request> doing;

  // Guarded by this.
  private final Deque<Request> waiting = new ArrayDeque<>();
  private boolean isWorking; // the timer is at them, or will be

  /**
   * @param most so many wait for one that takes its time
   */
  RequestQueue(Executor timer, int most, Consumer<Request> doing) {
    this.timer = timer;
    this.most = most;
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
        if (waiting.size() >= most) {
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
