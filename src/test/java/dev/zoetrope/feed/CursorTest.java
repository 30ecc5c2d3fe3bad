package dev.zoetrope.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CursorTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String END = "end";
  private static final String INTERRUPTED = "interrupted";

  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void endThreads() throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join(LIMIT.toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  /** Reads on a thread of its own until the end. */
  private final class Reading {
    final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    final Thread thread;

    Reading(Cursor<Fragment> cursor) {
      thread = new Thread(() -> readAll(cursor), "reader");
      thread.start();
      threads.add(thread);
    }

    private void readAll(Cursor<Fragment> cursor) {
      try {
        for (Optional<Entry<Fragment>> next = cursor.next();
            next.isPresent();
            next = cursor.next()) {
          got.add(name(next.get()));
        }
        got.add(END);
      } catch (InterruptedException e) {
        got.add(INTERRUPTED);
      }
    }

    String next() throws InterruptedException {
      return got.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    Reading awaitParked() {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> thread.getState() == Thread.State.WAITING);
      return this;
    }
  }

  private static String name(Entry<Fragment> entry) {
    return ((TestFragment) entry.piece()).name();
  }

  /** What is there to read; the feed must be closed. */
  private static List<String> readRest(Cursor<Fragment> cursor) throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (Optional<Entry<Fragment>> next = cursor.next(); next.isPresent(); next = cursor.next()) {
      names.add(name(next.get()));
    }
    return names;
  }

  @Test
  void cursorBeginsAtTheNewestJoinPointAndEndsWithTheFeed() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b C d");
    Cursor<Fragment> cursor = fake.feed.read();

    fake.append("e F");
    fake.feed.close();

    assertThat(readRest(cursor)).containsExactly("F");
  }

  @Test
  void soundAloneIsJoinedAnywhere() throws InterruptedException {
    Track sound = Track.audio(0, Codec.AAC, Bytes.EMPTY, Bytes.EMPTY, 44_100, 1);
    Feed<Packet> feed = new Feed<>(FakeFeed.ROOMY, () -> 0, List.of());
    feed.begin(new Run(0, List.of(sound), "", Bytes.EMPTY));
    feed.accept(new Packet(sound, 0, 0, true, 0, Bytes.EMPTY));
    feed.accept(new Packet(sound, 23_000, 23_000, true, 23_000, Bytes.EMPTY));
    Cursor<Packet> cursor = feed.read();

    feed.close();

    assertThat(cursor.next().map(Entry::sequence)).contains(1L);
  }

  @Test
  void cursorGetsEachPieceFromWhereItBegan() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b C d");
    Cursor<Fragment> cursor = fake.feed.read();

    String first = cursor.next().map(CursorTest::name).orElse(END);
    fake.append("e F g");
    fake.feed.close();

    assertThat(first).isEqualTo("C");
    assertThat(readRest(cursor)).containsExactly("d", "e", "F", "g");
  }

  @Test
  void waitingCursorIsWokenByTheFirstJoinPoint() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Reading reading = new Reading(fake.feed.read()).awaitParked();

    fake.append("| a");
    reading.awaitParked();
    fake.append("B");

    assertThat(reading.next()).isEqualTo("B");
  }

  @Test
  void waitingCursorIsWokenByTheNextPiece() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Reading reading = new Reading(fake.feed.read());
    String first = reading.next();
    reading.awaitParked();

    fake.append("b");

    assertThat(first).isEqualTo("A");
    assertThat(reading.next()).isEqualTo("b");
  }

  @Test
  void waitingCursorComesToItsEndWhenTheFeedCloses() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Reading reading = new Reading(fake.feed.read()).awaitParked();

    fake.feed.close();

    assertThat(reading.next()).isEqualTo(END);
  }

  @Test
  void waitingCursorComesToItsEndWhenItIsClosed() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Cursor<Fragment> cursor = fake.feed.read();
    Reading reading = new Reading(cursor).awaitParked();

    cursor.close();
    cursor.close();

    assertThat(reading.next()).isEqualTo(END);
  }

  @Test
  void closedCursorGivesNothingMore() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Cursor<Fragment> cursor = fake.feed.read();

    cursor.close();

    assertThat(cursor.next()).isEmpty();
  }

  @Test
  void interruptEndsTheWait() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Reading reading = new Reading(fake.feed.read()).awaitParked();

    reading.thread.interrupt();

    assertThat(reading.next()).isEqualTo(INTERRUPTED);
  }

  @Test
  void lappedCursorGoesOnAtTheNewestJoinPoint() throws InterruptedException {
    FakeFeed fake = new FakeFeed(new Bounds(1_000_000, Duration.ofHours(1), 4)).append("| A");
    Cursor<Fragment> cursor = fake.feed.read();
    String first = cursor.next().map(CursorTest::name).orElse(END);

    fake.append("b C d E f");
    fake.feed.close();

    assertThat(first).isEqualTo("A");
    assertThat(readRest(cursor)).containsExactly("E", "f");
  }

  @Test
  void lappedCursorOfALogWithoutJoinPointWaitsForOne() throws InterruptedException {
    FakeFeed fake = new FakeFeed(new Bounds(1_000_000, Duration.ofHours(1), 4)).append("| A");
    Reading reading = new Reading(fake.feed.read());
    String first = reading.next();
    reading.awaitParked();

    for (int i = 0; i < 100; i++) { // overtakes the reader somewhere, or not
      fake.append("b c d e f");
    }
    reading.awaitParked();
    reading.got.clear();
    fake.append("G");

    assertThat(first).isEqualTo("A");
    assertThat(reading.next()).isEqualTo("G");
  }

  @Test
  void runIsEnteredAtItsFirstJoinPoint() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Cursor<Fragment> cursor = fake.feed.read();
    Entry<Fragment> first = cursor.next().orElseThrow();

    fake.append("| c d E f");
    fake.feed.close();

    assertThat(first.run().number()).isZero();
    assertThat(readRest(cursor)).containsExactly("b", "E", "f");
  }

  @Test
  void cursorLappedAcrossRunsGoesOnInTheNewestRun() throws InterruptedException {
    FakeFeed fake = new FakeFeed(new Bounds(1_000_000, Duration.ofHours(1), 4)).append("| A b");
    Cursor<Fragment> cursor = fake.feed.read();
    cursor.next();

    fake.append("c d | e f | g H");
    Run run = cursor.next().map(Entry::run).orElseThrow();

    assertThat(run.number()).isEqualTo(2);
  }

  @Test
  void noPieceIsMissedWhereWriterAndReaderTakeTurns() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Reading reading = new Reading(fake.feed.read());
    String first = reading.next();

    int lost = 0;
    for (int i = 0; i < 20_000; i++) { // each append finds the reader about to park
      fake.append("b");
      if (reading.next() == null) {
        lost++;
        break;
      }
    }

    assertThat(first).isEqualTo("A");
    assertThat(lost).isZero();
  }

  @Test
  void whatIsQuickIsDoneByTheAppendingThread() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    List<String> quick = new ArrayList<>();
    List<Thread> by = new ArrayList<>();
    Reading reading =
        new Reading(
            fake.feed.read(
                entry -> {
                  quick.add(name(entry));
                  by.add(Thread.currentThread());
                  return true;
                }));
    String first = reading.next();
    reading.awaitParked();

    fake.append("b C d");

    assertThat(first).isEqualTo("A"); // it comes in the reader's turn
    assertThat(quick).containsExactly("b", "C", "d");
    assertThat(by).containsOnly(Thread.currentThread());
    assertThat(reading.got).isEmpty();
    assertThat(reading.thread.getState()).isEqualTo(Thread.State.WAITING);
  }

  @Test
  void whatIsNotQuickIsTheReadersInOrder() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    BlockingQueue<String> quick = new LinkedBlockingQueue<>();
    Reading reading =
        new Reading(fake.feed.read(entry -> !name(entry).equals("slow") && quick.add(name(entry))));
    reading.next();
    reading.awaitParked();

    fake.append("b slow");
    String second = reading.next();
    reading.awaitParked();
    fake.append("c | D");
    String third = reading.next(); // a run's first is the reader's

    assertThat(second).isEqualTo("slow");
    assertThat(third).isEqualTo("D");
    assertThat(quick).containsExactly("b", "c");
  }

  @Test
  void eachEntryIsTakenOnceWhoeverTakesIt() throws InterruptedException {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    List<String> taken = new ArrayList<>(); // not synchronized: the turn has to be enough
    Thread reader =
        new Thread(
            () -> {
              Cursor<Fragment> cursor =
                  fake.feed.read(
                      entry -> entry.sequence() % 3 > 0 && taken.add("" + entry.sequence()));
              try {
                for (Optional<Entry<Fragment>> next = cursor.next();
                    next.isPresent();
                    next = cursor.next()) {
                  taken.add("" + next.get().sequence());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "reader");
    threads.add(reader);
    reader.start();
    await().atMost(LIMIT).until(() -> reader.getState() == Thread.State.WAITING);

    for (int i = 1; i < 1000; i++) { // fewer than the log holds: nothing is lapped
      fake.append("b");
    }
    fake.feed.close();
    reader.join(LIMIT.toMillis());

    assertThat(taken).hasSize(1000).doesNotHaveDuplicates();
    assertThat(taken.get(999)).isEqualTo("999");
  }
}
