package dev.zoetrope.bench.fanout;

import dev.zoetrope.bench.fanout.Load.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Plays the viewers of a {@link Load}: one thread, one selector, one buffer for all; or several
 * such threads, where one is not enough. Every stream is read and checked in full.
 */
final class LoadClient {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Of those who are fleeting, who wait for their first frame in any case. */
  private static final Duration STAY = Duration.ofSeconds(1);

  /** Between two reads of a slow viewer. */
  private static final Duration SLOW_STEP = Duration.ofMillis(100);

  private final Load load;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final Selector selector;
  private final Thread thread;
  private final CountDownLatch arrivals; // of response heads, or of failures instead

  // Set by the coordinating thread.
  private volatile boolean isCounting;
  private volatile boolean isOver;

  // Confined to the client's thread until it has ended.
  private final List<LoadViewer> viewers = new ArrayList<>();
  private final Map<String, Integer> errors = new TreeMap<>();
  private final Latencies latencies = new Latencies();
  private final Latencies slowLatencies = new Latencies();
  private final List<Pace> toCome;
  private final Deque<LoadViewer> fleeting = new ArrayDeque<>();
  private final Latencies joins = new Latencies();
  private final Latencies unused = new Latencies(); // of those who are fleeting
  private double nextJoinNanos;
  private boolean wasCounting;
  private Snapshot snapshot;

  /** What had come when the window closed. */
  private record Snapshot(List<Long> frames, long bytes) {}

  /** Runs a load against the process {@code server}. */
  static LoadReport run(Load load, ProcessHandle server) throws Exception {
    CountDownLatch arrivals = new CountDownLatch(load.viewers());
    List<LoadClient> clients = new ArrayList<>();
    for (int number = 0; number < load.threads(); number++) {
      clients.add(new LoadClient(load, number, arrivals));
    }
    try {
      clients.forEach(client -> client.thread.start());
      boolean isComplete = arrivals.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Thread.sleep(load.settle().toMillis());
      LoadReport report = measure(load, clients, server);
      if (!isComplete) {
        report.errors().merge("no answer in " + PATIENCE, (int) arrivals.getCount(), Integer::sum);
      }
      return report;
    } finally {
      for (LoadClient client : clients) {
        client.end();
      }
    }
  }

  private static LoadReport measure(Load load, List<LoadClient> clients, ProcessHandle server)
      throws InterruptedException, IOException {
    clients.forEach(client -> client.isCounting = true);
    Meter meter = new Meter(server, clients.stream().map(client -> client.thread).toList());
    Thread.sleep(load.window().toMillis());
    Cost cost = meter.stop();
    clients.forEach(client -> client.isCounting = false);
    for (LoadClient client : clients) {
      client.end();
    }
    return report(load, clients, cost);
  }

  private static LoadReport report(Load load, List<LoadClient> clients, Cost cost) {
    Latencies latencies = new Latencies();
    Latencies slowLatencies = new Latencies();
    Latencies firsts = new Latencies();
    Latencies joins = new Latencies();
    Map<String, Integer> errors = new TreeMap<>();
    List<Long> counts = new ArrayList<>();
    long bytes = 0;
    for (LoadClient client : clients) {
      latencies.addAll(client.latencies);
      slowLatencies.addAll(client.slowLatencies);
      joins.addAll(client.joins);
      client.viewers.stream()
          .filter(viewer -> viewer.pace == Pace.PROMPT && viewer.firstMicros() > 0)
          .forEach(viewer -> firsts.add(viewer.firstMicros()));
      client.errors.forEach((what, count) -> errors.merge(what, count, Integer::sum));
      counts.addAll(client.snapshot.frames());
      bytes += client.snapshot.bytes();
    }
    double due = load.way().fps * cost.seconds();
    long frames = counts.stream().mapToLong(Long::longValue).sum();
    int viewers = counts.size();
    return new LoadReport(
        cost,
        viewers,
        frames,
        bytes,
        (int) counts.stream().filter(count -> count >= 0.95 * due).count(),
        Math.max(0, 100 * (1 - frames / (due * viewers))),
        latencies,
        firsts,
        slowLatencies,
        joins,
        errors);
  }

