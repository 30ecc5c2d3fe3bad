package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Supervision.Order;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Line by line the table at {@link Supervision}; time is stepped in milliseconds. */
class SupervisionTest {
  private static final long START = 1_000_000;
  private static final long USUAL_MILLIS = 40;

  private final Supervision supervision =
      new Supervision(CaptureSettings.DEFAULT, new Backoff(() -> 1 - 1e-12), at(0));

  private static long at(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(START + millis);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos) - START;
  }

  private Order check(long millis) {
    return supervision.check(at(millis));
  }

  private void begin(long millis) {
    assertThat(check(millis)).isEqualTo(Order.START);
    supervision.begun(at(millis), false);
  }

  private void packet(long millis) {
    supervision.packets(at(millis), TimeUnit.MILLISECONDS.toNanos(USUAL_MILLIS));
  }

  private void isIn(CaptureState state) {
    assertThat(supervision.state()).isEqualTo(state);
  }

  @Test
  void firstAttemptIsDueAtOnceAndOrderedOnce() {
    assertThat(check(0)).isEqualTo(Order.START);
    assertThat(check(1)).isEqualTo(Order.NOTHING);
    isIn(CaptureState.STARTING);
  }

  @Test
  void firstPacketMakesItLive() {
    begin(0);

    packet(300);

    isIn(CaptureState.LIVE);
  }

  @Test
  void startWithoutAPacketIsGivenUpAfterTheStartTimeout() {
    begin(0);

    assertThat(check(14_999)).isEqualTo(Order.NOTHING);
    assertThat(check(15_000)).isEqualTo(Order.GIVE_UP);
    assertThat(check(15_001)).isEqualTo(Order.NOTHING);
    supervision.ended(at(15_100), Cause.NO_START);

    isIn(CaptureState.WAITING);
    assertThat(check(16_099)).isEqualTo(Order.NOTHING);
    assertThat(check(16_100)).isEqualTo(Order.START);
  }

  @Test
  void silenceOfTwoSecondsIsAStallAndOfFiveTheEnd() {
    begin(0);
    packet(300);

    assertThat(check(2299)).isEqualTo(Order.NOTHING);
    assertThat(check(2300)).isEqualTo(Order.TELL_STALLED);
    isIn(CaptureState.STALLED);
    assertThat(check(5299)).isEqualTo(Order.NOTHING);
    assertThat(check(5300)).isEqualTo(Order.GIVE_UP);
  }

  @Test
  void sourceOfFewPicturesIsGivenThreeOfTheirDistances() {
    begin(0);

    supervision.packets(at(1000), TimeUnit.SECONDS.toNanos(10));

    assertThat(check(30_999)).isEqualTo(Order.NOTHING);
    assertThat(check(31_000)).isEqualTo(Order.TELL_STALLED);
    assertThat(check(34_000)).isEqualTo(Order.GIVE_UP);
  }

  @Test
  void packetEndsAStall() {
    begin(0);
    packet(300);
    check(2300);

    packet(2500);

    isIn(CaptureState.LIVE);
    assertThat(check(4499)).isEqualTo(Order.NOTHING);
    assertThat(check(4500)).isEqualTo(Order.TELL_STALLED);
  }

  @Test
  void packetThatIsKnownAlreadyDoesNotEndAStall() {
    begin(0);
    packet(300);
    check(2300);

    packet(300);

    isIn(CaptureState.STALLED);
  }

  @Test
  void packetAfterItWasGivenUpChangesNothing() {
    begin(0);
    packet(300);
    check(2300);
    check(5300);

    packet(5400);

    isIn(CaptureState.STALLED);
  }

  @Test
  void failuresWaitLongerEachTime() {
    long now = 0;
    for (long wait : new long[] {1000, 2000, 4000}) {
      begin(now);
      supervision.ended(at(now), Cause.PORT_CLOSED);
      isIn(CaptureState.WAITING);
      assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(now + wait);
      now += wait;
    }
  }

  @Test
  void minuteOfHealthMakesTheNextWaitShortAgain() {
    begin(0);
    supervision.ended(at(0), Cause.PORT_CLOSED);
    begin(1000);
    packet(1100);
    packet(61_100);

    supervision.ended(at(61_200), Cause.PORT_CLOSED);

    assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(61_400);
  }

  @Test
  void firstFailureOfWhatWasLiveIsFollowedByATryAlmostAtOnce() {
    begin(0);
    packet(300);

    supervision.ended(at(1000), Cause.PORT_CLOSED);
    assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(1200);
    begin(1200);
    packet(1300);
    supervision.ended(at(2000), Cause.PORT_CLOSED);

    assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(3000);
  }

  @Test
  void lessThanAMinuteOfHealthDoesNot() {
    begin(0);
    supervision.ended(at(0), Cause.PORT_CLOSED);
    begin(1000);
    packet(1100);
    packet(61_000);

    supervision.ended(at(61_200), Cause.PORT_CLOSED);

    assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(63_200);
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"WRONG_PASSWORD", "NO_PROGRAM", "UNSUPPORTED_CODEC"})
  void whatNeedsAHandFailsAndIsTriedAfterAMinute(Cause cause) {
    begin(0);

    supervision.ended(at(100), cause);

    isIn(CaptureState.FAILED);
    assertThat(check(60_099)).isEqualTo(Order.NOTHING);
    assertThat(check(60_100)).isEqualTo(Order.START);
    isIn(CaptureState.STARTING);
  }

  @Test
  void whatWasShownOnceIsNotTriedUntilSomebodyAsks() {
    begin(0);
    packet(100);

    supervision.ended(at(5000), Cause.ENDED);

    isIn(CaptureState.ENDED);
    assertThat(supervision.checkNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(check(100_000_000)).isEqualTo(Order.NOTHING);
    supervision.tryNow(at(100_000_001));
    assertThat(check(100_000_001)).isEqualTo(Order.START);
  }

  @Test
  void publisherIsWaitedForWithoutATime() {
    supervision.ended(at(0), Cause.NOBODY_PUBLISHES);

    isIn(CaptureState.WAITING);
    assertThat(supervision.hasNextAttempt()).isFalse();
    supervision.tryNow(at(7000));
    assertThat(check(7000)).isEqualTo(Order.START);
  }

  @Test
  void inputThatMayWaitIsNotGivenUpBeforeItsFirstPacket() {
    assertThat(check(0)).isEqualTo(Order.START);
    supervision.begun(at(0), true);

    isIn(CaptureState.WAITING);
    assertThat(check(100_000_000)).isEqualTo(Order.NOTHING);
    packet(100_000_001);
    isIn(CaptureState.LIVE);
    assertThat(check(100_002_001)).isEqualTo(Order.TELL_STALLED);
  }

  @Test
  void whatIsToBeChangedIsBegunAnewAtOnceAndIsNoFailure() {
    begin(0);
    packet(100);

    supervision.endedToBeginAnew(at(200));

    isIn(CaptureState.STARTING);
    begin(200);
    supervision.ended(at(300), Cause.PORT_CLOSED);
    assertThat(millis(supervision.nextAttemptNanos())).isEqualTo(1300);
  }

  @Test
  void waitIsCutShortByWhoAsks() {
    begin(0);
    supervision.ended(at(0), Cause.PORT_CLOSED);

    supervision.tryNow(at(200));

    assertThat(check(200)).isEqualTo(Order.START);
  }

  @Test
  void whoAsksDuringAnAttemptDoesNotDisturbIt() {
    begin(0);

    supervision.tryNow(at(200));

    assertThat(check(200)).isEqualTo(Order.NOTHING);
    isIn(CaptureState.STARTING);
  }
}
