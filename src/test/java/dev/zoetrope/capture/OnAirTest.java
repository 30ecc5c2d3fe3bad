package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OnAirTest {
  private final RecordingSink seen = new RecordingSink();
  private final OnAir onAir = new OnAir(seen);

  private static Packet picture(long captureMicros, boolean isKeyframe) {
    return new Packet(
        TestPackets.VIDEO, captureMicros, captureMicros, isKeyframe, captureMicros, Bytes.EMPTY);
  }

  private Sink<Packet> attempt() {
    Sink<Packet> attempt = onAir.take();
    attempt.begin(TestPackets.run(0));
    return attempt;
  }

  private void card(long captureMicros) {
    onAir.showCard(Bytes.EMPTY, onAir.size(), captureMicros, captureMicros);
  }

  private Codec newestCodec() {
    return seen.runs.get(seen.runs.size() - 1).video().orElseThrow().codec();
  }

  @Test
  void sourceGoesOnAirAtItsFirstKeyframe() {
    Sink<Packet> attempt = attempt();

    attempt.accept(TestPackets.audio(1));
    attempt.accept(picture(10, false));
    assertThat(seen.runs).isEmpty();
    attempt.accept(picture(20, true));
    attempt.accept(picture(30, false));

    assertThat(seen.runs).hasSize(1);
    assertThat(seen.packets).extracting(Packet::captureMicros).containsExactly(20L, 30L);
  }

  @Test
  void eachSizeOfCardHasARunOfItsOwnWhateverSizeTheSourceHasByNow() {
    Encoding.Size painted = OnAir.WAITING_SIZE;
    attempt(); // of another size
    onAir.showCard(Bytes.EMPTY, painted, 30, 30);
    onAir.showCard(Bytes.EMPTY, painted, 40, 40);
    onAir.showCard(Bytes.EMPTY, onAir.size(), 50, 50);

    assertThat(seen.runs)
        .extracting(run -> run.video().orElseThrow().width())
        .containsExactly(painted.width(), onAir.size().width());
    assertThat(seen.packets).hasSize(3);
    assertThat(onAir.isOfSource(45)).isFalse();
  }

  @Test
  void cardHasTheSizeOfThePictureBefore() {
    assertThat(onAir.size()).isEqualTo(OnAir.WAITING_SIZE);
    attempt().accept(picture(20, true));

    card(30);

    assertThat(newestCodec()).isEqualTo(Codec.RGB24);
    assertThat(seen.runs.get(1).video().orElseThrow().width()).isEqualTo(320);
    assertThat(onAir.showsCard()).isTrue();
  }

  @Test
  void furtherPicturesOfTheCardAreOfItsRun() {
    card(10);
    card(20);

    assertThat(seen.runs).hasSize(1);
    assertThat(seen.packets).hasSize(2).allMatch(Packet::isJoinPoint);
  }

  @Test
  void stalledSourceComesBackAtAKeyframeInARunOfItsOwn() {
    Sink<Packet> attempt = attempt();
    attempt.accept(picture(10, true));
    card(20);

    attempt.accept(picture(30, false));
    assertThat(onAir.showsCard()).isTrue();
    attempt.accept(picture(40, true));

    assertThat(onAir.showsCard()).isFalse();
    assertThat(seen.runs).hasSize(3);
    assertThat(newestCodec()).isEqualTo(Codec.H264);
  }

  @Test
  void packetsOfAnAttemptThatWasGivenUpAreLeftOut() {
    Sink<Packet> first = attempt();
    onAir.dismiss(first);
    first.accept(picture(10, true));
    Sink<Packet> second = attempt();
    first.accept(picture(20, true));
    second.accept(picture(30, true));

    assertThat(seen.packets).extracting(Packet::captureMicros).containsExactly(30L);
  }

  @Test
  void successorTakesThePlaceOfTheFirstAtItsKeyframe() {
    AtomicInteger told = new AtomicInteger();
    Sink<Packet> first = attempt();
    first.accept(picture(10, true));
    Sink<Packet> second = onAir.succeed(told::incrementAndGet);
    second.begin(TestPackets.run(0));

    second.accept(picture(20, false));
    first.accept(picture(30, false));
    assertThat(onAir.isTaken(second)).isFalse();
    second.accept(picture(40, true));
    first.accept(picture(50, true));
    onAir.dismiss(first);
    second.accept(picture(60, false));

    assertThat(seen.packets).extracting(Packet::captureMicros).containsExactly(10L, 30L, 40L, 60L);
    assertThat(onAir.isTaken(second)).isTrue();
    assertThat(told).hasValue(1);
    assertThat(onAir.isOfSource(45)).isTrue();
  }

  @Test
  void successorThatWasDismissedLeavesTheFirstOnAir() {
    Sink<Packet> first = attempt();
    first.accept(picture(10, true));
    Sink<Packet> second = onAir.succeed(() -> {});
    second.begin(TestPackets.run(0));

    onAir.dismissSuccessor();
    second.accept(picture(20, true));
    first.accept(picture(30, false));

    assertThat(seen.packets).extracting(Packet::captureMicros).containsExactly(10L, 30L);
  }

  @Test
  void whatIsOfTheSourceIsToldFromWhatIsOfTheCard() {
    assertThat(onAir.isOfSource(0)).isFalse();
    attempt().accept(picture(100, true));
    assertThat(onAir.isOfSource(99)).isFalse();
    assertThat(onAir.isOfSource(100)).isTrue();

    card(200);
    assertThat(onAir.isOfSource(150)).isTrue();
    assertThat(onAir.isOfSource(200)).isFalse();
    attempt().accept(picture(300, true));

    assertThat(onAir.isOfSource(250)).isFalse();
    assertThat(onAir.isOfSource(300)).isTrue();
  }

  @Test
  void sourceThatReturnsWithAnEarlierTimeThanItsCardIsTheSource() {
    attempt().accept(picture(100, true));
    card(200);

    attempt().accept(picture(150, true)); // the clock was set back

    assertThat(onAir.isOfSource(150)).isTrue();
    assertThat(onAir.isOfSource(250)).isTrue();
  }

  @Test
  void restartWithoutACardIsStillTheSource() {
    attempt().accept(picture(100, true));

    attempt().accept(picture(200, true));

    assertThat(onAir.sourceMicros()).isEqualTo(100);
    assertThat(onAir.isOfSource(150)).isTrue();
  }
}
