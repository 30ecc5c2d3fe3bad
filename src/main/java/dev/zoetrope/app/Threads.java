package dev.zoetrope.app;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The node's threads, but for those of captures: the timer's, the fan-out, one that delivers
 * events, and those that tell webhooks. Each kind is ended by itself, in the order that the stop
 * needs; that is idempotent.
 */
final class Threads {
  private static final Logger LOG = System.getLogger(Threads.class.getName());

  /** The shortest time of {@link #quicklyEvery}. */
  static final long BEAT_MILLIS = 200;

  private static final int TIMER_THREADS = 4;
  private static final int MESSENGER_THREADS = 2;

  /** So many events wait for observers that are busy. */
  private static final int MOST_EVENTS = 1000;

  /** What viewers have to end in, once their feeds are closed; the whole stop may take 4 s. */
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(TIMER_THREADS, factory("timer"));
  private final List<LongConsumer> quick = new CopyOnWriteArrayList<>(); // given the beat's number
  private final List<ExecutorService> workers = new ArrayList<>();
  private final ThreadPoolExecutor observers =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_EVENTS),
          factory("events"),
          (event, executor) -> {
            if (!executor.isShutdown()) {
              LOG.log(Level.WARNING, "an event is dropped: an observer has been busy for long");
            }
          });

  private final ExecutorService messengers =
      Executors.newFixedThreadPool(MESSENGER_THREADS, factory("webhooks")); // begun when needed

  Threads() {
    timer.setRemoveOnCancelPolicy(true);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // when stopping
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      workers.add(Executors.newSingleThreadExecutor(factory("fan-out " + i)));
    }
  }

  private static ThreadFactory factory(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + (count.getAndIncrement() == 0 ? "" : " " + count));
      thread.setDaemon(true);
      return thread;
    };
  }

  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  /** For what looks up hosts, which may take long. */
  ExecutorService messengers() {
    return messengers;
  }

  /** Where viewers advance; each runs one task at a time. */
  List<ExecutorService> workers() {
    return workers;
  }

  /**
   * How events get to observers: by a thread of our own, where Weld is. Its pool would wait a
   * minute for an observer that is busy when the server stops, and brings events to them in any
   * order.
   *
   * @param events of the CDI that there is
   */
  NotificationOptions delivery(Event<?> events) {
    boolean isOurs = events.getClass().getClassLoader() == Threads.class.getClassLoader();
    if (!isOurs) {
      return NotificationOptions.builder().build();
    }
    observers.prestartCoreThread(); // while the context class loader is the application's
    return NotificationOptions.ofExecutor(observers);
  }

  /**
   * Has {@code task} done by the timer from now on, again and again.
   *
   * @param what it does, for the log, should it fail
   */
  Future<?> every(long millis, String what, Runnable task) {
    return timer.scheduleWithFixedDelay(
        () -> attempt(what, task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * The same for what is quick and waits for nobody: all of these are done one after the other, at
   * the cost of one wake. Before {@link #startBeat}.
   *
   * @param millis a multiple of {@link #BEAT_MILLIS}
   */
  void quicklyEvery(long millis, String what, Runnable task) {
    long beats = millis / BEAT_MILLIS;
    quick.add(
        beat -> {
          if (beat % beats == 0) {
            attempt(what, task);
          }
        });
  }

  void startBeat() {
    AtomicLong beats = new AtomicLong();
    var unused =
        every(
            BEAT_MILLIS,
            "the beat",
            () -> {
              long beat = beats.incrementAndGet();
              quick.forEach(each -> each.accept(beat));
            });
  }

  private static void attempt(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) { // ours: all else goes on, and so does this
      LOG.log(Level.ERROR, what + " broke an invariant", e);
    }
  }

  void endObservers() {
    observers.shutdownNow();
    messengers.shutdown(); // what is broken off has to be told so
  }

  /** Lets them tell the viewers before. */
  void endWorkers() {
    workers.forEach(ExecutorService::shutdown);
    long end = System.nanoTime() + STOP_NANOS;
    try {
      for (ExecutorService worker : workers) {
        if (!worker.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.log(Level.WARNING, "not all viewers could be told of the end");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void endTimer() {
    timer.shutdownNow();
  }
}
