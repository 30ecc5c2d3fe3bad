package dev.zoetrope.monitor;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** Whether the threads that everything depends on still run. Thread-safe. */
public final class Pulse {
  private static final long MOST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanoTime;
  private final List<Executor> workers;
  private final AtomicLongArray heard; // from each worker, in nanoTime
  private final List<AtomicBoolean> asked; // it has not answered yet
  private volatile long beatNanos;
  private volatile boolean stopping;

  /**
   * @param workers each runs one task at a time
   */
  Pulse(LongSupplier nanoTime, List<? extends Executor> workers) {
    this.nanoTime = nanoTime;
    this.workers = List.copyOf(workers);
    heard = new AtomicLongArray(workers.size());
    asked = workers.stream().map(worker -> new AtomicBoolean()).toList();
    beatNanos = nanoTime.getAsLong();
    for (int i = 0; i < workers.size(); i++) {
      heard.set(i, beatNanos);
    }
  }

  /** The timer runs; asks the workers. To be called about every second. */
  void beat() {
    beatNanos = nanoTime.getAsLong();
    for (int i = 0; i < workers.size() && !stopping; i++) {
      int worker = i;
      if (asked.get(i).compareAndSet(false, true)) {
        workers.get(i).execute(() -> answer(worker));
      }
    }
  }

  private void answer(int worker) {
    heard.set(worker, nanoTime.getAsLong());
    asked.get(worker).set(false);
  }

  /** The server is about to stop. */
  void stop() {
    stopping = true;
  }

  /** Whether viewers may be sent here. */
  public boolean isReady() {
    return !stopping;
  }

  /** Which thread has not been heard of for 30 s, for people; empty if all run. */
  public Optional<String> silent() {
    long now = nanoTime.getAsLong();
    if (stopping) {
      return Optional.empty(); // they end as they should
    }
    if (now - beatNanos > MOST_SILENCE_NANOS) {
      return Optional.of("timer");
    }
    for (int i = 0; i < workers.size(); i++) {
      if (now - heard.get(i) > MOST_SILENCE_NANOS) {
        return Optional.of("fan-out " + i);
      }
    }
    return Optional.empty();
  }
}
