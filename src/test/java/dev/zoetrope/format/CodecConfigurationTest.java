package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our configuration boxes beside those that ffmpeg's own muxer writes for the same stream. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CodecConfigurationTest {
  private static final String STSD = "moov/trak/mdia/minf/stbl/stsd";
  private static final String FRAGMENTED = "-movflags empty_moov+default_base_moof -f mp4 -";

  /** The configuration box of the first sample entry. */
  private static Bytes box(Bytes init, String entry, String box) {
    Bytes stsd = Fmp4Clip.find(init, STSD);
    Bytes sampleEntry = Fmp4Clip.find(stsd.slice(8, stsd.size()), entry);
    int fields = entry.equals("mp4a") || entry.equals("Opus") ? 28 : 78;
    return Fmp4Clip.find(sampleEntry.slice(fields, sampleEntry.size()), box);
  }

  @ParameterizedTest
  @CsvSource({
    "libx264 -preset ultrafast -pix_fmt yuv420p, mpegts, avc1, avcC",
    "libx264 -preset slow -pix_fmt yuv420p -bf 3, mpegts, avc1, avcC",
    "libx264 -preset slow -pix_fmt yuv420p, mp4, avc1, avcC",
    "libx264 -preset slow -pix_fmt yuv444p, mp4, avc1, avcC",
    "libx264 -pix_fmt yuv420p -x264-params interlaced=1, mp4, avc1, avcC",
    "libaom-av1 -pix_fmt yuv420p -cpu-used 8 -usage realtime, mp4, av01, av1C",
    "libaom-av1 -pix_fmt yuv444p -cpu-used 8 -usage realtime, matroska, av01, av1C",
    "libvpx-vp9 -pix_fmt yuv420p -deadline realtime -cpu-used 8, mp4, vp09, vpcC",
    "libvpx-vp9 -pix_fmt yuv444p -deadline realtime -cpu-used 8, mp4, vp09, vpcC",
  })
  void pictureConfigurationIsThatOfFfmpeg(String codec, String container, String entry, String box)
      throws IOException {
    byte[] nut = NutClip.copied(PICTURE + "-t 0.4 -c:v " + codec, container);
    Bytes theirs = Bytes.owning(NutClip.ffmpeg(nut, "-f nut -i - -c copy " + FRAGMENTED));

    Bytes ours = Fmp4Clip.ofNut(nut).runs.get(0).init();

    assertThat(box(ours, entry, box)).isEqualTo(box(theirs, entry, box));
  }

  @ParameterizedTest
  @CsvSource({"yuv420p, hvc1.1.6.L30.90", "yuv420p10le, hvc1.2.4.L30.90"})
  void hevcHeaderIsThatOfFfmpeg(String pixels, String codecs) throws IOException {
    byte[] nut =
        NutClip.copied(
            PICTURE
                + "-t 0.4 -c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt "
                + pixels,
            "mpegts");
    Bytes theirs =
        Bytes.owning(NutClip.ffmpeg(nut, "-f nut -i - -c copy -tag:v hvc1 " + FRAGMENTED));

    Bytes ours = Fmp4Clip.ofNut(nut).runs.get(0).init();

    Bytes expected = box(theirs, "hvc1", "hvcC");
    Bytes found = box(ours, "hvc1", "hvcC");
    assertThat(found.slice(0, 13)).isEqualTo(expected.slice(0, 13)); // version to level
    assertThat(found.slice(16, 19)).isEqualTo(expected.slice(16, 19)); // chroma and depths
    assertThat(found.at(21)).isEqualTo(expected.at(21)); // layers, nesting, length size
    assertThat(ParameterSets.read(NalSyntax.HEVC, found).sets())
        .containsExactlyElementsOf(ParameterSets.read(NalSyntax.HEVC, expected).sets());
    assertThat(ParameterSets.read(NalSyntax.HEVC, found).codecs()).isEqualTo(codecs);
  }

  @ParameterizedTest
  @CsvSource({
    "64x48",
    "320x180",
    "1920x1080",
    "426x240",
    "130x100",
  })
  void sizeIsCropped(String size) throws IOException {
    for (String codec :
        new String[] {
          "libx264 -preset ultrafast -pix_fmt yuv420p",
          "libx264 -preset ultrafast -pix_fmt yuv420p -x264-params interlaced=1",
          "libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p",
          "libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p"
        }) {
      String format = codec.startsWith("libvpx") ? "webm" : "mpegts";
      byte[] nut =
          NutClip.copied("-f lavfi -i testsrc2=s=" + size + ":r=25 -t 0.08 -c:v " + codec, format);

      var track = Fmp4Clip.ofNut(nut).runs.get(0).video().orElseThrow();

      assertThat(track.width() + "x" + track.height()).as(codec).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @CsvSource({"adts", "mp4"})
  void audioSpecificConfigIsThatOfFfmpeg(String container) throws IOException {
    byte[] nut = NutClip.copied(SOUND + "-t 0.4 -ac 2 -ar 44100 -c:a aac", container);

    Bytes found = Fmp4Clip.ofNut(nut).runs.get(0).tracks().get(0).extradata();

    assertThat(found.slice(0, 2)).isEqualTo(Bytes.of(0x12, 0x10));
  }

  @Test
  void dopsIsThatOfFfmpeg() throws IOException {
    byte[] nut = NutClip.copied(SOUND + "-t 0.4 -ac 6 -c:a libopus", "matroska");
    Bytes theirs =
        Bytes.owning(NutClip.ffmpeg(nut, "-f nut -i - -c copy -strict -2 " + FRAGMENTED));

    Bytes ours = Fmp4Clip.ofNut(nut).runs.get(0).init();

    assertThat(box(ours, "Opus", "dOps")).isEqualTo(box(theirs, "Opus", "dOps"));
  }

  /** ISO/IEC 14496-3, 1.6.5: the three ways of telling spectral band replication. */
  @ParameterizedTest
  @CsvSource({
    "1210, mp4a.40.2, 44100, 1024",
    "1190, mp4a.40.2, 48000, 1024",
    "2b920800, mp4a.40.5, 44100, 2048",
    "eb8a0800, mp4a.40.29, 44100, 2048",
    "139056e5a0, mp4a.40.5, 44100, 2048",
    "138856e5a54880, mp4a.40.29, 44100, 2048",
    "1214, mp4a.40.2, 44100, 960",
    "1780562210, mp4a.40.2, 44100, 1024",
  })
  void audioSpecificConfigTellsRateAndExtension(
      String hex, String codecs, int sampleRate, int frameSamples) throws IOException {
    AacConfiguration found = AacConfiguration.read(Bytes.owning(HexFormat.of().parseHex(hex)));

    assertThat(found.codecs()).isEqualTo(codecs);
    assertThat(found.sampleRate()).isEqualTo(sampleRate);
    assertThat(found.frameSamples()).isEqualTo(frameSamples);
  }

  @Test
  void everyTruncationOfAnSpsIsMalformed() throws IOException {
    Bytes sps = Bytes.owning(HexFormat.of().parseHex("6764001fac2ca5014016e9b808080810"));
    H264Sps whole = H264Sps.read(sps);
    assertThat(whole.width() + "x" + whole.height()).isEqualTo("1280x720");

    for (int size = 1; size < 10; size++) {
      Bytes part = sps.slice(0, size);
      assertThatThrownBy(() -> H264Sps.read(part))
          .isInstanceOf(MalformedMediaException.class)
          .hasMessageStartingWith("H.264 SPS");
    }
  }

  @Test
  void opusPacketTellsHowLongItSounds() throws MalformedMediaException {
    assertThat(Opus.samples(Bytes.of(0x78, 0))).isEqualTo(960); // one frame of 20 ms
    assertThat(Opus.samples(Bytes.of(0x79, 0))).isEqualTo(1920);
    assertThat(Opus.samples(Bytes.of(0x7b, 3))).isEqualTo(2880);
    assertThat(Opus.samples(Bytes.of(0x18))).isEqualTo(2880); // SILK, 60 ms
    assertThatThrownBy(() -> Opus.samples(Bytes.of(0x1b, 63)))
        .isInstanceOf(MalformedMediaException.class);
  }
}
