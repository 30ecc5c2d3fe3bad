package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final Track VIDEO = TestPackets.VIDEO;
  private static final Track AUDIO = TestPackets.AUDIO;
  private static final int FRAME = 40_000; // µs, 25 a second

  private final Measurement measurement = new Measurement();

  private void begin(Track... tracks) {
    measurement.begin(new Run(0, List.of(tracks), "", Bytes.EMPTY));
  }

  private void give(Track track, long ptsMicros, long dtsMicros, boolean isKeyframe, int size) {
    give(track, ptsMicros, dtsMicros, isKeyframe, size, ptsMicros);
  }

  private void give(
      Track track, long ptsMicros, long dtsMicros, boolean isKeyframe, int size, long arrived) {
    Bytes data = Bytes.owning(new byte[size]);
    measurement.accept(new Packet(track, ptsMicros, dtsMicros, isKeyframe, arrived, data));
  }

  /** Pictures of a camera: a keyframe of 5000 bytes every {@code group}, 1000 bytes between. */
  private void pictures(int count, int group) {
    for (int i = 0; i < count; i++) {
      boolean isKeyframe = i % group == 0;
      give(VIDEO, (long) i * FRAME, (long) i * FRAME, isKeyframe, isKeyframe ? 5000 : 1000);
    }
  }

  private MeasuredTrack picture() {
    return measurement.tracks().get(0);
  }

  @Test
  void rateKeyframesAndBitsAreThoseOfThePackets() {
    begin(VIDEO);

    pictures(76, 25);

    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().keyframeSeconds().getAsDouble()).isCloseTo(1, within(0.001));
    assertThat(picture().longestKeyframeSeconds().getAsDouble()).isCloseTo(1, within(0.001));
    assertThat(picture().bitsPerSecond()).isEqualTo((5000 + 24 * 1000) * 8);
    assertThat(picture().isReordered()).isFalse();
    assertThat(picture().isUneven()).isFalse();
    assertThat(picture().stampedFps()).isEmpty();
  }

  @Test
  void twoKeyframesAndTwoSecondsAreEnough() {
    begin(VIDEO);
    pictures(50, 25);
    assertThat(measurement.isEnough()).isFalse();

    give(VIDEO, 50 * FRAME, 50 * FRAME, true, 5000);

    assertThat(measurement.isEnough()).isTrue();
  }

  @Test
  void longGroupIsNotEnoughBeforeItsSecondKeyframe() {
    begin(VIDEO);

    pictures(249, 250);

    assertThat(measurement.isEnough()).isFalse();
    assertThat(picture().keyframeSeconds()).isEmpty();
    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().bitsPerSecond()).isCloseTo(200_000L, within(10_000L));
  }

  @Test
  void longestDistanceOfKeyframesIsKept() {
    begin(VIDEO);
    for (int i = 0; i <= 200; i++) {
      give(VIDEO, (long) i * FRAME, (long) i * FRAME, i == 0 || i == 25 || i == 200, 1000);
    }

    assertThat(picture().keyframeSeconds().getAsDouble()).isCloseTo(4, within(0.001));
    assertThat(picture().longestKeyframeSeconds().getAsDouble()).isCloseTo(7, within(0.001));
  }

  @Test
  void reorderedPicturesAreSeenAndCountedRight() {
    begin(VIDEO);
    // I0 P3 B1 B2 P6 B4 B5 …: decoded in this order, the newest B-frames of the end missing.
    int decoded = 0;
    give(VIDEO, 0, -FRAME, true, 3000);
    for (int group = 1; group <= 25; group++) {
      long reference = group * 3L;
      boolean isKeyframe = group % 10 == 0;
      give(VIDEO, reference * FRAME, (long) decoded++ * FRAME, isKeyframe, 3000);
      if (group < 25) {
        give(VIDEO, (reference - 2) * FRAME, (long) decoded++ * FRAME, false, 500);
        give(VIDEO, (reference - 1) * FRAME, (long) decoded++ * FRAME, false, 500);
      }
    }

    assertThat(picture().isReordered()).isTrue();
    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().isUneven()).isFalse();
    assertThat(picture().keyframeSeconds().getAsDouble()).isCloseTo(1.2, within(0.001));
  }

  @Test
  void varyingDistancesAreUneven() {
    begin(VIDEO);
    long at = 0;
    for (int i = 0; i < 60; i++) {
      give(VIDEO, at, at, i % 20 == 0, 1000);
      at += i % 2 == 0 ? 20_000 : 80_000;
    }

    assertThat(picture().isUneven()).isTrue();
  }

  @Test
  void timesThatAreRoundedToMillisecondsAreEven() {
    begin(VIDEO);
    for (int i = 0; i < 90; i++) {
      long at = Math.round(i * 1000 / 29.97) * 1000;
      give(VIDEO, at, at, i % 30 == 0, 1000);
    }

    assertThat(picture().isUneven()).isFalse();
    assertThat(picture().fps().getAsDouble()).isCloseTo(29.97, within(0.05));
  }

  @Test
  void burstIsMeasuredByItsTimes() {
    begin(VIDEO);
    for (int i = 0; i < 100; i++) {
      give(VIDEO, (long) i * FRAME, (long) i * FRAME, i % 25 == 0, 1000, 1000 + i);
    }

    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().stampedFps()).isEmpty();
  }

  @Test
  void whatComesMoreSlowlyThanItsTimesSayIsMeasuredByItsArrival() {
    begin(VIDEO);
    for (int i = 0; i <= 30; i++) {
      give(VIDEO, (long) i * FRAME, (long) i * FRAME, i % 10 == 0, 1250, i * 100_000L);
    }

    assertThat(picture().fps().getAsDouble()).isCloseTo(10, within(0.01));
    assertThat(picture().stampedFps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().keyframeSeconds().getAsDouble()).isCloseTo(1, within(0.001));
    assertThat(picture().bitsPerSecond()).isCloseTo(100_000L, within(100L));
    assertThat(measurement.isEnough()).isTrue();
  }

  @Test
  void soundIsMeasuredBehindThePicture() {
    begin(AUDIO.withIndex(0), VIDEO.withIndex(1));
    Track video = VIDEO.withIndex(1);
    for (int i = 0; i < 100; i++) {
      give(AUDIO.withIndex(0), i * 20_000L, i * 20_000L, true, 160);
      give(video, i * 20_000L, i * 20_000L, i % 50 == 0, 1000);
    }

    List<MeasuredTrack> tracks = measurement.tracks();

    assertThat(tracks)
        .extracting(each -> each.track().codec())
        .containsExactly(Codec.H264, Codec.AAC);
    assertThat(tracks.get(1).bitsPerSecond()).isEqualTo(64_000);
  }

  @Test
  void soundAloneIsNoPicture() {
    begin(VIDEO, AUDIO);

    give(AUDIO, 0, 0, true, 100);

    assertThat(measurement.hasPicture()).isFalse();
    assertThat(measurement.isEnough()).isFalse();
    assertThat(picture().fps()).isEmpty();
    assertThat(picture().bitsPerSecond()).isZero();
  }

  @Test
  void otherSizeIsToldAndMeasuredOn() {
    begin(VIDEO);
    pictures(26, 25);
    Track larger = Track.video(0, Codec.H264, Bytes.EMPTY, Bytes.EMPTY, 640, 480);

    begin(larger);
    for (int i = 26; i < 76; i++) {
      give(larger, (long) i * FRAME, (long) i * FRAME, i % 25 == 0, 1000);
    }

    assertThat(picture().changesSize()).isTrue();
    assertThat(picture().track()).isEqualTo(larger);
    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(measurement.isEnough()).isTrue();
  }

  @Test
  void otherCodecIsMeasuredAnew() {
    begin(VIDEO, AUDIO);
    pictures(60, 25);
    Track jpeg = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 320, 240);

    begin(jpeg);

    assertThat(measurement.tracks()).hasSize(1);
    assertThat(measurement.hasPicture()).isFalse();
    assertThat(picture().track().codec()).isEqualTo(Codec.MJPEG);
  }

  @Test
  void onlySoManyPacketsAreKept() {
    begin(VIDEO);

    pictures(40_000, 25);

    assertThat(picture().fps().getAsDouble()).isCloseTo(25, within(0.01));
    assertThat(picture().keyframeSeconds().getAsDouble()).isCloseTo(1, within(0.001));
  }
}
