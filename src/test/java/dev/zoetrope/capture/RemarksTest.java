package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Track;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RemarksTest {
  private static final List<Rendition> DEFAULTS =
      List.of(Format.values()).stream().map(Rendition::defaultOf).toList();

  private static Track picture(Codec codec, int width, int height) {
    return Track.video(0, codec, Bytes.EMPTY, Bytes.EMPTY, width, height);
  }

  /** A source that nothing is to be said about, but for what is given. */
  private static MeasuredTrack measured(Track track, double fps, double keyframeSeconds) {
    return measured(track, fps, keyframeSeconds, 2_000_000, false, false);
  }

  private static MeasuredTrack measured(
      Track track,
      double fps,
      double keyframeSeconds,
      long bits,
      boolean reordered,
      boolean uneven) {
    OptionalDouble keyframes =
        keyframeSeconds == 0 ? OptionalDouble.empty() : OptionalDouble.of(keyframeSeconds);
    return new MeasuredTrack(
        track,
        "the codec",
        OptionalDouble.of(fps),
        keyframes,
        keyframes,
        bits,
        reordered,
        uneven,
        OptionalDouble.empty(),
        false);
  }

  private static List<Remark> remarks(List<Rendition> renditions, MeasuredTrack... tracks) {
    List<Track> all = List.of(tracks).stream().map(MeasuredTrack::track).toList();
    List<ProbedRendition> probed =
        renditions.stream().map(each -> ProbedRendition.of(each, all)).toList();
    return Remarks.of(List.of(tracks), probed, 8);
  }

  private static String words(MeasuredTrack... tracks) {
    List<String> words = new ArrayList<>();
    for (Remark remark : remarks(DEFAULTS, tracks)) {
      assertThat(remark.advice()).isNotEmpty().endsWith(".");
      assertThat(remark.words()).doesNotEndWith(".");
      words.add(remark.words());
    }
    return String.join("\n", words);
  }

  @Test
  void ordinaryCameraNeedsNoRemark() {
    Track sound = Track.audio(1, Codec.AAC, Bytes.EMPTY, Bytes.EMPTY, 48_000, 2);

    assertThat(words(measured(picture(Codec.H264, 1920, 1080), 25, 2), measured(sound, 46.9, 0.02)))
        .isEmpty();
  }

  @Test
  void rareKeyframesAreToldWithTheirDistance() {
    Track track = picture(Codec.H264, 1280, 720);

    assertThat(words(measured(track, 25, 5.5))).contains("a keyframe comes only every 5.5 s");
    assertThat(words(measured(track, 25, 4))).isEmpty();
    assertThat(words(measured(track, 25, 0))).contains("no second keyframe came within 8 s");
  }

  @Test
  void reorderedAndUnevenPicturesAreTold() {
    Track track = picture(Codec.H264, 1280, 720);

    assertThat(words(measured(track, 25, 1, 1_000_000, true, false))).contains("B-frames");
    assertThat(words(measured(track, 25, 1, 1_000_000, false, true))).contains("distances");
  }

  @Test
  void codecThatNotEveryBrowserPlaysIsToldWhereItIsCopied() {
    MeasuredTrack hevc = measured(picture(Codec.HEVC, 1280, 720), 25, 1);
    Rendition encoded = new Rendition("fmp4", Format.FMP4, 1280, 0, 5, 2_500_000, 0, Encode.ALWAYS);

    assertThat(words(hevc)).contains("H.265", "Safari", "Chrome", "Firefox");
    assertThat(remarks(List.of(encoded), hevc)).isEmpty();
    assertThat(words(measured(picture(Codec.AV1, 1280, 720), 25, 1))).contains("AV1", "Safari");
    assertThat(words(measured(picture(Codec.MPEG2VIDEO, 1280, 720), 25, 1)))
        .contains("the codec is not what browsers play in MP4");
  }

  @Test
  void soundThatBrowsersDoNotPlayIsTold() {
    Track sound = Track.audio(1, Codec.PCM_MULAW, Bytes.EMPTY, Bytes.EMPTY, 8000, 1);
    MeasuredTrack picture = measured(picture(Codec.H264, 1280, 720), 25, 1);

    assertThat(words(picture, measured(sound, 50, 0.02))).contains("its sound is the codec");
    assertThat(
            remarks(List.of(Rendition.defaultOf(Format.GIF)), picture, measured(sound, 50, 0.02)))
        .isEmpty();
  }

  @Test
  void veryLargePictureIsToldWhereThereIsAGif() {
    MeasuredTrack large = measured(picture(Codec.H264, 3840, 2160), 25, 1);

    assertThat(words(large)).contains("3840x2160 is very large for GIF");
    assertThat(remarks(List.of(Rendition.defaultOf(Format.FMP4)), large)).isEmpty();
  }

  @Test
  void unusualRatesAreTold() {
    Track track = picture(Codec.H264, 1280, 720);

    assertThat(words(measured(track, 2.5, 2))).contains("only 2.5 pictures come a second");
    assertThat(words(measured(track, 120, 2))).contains("120 pictures come a second");
    assertThat(words(measured(track, 60, 2))).isEmpty();
    assertThat(words(measured(track, 25, 2, 40_000_000, false, false))).contains("40 Mbit/s");
  }

  @Test
  void renditionsSayWhatIsCopied() {
    List<Track> camera =
        List.of(
            picture(Codec.H264, 1280, 720),
            Track.audio(1, Codec.PCM_MULAW, Bytes.EMPTY, Bytes.EMPTY, 8000, 1));
    List<Track> jpeg = List.of(picture(Codec.MJPEG, 1280, 720));
    Rendition fmp4 = Rendition.defaultOf(Format.FMP4);
    Rendition mjpeg = Rendition.defaultOf(Format.MJPEG);

    assertThat(ProbedRendition.of(fmp4, camera).isCopied()).isTrue();
    assertThat(ProbedRendition.of(fmp4, camera).words()).contains("its sound is encoded");
    assertThat(ProbedRendition.of(fmp4, camera.subList(0, 1)).words()).isEqualTo("plays as it is");
    assertThat(ProbedRendition.of(mjpeg, camera).words()).isEqualTo("encoded while watched");
    assertThat(ProbedRendition.of(mjpeg, jpeg).isCopied()).isTrue();
    assertThat(ProbedRendition.of(fmp4, jpeg).isCopied()).isFalse();
    assertThat(ProbedRendition.of(Rendition.defaultOf(Format.MPEG1), camera).isCopied()).isFalse();
  }
}
