package dev.zoetrope.capture;

import static dev.zoetrope.capture.TestPackets.audio;
import static dev.zoetrope.capture.TestPackets.packet;
import static dev.zoetrope.capture.TestPackets.run;
import static dev.zoetrope.capture.TestPackets.video;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  /** 33 bits of 90 kHz: where MPEG's clocks wrap. */
  private static final long WRAP_MICROS = (1L << 33) * 100 / 9;

  private final List<Packet> given = new ArrayList<>();
  private final List<Run> runs = new ArrayList<>();
  private long nowMicros = 5_000_000_000L;
  private SteadyClock clock;

  @BeforeEach
  void makeClock() {
    Sink<Packet> sink =
        new Sink<>() {
          @Override
          public void begin(Run run) {
            runs.add(run);
          }

          @Override
          public void accept(Packet packet) {
            given.add(packet);
          }
        };
    clock = new SteadyClock(sink, () -> nowMicros * 1000);
  }

  private void passMillis(long millis) {
    nowMicros += millis * 1000;
  }

  /** Gives packets on, 40 ms apart on our clock. */
  private void give(Packet... packets) {
    for (Packet packet : packets) {
      passMillis(40);
      clock.accept(packet);
    }
  }

  /** Milliseconds since the origin of what was given on; {@code isVideo} or the sound. */
  private List<Long> millis(boolean isVideo) {
    return given.stream()
        .filter(packet -> packet.track().isVideo() == isVideo)
        .map(packet -> (packet.dtsMicros() - SteadyClock.ORIGIN_MICROS) / 1000)
        .toList();
  }

  @Test
  void runBeginsWhereTheTimeSinceTheStartSays() {
    clock.begin(run(0));
    passMillis(260);

    give(video(7000), video(7040), video(7080));

    assertThat(millis(true)).containsExactly(300L, 340L, 380L);
  }

  @Test
  void presentationTimesMoveWithDecodingTimes() {
    clock.begin(run(0));

    clock.accept(new Packet(TestPackets.VIDEO, 80_000, -40_000, true, 7, Bytes.of(1)));

    Packet steady = given.get(0);
    assertThat(steady.ptsMicros() - steady.dtsMicros()).isEqualTo(120_000);
    assertThat(steady.dtsMicros()).isGreaterThanOrEqualTo(SteadyClock.ORIGIN_MICROS);
    assertThat(steady.captureMicros()).isEqualTo(7);
    assertThat(steady.data()).isEqualTo(Bytes.of(1));
  }

  @Test
  void burstAndJitterOfArrivalDoNotMatter() {
    clock.begin(run(0));

    clock.accept(video(0));
    passMillis(3000);
    clock.accept(video(40));
    clock.accept(video(80));

    assertThat(millis(true)).containsExactly(0L, 40L, 80L);
  }

  @Test
  void restartedRunGoesOnAtTheTimeOfDay() {
    clock.begin(run(0));
    give(video(0), video(40));
    passMillis(4960);

    clock.begin(run(0));
    give(video(0), video(40));

    assertThat(millis(true)).containsExactly(40L, 80L, 5080L, 5120L);
    assertThat(runs).extracting(Run::number).containsExactly(0, 1);
  }

  @Test
  void restartedRunNeverBeginsBeforeWhatASourceFasterThanTimeHasReached() {
    clock.begin(run(0));
    give(video(0), video(5000));

    clock.begin(run(0));
    give(video(0), audio(-300), audio(-280));

    assertNoTrackGoesBack();
  }

  @Test
  void jumpForwardIsSmoothedOver() {
    clock.begin(run(0));

    give(video(0), video(40), video(3_600_080), video(3_600_120));

    assertThat(millis(true)).containsExactly(40L, 80L, 120L, 160L);
  }

  @Test
  void jumpBackIsSmoothedOver() {
    clock.begin(run(0));

    give(video(600_000), video(600_040), video(0), video(40));

    assertThat(millis(true)).containsExactly(40L, 80L, 120L, 160L);
  }

  @Test
  void smallStepBackIsSmoothedOverToo() {
    clock.begin(run(0));

    give(video(1000), video(1040), video(840), video(880));

    assertThat(millis(true)).containsExactly(40L, 80L, 120L, 160L);
  }

  @Test
  void pauseOfTheSourceStays() {
    clock.begin(run(0));
    give(video(0));
    passMillis(4960);

    give(video(5000));

    assertThat(millis(true)).containsExactly(40L, 5040L);
  }

  @Test
  void longPauseOfTheSourceStaysToo() {
    clock.begin(run(0));
    give(video(0));
    passMillis(59_960);

    give(video(60_000));

    assertThat(millis(true)).containsExactly(40L, 60_040L);
  }

  @Test
  void wrapOf33BitsIsSmoothedOverForBothTracks() {
    clock.begin(run(0));
    long end = WRAP_MICROS;

    for (int i = -10; i < 10; i++) { // the sound comes 60 ms behind the picture, so wraps later
      give(packet(TestPackets.VIDEO, Math.floorMod(i * 40_000L, end)));
      clock.accept(packet(TestPackets.AUDIO, Math.floorMod(i * 40_000L - 60_000, end)));
    }

    assertNoTrackGoesBack();
    List<Long> video = millis(true);
    List<Long> audio = millis(false);
    assertThat(video.get(19) - video.get(0)).isBetween(760L, 960L);
    assertThat(video.get(0) - audio.get(0)).isEqualTo(60);
    assertThat(video.get(19) - audio.get(19)).isEqualTo(60);
  }

  @Test
  void tracksFarApartStayAsFarApart() {
    clock.begin(run(0));

    for (int i = 0; i < 100; i++) {
      give(video(3000 + i * 40L));
      clock.accept(audio(i * 40L));
    }

    List<Long> video = millis(true);
    List<Long> audio = millis(false);
    assertThat(video.get(99) - video.get(0)).isEqualTo(99 * 40);
    assertThat(audio.get(99) - audio.get(0)).isEqualTo(99 * 40);
    assertThat(video.get(0) - audio.get(0)).isEqualTo(3000);
  }

  private void assertNoTrackGoesBack() {
    assertThat(millis(true)).isSorted();
    assertThat(millis(false)).isSorted();
  }
}
