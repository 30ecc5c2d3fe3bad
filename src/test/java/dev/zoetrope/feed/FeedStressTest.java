package dev.zoetrope.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The invariant of a feed, with real threads: what a reader gets is gap-free from a join point on,
 * and each gap, as each run, ends at a join point. One writer at full speed, viewers of every
 * speed, random runs, join points, joins and leaves.
 */
@Timeout(120)
class FeedStressTest {
  private static final long SEED = 20260101;
  private static final int PIECES = 400_000;
  private static final int WORKERS = 3;
  private static final int VIEWERS = 60;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A piece that knows its place, so that a reader can tell what it missed. */
  private record Numbered(long number, int run, boolean isJoinPoint, long captureMicros)
      implements Fragment {
    @Override
    public int size() {
      return 100;
    }

    @Override
    public long ptsMicros() {
      return captureMicros;
    }

    @Override
    public Kind kind() {
      return Kind.VIDEO;
    }

    @Override
    public Bytes bytes() {
      return Bytes.EMPTY;
    }
  }

  /** Sees that the invariant holds. Confined to one thread at a time. */
  private static final class Checker {
    private final String reader;
    private final ConcurrentLinkedQueue<String> faults;
    private int run = -1;
    private volatile long last = -1; // the test looks at it
    long gaps;

    Checker(String reader, ConcurrentLinkedQueue<String> faults) {
      this.reader = reader;
      this.faults = faults;
    }

    void see(int ofRun, Numbered piece) {
      if (piece.run() != ofRun) {
        fault(piece + " in run " + ofRun);
      }
      if (piece.number() <= last) {
        fault(piece + " again, or out of order");
      }
      boolean isGap = piece.number() != last + 1 || piece.run() != run;
      if (isGap && !piece.isJoinPoint()) {
        fault(piece + " ends a gap and is no join point");
      }
      gaps += isGap ? 1 : 0;
      run = piece.run();
      last = piece.number();
    }

    void fault(String what) {
      faults.add(reader + ": " + what + ", after " + last + " of run " + run);
    }
  }

  /** A socket that takes some calls, then none until it is filled up again by the pump. */
  private static final class ChokingConnection implements Connection {
    private final Checker checker;
    private final int burst;
    private final AtomicLong room = new AtomicLong();
    private Viewer viewer;
    private volatile boolean closed;

    private final AtomicLong written = new AtomicLong();
    private final AtomicLong endings = new AtomicLong();

    // Confined to the viewer's worker, unless the test finds a fault.
    private Run run;
    private boolean begun; // and its first fragment has not followed yet
    private volatile boolean isInside;

    ChokingConnection(Checker checker, int burst) {
      this.checker = checker;
      this.burst = burst;
    }

    void fill() {
      if (room.get() <= 0) {
        room.set(burst);
        viewer.wake();
      }
    }

    @Override
    public boolean isReady() {
      return room.get() > 0;
    }

    @Override
    public boolean begin(Run next, Fragment first) {
      enterAlone();
      if (!first.isJoinPoint() || ((Numbered) first).run() != next.number()) {
        checker.fault(next + " begun with " + first);
      }
      run = next;
      begun = true;
      take();
      isInside = false;
      return true;
    }

    @Override
    public void write(Fragment fragment, boolean joining) {
      enterAlone();
      Numbered piece = (Numbered) fragment;
      long gaps = checker.gaps;
      checker.see(run.number(), piece);
      boolean isGap = checker.gaps > gaps;
      if (joining != (begun || isGap)) {
        checker.fault(piece + " joining: " + joining);
      }
      begun = false;
      written.incrementAndGet();
      take();
      isInside = false;
    }

    private void enterAlone() {
      if (isInside) {
        checker.fault("two threads at once");
      }
      isInside = true;
    }

    private void take() {
      if (room.getAndDecrement() <= 0) {
        checker.fault("a call without room");
      }
    }

    @Override
    public void close(Ending why) {
      closed = true;
      endings.incrementAndGet();
      if (why != Ending.FEED_CLOSED) {
        checker.fault("ended: " + why);
      }
    }
  }

  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<ExecutorService> workers = new ArrayList<>();
  private final AtomicLong wallMicros = new AtomicLong(1_000_000_000);
  private Feed<Fragment> feed;
  private int lastRun; // written by the writer, read when it has ended

