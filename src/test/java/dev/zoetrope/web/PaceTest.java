package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.web.SimulatedLink.Tile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
  /** 2 Mbit/s at 25 frames a second: a key of 58 kB, then 24 of 8 kB. */
  private static final int KEY = 58_000;

  private static final int DELTA = 8_000;
  private static final double BITRATE = KEY + 24 * DELTA; // bytes in a second
  private static final double FREE = 10e6;

  private long nanos;
  private final Pace pace = new Pace(() -> nanos);

  private void passMillis(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static void show(Pace of, Pace.Share share, int sequence) {
    share.show(sequence);
    of.reckon();
  }

  @ParameterizedTest
  @CsvSource({"1, 58000, 8000", "100, 58000, 8000", "300, 58000, 8000", "10, 400000, 2000"})
  void freeLinkLosesNothingAndHoldsNothing(int delay, int key, int delta) {
    SimulatedLink link = new SimulatedLink(at -> FREE, at -> delay);
    Tile tile = link.tile(key, delta);
    link.passSeconds(3);
    tile.forget();

    link.passSeconds(60);

    assertThat(tile.skipped).isZero();
    assertThat(tile.shown).isBetween(1490, 1510);
    assertThat(tile.oldest).isLessThan(delay + key / 10_000 + 20);
  }

  @Test
  void jitterLosesNothing() {
    Random random = new Random(7);
    SimulatedLink link = new SimulatedLink(at -> FREE, at -> 20 + random.nextInt(200));
    Tile tile = link.tile(KEY, DELTA);

    link.passSeconds(60);

    assertThat(tile.skipped).isZero();
    assertThat(tile.oldest).isLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 70, 140})
  void linkOfHalfTheBitrateIsKeptBusyAndNothingOldComes(int delay) {
    SimulatedLink link = new SimulatedLink(at -> BITRATE / 2, at -> delay);
    Tile tile = link.tile(KEY, DELTA);
    link.passSeconds(3);
    tile.forget();

    link.passSeconds(120);

    assertThat(tile.oldest).isLessThan(1500);
    assertThat(tile.skipped).isPositive();
    assertThat(tile.bytes / 120.0 / BITRATE * 2).isGreaterThan(0.8);
    assertThat(tile.longestGap).isLessThan(1500);
  }

  @Test
  void withoutAcknowledgementsPicturesWouldBeOld() {
    SimulatedLink link = new SimulatedLink(at -> BITRATE / 2, at -> 20);
    Tile tile = link.tile(KEY, DELTA);
    tile.acknowledges = false;

    link.passSeconds(20);

    assertThat(tile.oldest).isGreaterThan(8000);
    assertThat(tile.skipped).isZero();
  }

  @Test
  void picturesWithoutDeltasStayYoung() {
    SimulatedLink link = new SimulatedLink(at -> 400_000, at -> 20);
    Tile tile = link.tile(32_000, 32_000);
    link.passSeconds(3);
    tile.forget();

    link.passSeconds(60);

    assertThat(tile.oldest).isLessThan(1500);
  }

  @Test
  void linkThatGetsSlowIsFollowedAndSoIsOneThatGetsFast() {
    SimulatedLink link =
        new SimulatedLink(at -> at > 10_000 && at < 40_000 ? BITRATE / 2 : FREE, at -> 10);
    Tile tile = link.tile(KEY, DELTA);
    link.passSeconds(10);
    assertThat(tile.skipped).isZero();

    link.passSeconds(3);
    tile.forget();
    link.passSeconds(27);
    assertThat(tile.oldest).isLessThan(1500);

    link.passSeconds(2);
    tile.forget();
    link.passSeconds(20);
    assertThat(tile.skipped).isZero();
    assertThat(tile.oldest).isLessThan(100);
  }

  @Test
  void linkThatGetsLongIsNotTakenForABusyOneForLong() {
    SimulatedLink link = new SimulatedLink(at -> FREE, at -> at < 10_000 ? 10 : 300);
    Tile tile = link.tile(KEY, DELTA);
    link.passSeconds(16);
    tile.forget();

    link.passSeconds(60);

    assertThat(tile.skipped).isZero();
    assertThat(tile.oldest).isLessThan(500);
  }

  @Test
  void tilesOfOneLinkGetLikeParts() {
    SimulatedLink link = new SimulatedLink(at -> 12 * 12_500, at -> 20);
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      tiles.add(link.tile(2_900, 400));
    }
    link.passSeconds(3);
    tiles.forEach(Tile::forget);

    link.passSeconds(60);

    int mean = tiles.stream().mapToInt(tile -> tile.shown).sum() / tiles.size();
    assertThat(tiles).allMatch(tile -> tile.shown > mean / 2 && tile.shown < mean * 3 / 2);
    assertThat(tiles).allMatch(tile -> tile.oldest < 1500);
    assertThat(tiles).allMatch(tile -> tile.longestGap < 2500);
  }

  @Test
  void largeTileLeavesRoomToSmallOnes() {
    SimulatedLink link = new SimulatedLink(at -> BITRATE / 2, at -> 20);
    Tile large = link.tile(KEY, DELTA);
    Tile small = link.tile(1000, 100);
    link.passSeconds(3);
    large.forget();
    small.forget();

    link.passSeconds(60);

    assertThat(small.shown).isGreaterThan(1400);
    assertThat(large.shown).isGreaterThan(500);
  }

  /** One message on the way, at 100 bytes a millisecond. */
  private Pace.Share held() {
    Pace.Share share = pace.share();
    share.begin();
    share.send(1000);
    passMillis(10);
    show(pace, share, 1);
    while (share.hasRoom()) {
      share.send(10_000);
    }
    return share;
  }

  @Test
  void clientThatNeverAcknowledgesIsNeverHeld() {
    Pace.Share share = pace.share();
    share.begin();

    for (int i = 0; i < 100_000; i++) {
      share.send(10_000);
      assertThat(share.hasRoom()).isTrue();
    }
    passMillis(30_000);
    assertThat(share.isSilent()).isFalse();
    assertThat(pace.delayMicros()).isZero();
  }

  @Test
  void acknowledgementMakesRoom() {
    Pace.Share share = held();
    assertThat(pace.delayMicros()).isPositive();

    passMillis(100);
    show(pace, share, 3);

    assertThat(share.hasRoom()).isTrue();
  }

  @Test
  void acknowledgementOfWhatWasNeverSentMakesNone() {
    Pace.Share share = held();
    Pace.Share other = pace.share();
    other.begin();

    passMillis(100);
    show(pace, share, 1);
    show(pace, share, 0);
    show(pace, share, 1000);
    show(pace, share, Integer.MIN_VALUE);
    show(pace, share, -1);
    show(pace, other, 1);

    assertThat(share.hasRoom()).isFalse();
    assertThat(other.hasRoom()).isFalse();
  }

  @Test
  void sequenceGoesOnBehindTheLargest() {
    Pace.Share share = pace.new Share(-3);
    share.begin();
    assertThat(share.send(1000)).isEqualTo(-2);
    passMillis(10);
    show(pace, share, -2);
    assertThat(share.send(60_000)).isEqualTo(-1);
    assertThat(share.send(60_000)).isZero();
    assertThat(share.hasRoom()).isFalse();

    passMillis(500);
    show(pace, share, 0);

    assertThat(share.hasRoom()).isTrue();
    assertThat(share.send(1000)).isEqualTo(1);
  }

  @Test
  void whatOneHasShownTellsThatAllBeforeItHasCome() {
    Pace.Share share = held();
    Pace.Share other = pace.share();
    other.begin();
    passMillis(1001); // so one more may go
    other.send(1000);
    assertThat(share.hasRoom()).isFalse();

    passMillis(10);
    show(pace, other, 1);

    assertThat(share.hasRoom()).isTrue();
  }

  @Test
  void pausedSubscriptionIsNotWaitedFor() {
    Pace.Share share = held();
    Pace.Share other = pace.share();
    other.begin();
    assertThat(other.hasRoom()).isFalse();

    share.stop();
    share.stop();

    assertThat(other.hasRoom()).isTrue();
    passMillis(30_000);
    assertThat(share.isSilent()).isFalse();
    share.begin();
    assertThat(share.hasRoom()).isTrue();
    assertThat(share.isSilent()).isFalse();
  }

  @Test
  void clientThatDroppedAllItHadGetsMoreAndMoreSeldomly() {
    Pace.Share share = held();
    for (int seconds : new int[] {1, 2, 4, 8}) {
      passMillis(seconds * 1000 - 1);
      assertThat(share.hasRoom()).isFalse();
      passMillis(1);
      assertThat(share.hasRoom()).isTrue();
      share.send(10_000);
      assertThat(share.hasRoom()).isFalse();
    }
  }

  @Test
  void clientThatStopsToAcknowledgeIsSilent() {
    Pace.Share share = held();
    Pace.Share other = pace.share();
    other.begin();
    passMillis(19_999);
    other.send(1000);
    assertThat(share.isSilent()).isFalse();

    passMillis(2);

    assertThat(share.isSilent()).isTrue();
    assertThat(other.isSilent()).isFalse(); // it never began to
    show(pace, share, 2);
    assertThat(share.isSilent()).isFalse();
  }

  @Test
  void clientIsNotSilentWhereNothingGoesOut() {
    Pace.Share share = pace.share();
    share.begin();
    share.send(1000);
    passMillis(10);
    show(pace, share, 1);
    share.send(1000);

    passMillis(60_000);
    assertThat(share.isSilent()).isFalse();
    share.send(1000);
    assertThat(share.isSilent()).isFalse();
    passMillis(9_000);
    share.send(1000);
    passMillis(9_000);
    share.send(1000);
    assertThat(share.isSilent()).isFalse();
    passMillis(2_001);
    assertThat(share.isSilent()).isTrue();
  }

  @Test
  void clientThatShowsAllIsNotSilentHoweverLongNothingCame() {
    Pace.Share share = pace.share();
    share.begin();
    share.send(1000);
    passMillis(10);
    show(pace, share, 1);

    passMillis(60_000);
    share.send(1000);

    assertThat(share.isSilent()).isFalse();
  }
}
