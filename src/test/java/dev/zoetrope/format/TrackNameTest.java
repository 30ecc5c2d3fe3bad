package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TrackNameTest {
  /** 1280x720, High. */
  private static final String SPS_AND_PPS =
      "000000016764001fac2ca5014016e9b808080810" + "0000000168ee3c80";

  @ParameterizedTest
  @CsvSource({
    "libx264 -preset ultrafast -pix_fmt yuv420p -profile:v baseline, mpegts, H.264 Constrained Baseline",
    "libx264 -preset slow -pix_fmt yuv420p -profile:v main, mp4, H.264 Main",
    "libx264 -preset slow -pix_fmt yuv420p, mp4, H.264 High",
    "libx264 -preset slow -pix_fmt yuv422p, mpegts, H.264 High 4:2:2",
    "libx264 -preset slow -pix_fmt yuv444p, mp4, H.264 High 4:4:4",
    "libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p, mpegts, H.265 Main",
    "libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p10le, mp4, H.265 Main 10",
    "libaom-av1 -pix_fmt yuv420p -cpu-used 8 -usage realtime, mp4, AV1 Main",
    "libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p, mp4, VP9",
    "mpeg2video, mpegts, MPEG-2",
    "mjpeg -pix_fmt yuvj420p, matroska, JPEG pictures",
  })
  void pictureIsNamedWithItsProfile(String codec, String container, String name)
      throws IOException {
    byte[] nut = NutClip.copied(PICTURE + "-t 0.4 -c:v " + codec, container);

    assertThat(TrackName.of(track(nut), Bytes.EMPTY)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "-ac 2 -ar 44100 -c:a aac, mp4, AAC LC",
    "-c:a libopus, matroska, Opus",
    "-c:a mp2, mpegts, MPEG layer 2",
    "-ar 8000 -ac 1 -c:a pcm_mulaw, matroska, G.711 µ-law",
  })
  void soundIsNamed(String codec, String container, String name) throws IOException {
    byte[] nut = NutClip.copied(SOUND + "-t 0.4 " + codec, container);

    assertThat(TrackName.of(track(nut), Bytes.EMPTY)).isEqualTo(name);
  }

  private static Track track(byte[] nut) throws IOException {
    return NutClip.read(nut).runs.get(0).tracks().get(0);
  }

  @Test
  void profileIsFoundInAKeyframeWhereTheExtradataTellsNothing() {
    Bytes keyframe = Bytes.owning(HexFormat.of().parseHex(SPS_AND_PPS + "0000000165888400"));
    Track track = Track.video(0, Codec.H264, Bytes.EMPTY, Bytes.EMPTY, 1280, 720);

    assertThat(TrackName.of(track, keyframe)).isEqualTo("H.264 High");
    assertThat(TrackName.of(track, Bytes.EMPTY)).isEqualTo("H.264");
  }

  @Test
  void damagedConfigurationLeavesTheCodecsName() {
    Bytes damaged = Bytes.of(1, 100, 0, 31, 255, 255, 0, 9, 0x67);
    Track picture = Track.video(0, Codec.H264, Bytes.EMPTY, damaged, 1280, 720);
    Track sound = Track.audio(0, Codec.AAC, Bytes.EMPTY, Bytes.of(0xff), 48_000, 2);

    assertThat(TrackName.of(picture, damaged)).isEqualTo("H.264");
    assertThat(TrackName.of(sound, Bytes.EMPTY)).isEqualTo("AAC");
  }

  @Test
  void unknownCodecIsNamedByItsSign() {
    Bytes sign = Bytes.owning("SVQ3".getBytes(StandardCharsets.US_ASCII));
    Track known = Track.video(0, Codec.OTHER_VIDEO, sign, Bytes.EMPTY, 320, 240);
    Track nameless = Track.audio(0, Codec.OTHER_AUDIO, Bytes.of(1, 0, 0, 0), Bytes.EMPTY, 8000, 1);

    assertThat(TrackName.of(known, Bytes.EMPTY)).isEqualTo("a codec named SVQ3");
    assertThat(TrackName.of(nameless, Bytes.EMPTY)).isEqualTo("an unknown codec");
  }
}
