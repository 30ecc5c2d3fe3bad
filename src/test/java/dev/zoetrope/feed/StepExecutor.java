package dev.zoetrope.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs what it was given when the test says so, on the test's thread, in order. */
final class StepExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  int size() {
    return tasks.size();
  }

  /** Runs the oldest task. */
  void step() {
    tasks.removeFirst().run();
  }

  /** Runs until nothing is left, also of what comes meanwhile. */
  void runAll() {
    while (!tasks.isEmpty()) {
      step();
    }
  }
}
