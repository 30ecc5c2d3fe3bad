package dev.zoetrope.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ViewerTest {
  private static final Bounds FOUR_PIECES = new Bounds(1_000_000, Duration.ofHours(1), 4);

  private final FakeConnection connection = new FakeConnection();

  private Viewer watch(FakeFeed fake) {
    Viewer viewer = Viewer.join(fake.feed, connection, FakeConnection.CLIENT);
    viewer.wake();
    fake.worker.runAll();
    return viewer;
  }

  private void give(FakeFeed fake, Viewer viewer, int room) {
    connection.room = room;
    viewer.wake();
    fake.worker.runAll();
  }

  @Test
  void viewerStartsAtTheNewestJoinPointAndFollows() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b C d");

    Viewer viewer = watch(fake);
    fake.append("e F");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">C", "d", "e", "F");
    assertThat(viewer.stats()).isEqualTo(new ViewerStats(FakeConnection.CLIENT, 4, 0, 400, 0));
    assertThat(viewer.stats().skipped()).isZero();
  }

  @Test
  void viewerThatIsCutIsEndedOnItsWorkerEvenIfItTakesNothing() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);
    connection.room = 0;

    boolean wasThere = fake.feed.cut(FakeConnection.CLIENT.id());
    assertThat(connection.got).doesNotContain("end CUT");
    fake.worker.runAll();
    viewer.cut();
    fake.worker.runAll();

    assertThat(wasThere).isTrue();
    assertThat(connection.got).containsExactly("run 0", ">A", "b", "end CUT");
    assertThat(fake.feed.viewers()).isZero();
    assertThat(fake.feed.cut(FakeConnection.CLIENT.id())).isFalse();
  }

  @Test
  void whatIsDueTogetherIsFlushedOnce() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b c");

    watch(fake);

    assertThat(connection.flushes).isEqualTo(1);
  }

  @Test
  void lastViewerThatLeavesIsForgottenWithTheNextFragment() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    FakeConnection held = new FakeConnection();
    WeakReference<FakeConnection> gone = new WeakReference<>(held);
    Viewer viewer = Viewer.join(fake.feed, held, FakeConnection.CLIENT);
    fake.append("b");
    fake.worker.runAll();

    viewer.leave();
    fake.append("c");
    fake.worker.runAll();
    viewer = null;
    held = null;

    await()
        .until(
            () -> {
              System.gc();
              return gone.refersTo(null);
            });
  }

  @Test
  void connectionThatTakesNothingForTwentySecondsIsEnded() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);
    connection.room = 0;
    fake.append("b");
    fake.worker.runAll();

    fake.passMillis(19_900);
    fake.append("c");
    fake.worker.runAll();
    assertThat(connection.got).doesNotContain("end STALLED");

    fake.passMillis(100);
    fake.append("d");
    fake.worker.runAll();
    assertThat(connection.got).endsWith("end STALLED");
    assertThat(fake.feed.stats().stalled()).isEqualTo(1);
    assertThat(fake.feed.viewers()).isZero();
  }

  @Test
  void connectionThatTakesLittleIsNotEnded() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Viewer viewer = watch(fake);
    connection.room = 0;
    for (int i = 0; i < 10; i++) {
      fake.passMillis(15_000);
      viewer.wake(); // a part of what waits has gone out
      fake.append("b");
      fake.worker.runAll();
    }

    assertThat(connection.got).doesNotContain("end STALLED");
    assertThat(fake.feed.viewers()).isEqualTo(1);
  }

  @Test
  void viewerStartsAtAJoinPointHoweverOldWhenThereIsNoNewer() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    fake.passMillis(60_000);

    watch(fake);

    assertThat(connection.got).containsExactly("run 0", ">A", "b");
  }

  @Test
  void viewerOfAFeedWithoutJoinPointWaitsForOne() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| a b");

    watch(fake);
    fake.append("c D e");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">D", "e");
  }

  @Test
  void viewerOfAnEmptyFeedIsServedByItsFirstFragment() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);

    watch(fake);
    fake.append("| A");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A");
  }

  @Test
  void connectionIsNotAskedBeforeTheFirstWake() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");

    Viewer viewer = Viewer.join(fake.feed, connection, FakeConnection.CLIENT);
    fake.append("B");
    fake.worker.runAll();
    fake.feed.close();
    fake.worker.runAll();
    boolean wasAsked = !connection.got.isEmpty();
    viewer.wake();
    fake.worker.runAll();

    assertThat(wasAsked).isFalse();
    assertThat(connection.got).containsExactly("run 0", ">B", "end FEED_CLOSED");
  }

  @Test
  void nothingIsWrittenWithoutRoom() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b c");
    connection.room = 2;

    Viewer viewer = watch(fake);
    give(fake, viewer, 1);
    give(fake, viewer, 5);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "c");
  }

  @Test
  void wakesUntilTheWorkerLooksAreOneTask() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Viewer viewer = Viewer.join(fake.feed, connection, FakeConnection.CLIENT);

    viewer.wake();
    viewer.wake();

    assertThat(fake.worker.size()).isEqualTo(1);
  }

  @Test
  void wakeFromWithinAWriteIsNotLost() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    connection.room = 1;
    Viewer viewer = Viewer.join(fake.feed, connection, FakeConnection.CLIENT);

    viewer.wake();
    fake.worker.step(); // the worker is done with the only task
    connection.room = 2;
    viewer.wake();
    fake.worker.step();

    assertThat(connection.got).containsExactly("run 0", ">A", "b");
  }

  @Test
  void beginningAndItsFragmentStayTogetherThoughAnotherJoinPointCame() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    connection.room = 1;

    Viewer viewer = watch(fake);
    fake.append("B");
    give(fake, viewer, 5);

    assertThat(connection.got).containsExactly("run 0", ">A", "B");
    assertThat(viewer.stats().skipped()).isZero();
  }

  @Test
  void lappedViewerGoesOnAtNewestJoinPoint() {
    FakeFeed fake = new FakeFeed(FOUR_PIECES).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c D e f G h");
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">G", "h");
    assertThat(viewer.stats().skipped()).isEqualTo(4); // c D e f
    assertThat(fake.feed.stats().skipped()).isEqualTo(4);
  }

  @Test
  void slowViewerIsTakenToTheNewestJoinPointWhenItsPictureIsOld() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c");
    fake.passMillis(1001);
    fake.append("D E f");
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">E", "f");
    assertThat(viewer.stats().skipped()).isEqualTo(2); // c D
  }

  @Test
  void slowViewerGetsEverythingWhileItsPictureIsYoung() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c D e");
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "c", "D", "e");
  }

  @Test
  void wayToTheClientCountsAsAge() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c");
    fake.passMillis(500);
    fake.append("D e");
    connection.delayMicros = 450_000;
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">D", "e");
    assertThat(viewer.stats().skipped()).isEqualTo(1); // c
  }

  @Test
  void whatWouldArriveTooLateWaitsForTheNextJoinPoint() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c");
    fake.passMillis(500);
    connection.delayMicros = 600_000;
    give(fake, viewer, 9);
    assertThat(connection.got).containsExactly("run 0", ">A", "b");
    fake.append("d E f");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">E", "f");
    assertThat(viewer.stats().skipped()).isEqualTo(2); // c d
  }

  @Test
  void lateIsBetterThanNeverWhereNoJoinPointIsDue() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c");
    fake.passMillis(1000);
    connection.delayMicros = 600_000;
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "c");
  }

  @Test
  void lappedViewerWaitsForTheNextJoinPointWhereTheNewestIsOld() {
    FakeFeed fake = new FakeFeed(FOUR_PIECES).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c d E f g");
    fake.passMillis(1001);
    give(fake, viewer, 9);
    fake.append("h");
    fake.worker.runAll();
    fake.append("I j");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">I", "j");
    assertThat(viewer.stats().skipped()).isEqualTo(6); // c to h
  }

  @Test
  void lappedViewerPassesOverJoinPointsThatGrewOldUnseen() {
    FakeFeed fake = new FakeFeed(FOUR_PIECES).append("| A");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("B C D E F");
    fake.passMillis(1001);
    give(fake, viewer, 9);
    connection.room = 0;
    fake.append("G");
    fake.passMillis(1100); // F and G are 1041 ms apart
    give(fake, viewer, 9);
    fake.append("H");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", ">H");
    assertThat(viewer.stats().skipped()).isEqualTo(6);
  }

  @Test
  void lappedViewerOfALogWithoutJoinPointWaitsForOne() {
    FakeFeed fake = new FakeFeed(FOUR_PIECES).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c d e f g");
    give(fake, viewer, 9);
    fake.append("H");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "b", ">H");
    assertThat(viewer.stats().skipped()).isEqualTo(5);
  }

  @Test
  void viewerGoesOnIntoANewRunAtItsFirstJoinPoint() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A b");
    Viewer viewer = watch(fake);

    fake.append("| c D e");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "run 1", ">D", "e");
    assertThat(viewer.stats().skipped()).isZero();
  }

  @Test
  void viewerGetsWhatIsLeftOfARunThoughTheNextHasBegunWithoutAPiece() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Viewer viewer = watch(fake);

    fake.append("| B c |");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "run 1", ">B", "c");
    assertThat(viewer.stats().skipped()).isZero();
  }

  @Test
  void lappedViewerEntersANewRunEvenIfItsJoinPointIsOld() {
    FakeFeed fake = new FakeFeed(FOUR_PIECES).append("| A b");
    Viewer viewer = watch(fake);

    connection.room = 0;
    fake.append("c d e | F g");
    fake.passMillis(5000);
    give(fake, viewer, 9);

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "run 1", ">F", "g");
    assertThat(viewer.stats().skipped()).isEqualTo(3);
  }

  @Test
  void viewerThatCannotGoOnWithARunIsEnded() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);

    connection.takesRuns = false;
    fake.append("| B c");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "run 1", "end STREAM_RESTARTED");
    assertThat(fake.feed.viewers()).isZero();
  }

  @Test
  void closedFeedEndsItsViewersAfterWhatTheyCanTake() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);

    fake.append("b c");
    fake.feed.close();
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "b", "c", "end FEED_CLOSED");
    assertThat(fake.feed.viewers()).isZero();
  }

  @Test
  void closedFeedEndsAlsoAStalledViewer() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);

    connection.room = 0;
    fake.append("b");
    fake.feed.close();
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "end FEED_CLOSED");
  }

  @Test
  void viewerThatJoinsAClosedFeedIsEnded() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    fake.feed.close();

    watch(fake);

    assertThat(connection.got).containsExactly("end FEED_CLOSED");
    assertThat(fake.feed.viewers()).isZero();
  }

  @Test
  void closingTwiceEndsAViewerOnce() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    watch(fake);

    fake.feed.close();
    fake.feed.close();
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("end FEED_CLOSED");
  }

  @Test
  void failedWriteEndsTheViewerAlone() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);
    FakeConnection other = new FakeConnection();
    Viewer.join(fake.feed, other, FakeConnection.CLIENT).wake();

    connection.isBroken = true;
    fake.append("b c");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "end FAILED");
    assertThat(other.got).containsExactly("run 0", ">A", "b", "c");
    assertThat(fake.feed.viewers()).isEqualTo(1);
  }

  @Test
  void bugInAConnectionEndsTheViewerAlone() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    watch(fake);
    FakeConnection other = new FakeConnection();
    Viewer.join(fake.feed, other, FakeConnection.CLIENT).wake();

    connection.bug = new IllegalStateException("on purpose, by a test");
    fake.append("b");
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A", "end FAILED");
    assertThat(other.got).containsExactly("run 0", ">A", "b");
  }

  @Test
  void viewerThatLeftGetsNothingMore() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Viewer viewer = watch(fake);
    fake.append("b"); // its worker is due already

    viewer.leave();
    viewer.leave();
    viewer.wake();
    fake.worker.runAll();

    assertThat(connection.got).containsExactly("run 0", ">A");
    assertThat(fake.feed.viewers()).isZero();
  }

  @Test
  void viewerWithMuchToTakeGivesWayToTheOthersOfItsWorker() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    for (int i = 0; i < 600; i++) {
      fake.append("b");
    }
    fake.nowMicros -= 30_000_000; // the pieces are young
    Viewer viewer = Viewer.join(fake.feed, connection, FakeConnection.CLIENT);

    viewer.wake();
    fake.worker.step();
    int sentAtOnce = connection.got.size();
    int queued = fake.worker.size();
    fake.worker.runAll();

    assertThat(sentAtOnce).isLessThan(600);
    assertThat(queued).isEqualTo(1);
    assertThat(connection.got).hasSize(602);
  }
}