  private LoadClient(Load load, int number, CountDownLatch arrivals) throws IOException {
    this.load = load;
    this.arrivals = arrivals;
    selector = Selector.open();
    toCome = new ArrayList<>();
    for (int viewer = number; viewer < load.viewers(); viewer += load.threads()) {
      toCome.add(load.pace(viewer));
    }
    thread = new Thread(this::play, "load client " + number);
    thread.setDaemon(true);
  }

  /** Idempotent. */
  private void end() throws IOException, InterruptedException {
    isOver = true;
    selector.wakeup();
    thread.join();
    for (LoadViewer viewer : viewers) {
      viewer.close();
    }
    for (LoadViewer viewer : fleeting) {
      viewer.close();
    }
    selector.close();
  }

  private void play() {
    try {
      long start = System.nanoTime();
      long nextSlow = start;
      while (!isOver) {
        connect(start);
        selector.select(this::serve, toCome.isEmpty() ? 20 : 1);
        if (System.nanoTime() >= nextSlow) {
          nextSlow += SLOW_STEP.toNanos();
          readSlowly();
        }
        heedWindow();
        comeAndGo();
      }
      heedWindow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void connect(long start) throws IOException {
    double seconds = (System.nanoTime() - start) / 1e9;
    int due = (int) (seconds * load.ramp() / load.threads()) + 1;
    while (!toCome.isEmpty() && viewers.size() < due) {
      Pace pace = toCome.remove(toCome.size() - 1);
      Latencies target = pace == Pace.PROMPT ? latencies : slowLatencies;
      viewers.add(new LoadViewer(load, pace, target, selector));
    }
  }

  private void serve(SelectionKey key) {
    LoadViewer viewer = (LoadViewer) key.attachment();
    try {
      if (key.isConnectable()) {
        viewer.ask(key);
        return;
      }
      boolean hadBegun = viewer.hasBegun();
      viewer.read(buffer);
      if (!hadBegun && viewer.hasBegun()) {
        arrivals.countDown();
        if (!viewer.pace.readsAtOnce()) {
          key.interestOps(0);
        }
      }
    } catch (IOException | BadStreamException e) {
      drop(viewer, e);
    }
  }

  private void readSlowly() {
    int share = (int) (load.slowBytes() * SLOW_STEP.toMillis() / 1000);
    for (LoadViewer viewer : viewers) {
      if (viewer.pace == Pace.SLOW && viewer.isOpen() && viewer.hasBegun()) {
        try {
          viewer.read(buffer.clear().slice(0, Math.min(share, BUFFER_BYTES)));
        } catch (IOException | BadStreamException e) {
          drop(viewer, e);
        }
      }
    }
  }

  private void drop(LoadViewer viewer, Exception why) {
    errors.merge(viewer.pace + ": " + why.getMessage(), 1, Integer::sum);
    if (!viewer.hasBegun()) {
      arrivals.countDown();
    }
    try {
      viewer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those who are fleeting. */
  private void comeAndGo() throws IOException {
    while (wasCounting && load.joins() > 0 && System.nanoTime() - nextJoinNanos > 0) {
      nextJoinNanos += 1e9 / load.joins() * load.threads();
      fleeting.add(new LoadViewer(load, Pace.FLEETING, unused, selector));
    }
    while (!fleeting.isEmpty() && hasStayed(fleeting.peek())) {
      LoadViewer viewer = fleeting.remove();
      if (viewer.firstMicros() > 0) {
        joins.add(viewer.firstMicros());
      } else if (viewer.isOpen()) {
        errors.merge(viewer.pace + ": no frame in " + PATIENCE, 1, Integer::sum);
      }
      viewer.close();
    }
  }

  private static boolean hasStayed(LoadViewer viewer) {
    boolean waits = viewer.isOpen() && viewer.firstMicros() <= 0;
    return viewer.ageNanos() > (waits ? PATIENCE : STAY).toNanos();
  }

  private void heedWindow() {
    boolean counts = isCounting;
    if (counts == wasCounting) {
      return;
    }
    wasCounting = counts;
    if (counts) {
      nextJoinNanos = System.nanoTime();
      viewers.forEach(LoadViewer::forget);
      latencies.clear();
      slowLatencies.clear();
      return;
    }
    List<LoadViewer> prompt =
        viewers.stream().filter(viewer -> viewer.pace == Pace.PROMPT).toList();
    snapshot =
        new Snapshot(
            prompt.stream().map(viewer -> viewer.frames).toList(),
            prompt.stream().mapToLong(viewer -> viewer.bytes).sum());
  }
}