  @Test
  void readersGetGapFreeStretchesFromJoinPointsOn() throws InterruptedException {
    for (int i = 0; i < WORKERS; i++) {
      workers.add(worker());
    }
    feed = new Feed<>(new Bounds(20_000, Duration.ofSeconds(5), 256), wallMicros::get, workers);
    List<ChokingConnection> all = new ArrayList<>();
    Thread writer = new Thread(this::writeAll, "writer");
    List<Cursor<Fragment>> cursors = List.of(feed.read(), feed.read());
    List<Thread> readers = new ArrayList<>();
    List<Checker> readerCheckers = new ArrayList<>();
    for (Cursor<Fragment> cursor : cursors) {
      Checker checker = new Checker("cursor " + readers.size(), faults);
      readerCheckers.add(checker);
      Thread reader = new Thread(() -> readAll(cursor, checker), "reader");
      readers.add(reader);
      reader.start();
    }

    writer.start();
    List<ChokingConnection> present = pump(writer, all);
    feed.accept(new Numbered(PIECES, lastRun, true, wallMicros.get()));
    await() // who has room is woken by the feed alone: a lost wake is seen here
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              present.forEach(ChokingConnection::fill);
              assertThat(present).allMatch(connection -> connection.checker.last == PIECES);
              assertThat(readerCheckers).allMatch(checker -> checker.last == PIECES);
            });
    feed.close();

    await().atMost(LIMIT).until(() -> feed.viewers() == 0);
    for (Thread reader : readers) {
      reader.join(LIMIT.toMillis());
      assertThat(reader.isAlive()).isFalse();
    }
    for (ExecutorService worker : workers) {
      end(worker);
    }
    assertThat(faults).isEmpty();
    assertThat(all).allMatch(connection -> connection.endings.get() <= 1);
    assertThat(all.stream().mapToLong(connection -> connection.written.get()).sum()).isPositive();
    FeedStats stats = feed.stats();
    assertThat(stats.pieces()).isEqualTo(PIECES + 1);
    assertThat(stats.heldBytes()).isLessThanOrEqualTo(20_000);
    assertThat(stats.skipped()).isPositive();
  }

  @Test
  void writerAndOtherWorkersGoOnWhileAViewerBlocksItsOwn() throws InterruptedException {
    ThreadPoolExecutor blocked = worker();
    ThreadPoolExecutor free = worker();
    feed =
        new Feed<>(new Bounds(20_000, Duration.ofSeconds(5), 256), () -> 0, List.of(blocked, free));
    CountDownLatch inWrite = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Viewer.join(feed, new BlockingConnection(inWrite, release), FakeConnection.CLIENT).wake();
    List<Viewer> crowd = new ArrayList<>();
    for (int i = 1; i < 2000; i++) {
      crowd.add(Viewer.join(feed, new BlockingConnection(inWrite, release), FakeConnection.CLIENT));
    }
    Checker checker = new Checker("other viewer", faults);
    ChokingConnection other = join(Integer.MAX_VALUE, checker); // so it is the other worker's
    crowd.forEach(Viewer::leave);
    feed.begin(run(0));
    feed.accept(new Numbered(0, 0, true, 0));
    assertThat(inWrite.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

    for (long number = 1; number <= PIECES; number++) {
      feed.accept(new Numbered(number, 0, number % 10 == 0, 0));
    }

    await().atMost(LIMIT).until(() -> checker.last == PIECES);
    assertThat(blocked.getQueue()).hasSizeLessThanOrEqualTo(1); // nothing piles up
    assertThat(faults).isEmpty();
    assertThat(other.endings.get()).isZero();
    release.countDown();
    feed.close();
    await().atMost(LIMIT).until(() -> feed.viewers() == 0);
    end(blocked);
    end(free);
  }

  /** Against its contract it blocks. */
  private record BlockingConnection(CountDownLatch inWrite, CountDownLatch release)
      implements Connection {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean begin(Run run, Fragment first) {
      return true;
    }

    @Override
    public void write(Fragment fragment, boolean joining) throws IOException {
      inWrite.countDown();
      try {
        if (!release.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("not released");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close(Ending why) {
      // nothing to close
    }
  }

  private static ThreadPoolExecutor worker() {
    return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  private static void end(ExecutorService worker) throws InterruptedException {
    worker.shutdown();
    assertThat(worker.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** At full speed: it would not come to its end if a stalled viewer could hold it. */
  private void writeAll() {
    Random random = new Random(SEED);
    int run = 0;
    feed.begin(run(run));
    for (long number = 0; number < PIECES; number++) {
      if (random.nextInt(500) == 0) {
        run++;
        feed.begin(run(run));
        lastRun = run;
      }
      boolean isJoinPoint = random.nextInt(number / 1000 % 2 == 0 ? 10 : 150) == 0;
      long now = wallMicros.addAndGet(random.nextInt(20_000));
      feed.accept(new Numbered(number, run, isJoinPoint, now));
    }
  }

  private static Run run(int number) {
    return new Run(number, List.of(), "", Bytes.EMPTY);
  }

  private void readAll(Cursor<Fragment> cursor, Checker checker) {
    try {
      for (Optional<Entry<Fragment>> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        Entry<Fragment> entry = next.get();
        checker.see(entry.run().number(), (Numbered) entry.piece());
      }
    } catch (InterruptedException e) {
      checker.fault("interrupted");
    }
  }

  /** Lets viewers join, take, stall and leave while the writer writes; returns those present. */
  private List<ChokingConnection> pump(Thread writer, List<ChokingConnection> all)
      throws InterruptedException {
    Random random = new Random(SEED + 1);
    List<ChokingConnection> present = new ArrayList<>();
    while (writer.isAlive()) {
      if (present.size() < VIEWERS) {
        Checker checker = new Checker("viewer " + all.size(), faults);
        ChokingConnection joined = join(1 << random.nextInt(16), checker);
        present.add(joined);
        all.add(joined);
      }
      int chosen = random.nextInt(present.size());
      if (random.nextInt(100) == 0) {
        present.remove(chosen).viewer.leave();
      } else {
        present.get(chosen).fill();
      }
    }
    writer.join(LIMIT.toMillis());
    assertThat(present).noneMatch(connection -> connection.closed);
    return present;
  }

  private ChokingConnection join(int burst, Checker checker) {
    ChokingConnection connection = new ChokingConnection(checker, burst);
    connection.viewer = Viewer.join(feed, connection, FakeConnection.CLIENT);
    connection.fill();
    return connection;
  }
}
