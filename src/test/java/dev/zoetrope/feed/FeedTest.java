package dev.zoetrope.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static Bounds bytes(long bytes) {
    return new Bounds(bytes, Duration.ofHours(1), 1024);
  }

  private static Bounds millis(long millis) {
    return new Bounds(1_000_000, Duration.ofMillis(millis), 1024);
  }

  private static String newestJoinPoint(FakeFeed fake) {
    return fake.feed.newestJoinPoint().map(entry -> name(entry.piece())).orElse("none");
  }

  private static String name(Piece piece) {
    return ((TestFragment) piece).name();
  }

  @Test
  void pieceBeforeTheFirstRunIsRefused() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);

    assertThatThrownBy(() -> fake.append("A")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void newestJoinPointIsFoundAmongWhatFollowsIt() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);

    fake.append("| A b c D e f");

    assertThat(newestJoinPoint(fake)).isEqualTo("D");
    assertThat(fake.feed.newest()).isEqualTo(5);
  }

  @Test
  void noJoinPointIsOfferedBetweenTheBeginOfARunAndItsFirst() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);

    fake.append("| A b | c");
    String between = newestJoinPoint(fake);
    fake.append("D");

    assertThat(between).isEqualTo("none");
    assertThat(newestJoinPoint(fake)).isEqualTo("D");
  }

  @Test
  void uncompressedPicturesTakeThePlaceOfWhatCameBefore() {
    Track raw = Track.video(0, Codec.RGB24, Bytes.EMPTY, Bytes.EMPTY, 16, 16);
    Feed<Packet> feed = new Feed<>(bytes(1 << 20), () -> 0, List.of());
    feed.begin(new Run(0, List.of(raw), "", Bytes.EMPTY));

    for (int i = 0; i < 10; i++) {
      feed.accept(new Packet(raw, i, i, true, i, Bytes.owning(new byte[768])));
    }

    assertThat(feed.held(packet -> true)).extracting(Packet::ptsMicros).containsExactly(9L, 8L);
    assertThat(feed.newestJoinPoint().orElseThrow().piece().ptsMicros()).isEqualTo(9);
    assertThat(feed.stats().heldBytes()).isEqualTo(2 * 768);
  }

  @Test
  void entryCarriesItsRun() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);

    fake.append("| A | B");

    assertThat(fake.feed.at(0).run().number()).isEqualTo(0);
    assertThat(fake.feed.at(1).run().number()).isEqualTo(1);
  }

  @Test
  void oldestPieceGivesWayWhenAllSlotsAreTaken() {
    FakeFeed fake = new FakeFeed(new Bounds(1_000_000, Duration.ofHours(1), 4));

    fake.append("| A b C d e");

    assertThat(fake.held()).containsExactly("b", "C", "d", "e");
    assertThat(fake.feed.at(0)).isNull();
    assertThat(fake.feed.stats().heldBytes()).isEqualTo(400);
  }

  @Test
  void oldPiecesGoButNeverTheNewestJoinPoint() {
    FakeFeed fake = new FakeFeed(millis(100));

    fake.append("| A b c D e f g h i");

    assertThat(fake.held()).containsExactly("D", "e", "f", "g", "h", "i");
  }

  @Test
  void oldPiecesGoUpToTheAgeBoundWhereJoinPointsAreYounger() {
    FakeFeed fake = new FakeFeed(millis(100));

    fake.append("| A B C D E F");

    assertThat(fake.held()).containsExactly("D", "E", "F");
  }

  @Test
  void bytesBoundTakesEvenTheNewestJoinPoint() {
    FakeFeed fake = new FakeFeed(bytes(300));

    fake.append("| A b c");
    String before = newestJoinPoint(fake);
    fake.append("d");

    assertThat(before).isEqualTo("A");
    assertThat(fake.held()).containsExactly("b", "c", "d");
    assertThat(newestJoinPoint(fake)).isEqualTo("none");
  }

  @Test
  void pieceLargerThanTheBytesBoundIsHeldAlone() {
    FakeFeed fake = new FakeFeed(bytes(300));
    fake.append("| A b");

    fake.feed.accept(fake.fragment("HUGE", 1000));

    assertThat(fake.held()).containsExactly("HUGE");
    assertThat(newestJoinPoint(fake)).isEqualTo("HUGE");
  }

  @Test
  void ageBoundIsOneSecondWhereJoinPointsAreMoreFrequent() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    fake.append("| A b C");
    Fragment newest = fake.fragment("X", 100);

    fake.passMillis(1000);
    boolean atOneSecond = fake.feed.isStale(newest, 0);
    fake.passMillis(1);

    assertThat(atOneSecond).isFalse();
    assertThat(fake.feed.isStale(newest, 0)).isTrue();
  }

  @Test
  void ageBoundIsTheDistanceOfJoinPointsWhereThatIsLonger() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    fake.append("| A");
    fake.passMillis(4960);
    fake.append("B");
    Fragment newest = fake.fragment("X", 100);

    fake.passMillis(5000);
    boolean atFiveSeconds = fake.feed.isStale(newest, 0);
    fake.passMillis(1);

    assertThat(atFiveSeconds).isFalse();
    assertThat(fake.feed.isStale(newest, 0)).isTrue();
  }

  @Test
  void ageBoundFollowsJoinPointsThatTheLogCouldNotHold() {
    FakeFeed fake = new FakeFeed(bytes(200));
    fake.append("| A b c");
    fake.passMillis(4000);
    fake.append("D");
    Fragment newest = fake.fragment("X", 100);

    fake.passMillis(3000);

    assertThat(fake.feed.isStale(newest, 0)).isFalse();
  }

  @Test
  void pauseBetweenRunsIsNoDistanceOfJoinPoints() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    fake.append("| A");
    fake.passMillis(60_000);
    fake.append("| B");
    Fragment newest = fake.fragment("X", 100);

    fake.passMillis(1001);

    assertThat(fake.feed.isStale(newest, 0)).isTrue();
  }

  @Test
  void newestPieceThatFitsIsFoundBackToTheOldestHeld() {
    FakeFeed fake = new FakeFeed(bytes(300));

    fake.append("| A b c d");

    assertThat(fake.feed.newest(piece -> name(piece).equals("b"))).isPresent();
    assertThat(fake.feed.newest(piece -> name(piece).equals("A"))).isEmpty();
    assertThat(fake.feed.newest(piece -> true).map(FeedTest::name)).contains("d");
  }

  @Test
  void statsTellWhatWasAppendedAndWhatIsHeld() {
    FakeFeed fake = new FakeFeed(bytes(200));
    Viewer.join(fake.feed, new FakeConnection(), FakeConnection.CLIENT);

    fake.append("| A b c");

    assertThat(fake.feed.stats()).isEqualTo(new FeedStats(1, 3, 300, 200, 0, 0));
  }

  @Test
  void whatViewersGotIsCountedAlsoWhenTheyHaveLeft() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY).append("| A");
    Viewer first = Viewer.join(fake.feed, new FakeConnection(), FakeConnection.CLIENT);
    Viewer second = Viewer.join(fake.feed, new FakeConnection(), FakeConnection.CLIENT);
    first.wake();
    second.wake();
    fake.append("b");
    fake.worker.runAll();

    first.leave();
    first.leave();
    fake.append("c");
    fake.worker.runAll();

    assertThat(fake.feed.sentBytes()).isEqualTo(200 + 300);
  }

  @Test
  void appendsWakeAWorkerOnceUntilItLooks() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Viewer.join(fake.feed, new FakeConnection(), FakeConnection.CLIENT);

    fake.append("| A b c");
    int queued = fake.worker.size();
    fake.worker.runAll();
    fake.append("d");

    assertThat(queued).isEqualTo(1);
    assertThat(fake.worker.size()).isEqualTo(1);
  }

  @Test
  void appendWakesNoWorkerWithoutViewers() {
    FakeFeed fake = new FakeFeed(FakeFeed.ROOMY);
    Viewer.join(fake.feed, new FakeConnection(), FakeConnection.CLIENT).leave();
    fake.append("| A");
    fake.worker.runAll(); // lets it go

    fake.append("b c");

    assertThat(fake.worker.size()).isZero();
  }

  @Test
  void manyViewersAreSpreadOverTheWorkers() {
    StepExecutor first = new StepExecutor();
    StepExecutor second = new StepExecutor();
    Feed<Fragment> feed = new Feed<>(FakeFeed.ROOMY, () -> 0, List.of(first, second));

    for (int i = 0; i < 3000; i++) {
      Viewer.join(feed, new FakeConnection(), FakeConnection.CLIENT).wake();
    }

    assertThat(first.size()).isEqualTo(2000);
    assertThat(second.size()).isEqualTo(1000);
    assertThat(feed.viewers()).isEqualTo(3000);
  }

  @Test
  void boundsMustBePositiveAndEntriesAPowerOfTwo() {
    assertThatThrownBy(() -> new Bounds(0, Duration.ofSeconds(1), 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Bounds(1, Duration.ZERO, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Bounds(1, Duration.ofSeconds(1), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Bounds(1, Duration.ofSeconds(1), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
