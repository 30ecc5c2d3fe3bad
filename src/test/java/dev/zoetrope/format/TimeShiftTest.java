package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeShiftTest {
  /** B-frames, so that pts and dts differ; sound in ticks of its own. */
  private static final String FMP4 =
      PICTURE + SOUND + "-t 2 -c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 3 -g 12 -c:a aac";

  private static final String MPEG1 =
      PICTURE + SOUND + "-t 2 -c:v mpeg1video -bf 2 -g 12 -c:a mp2 -ar 48000";

  /** After that the times of a transport stream begin anew. */
  private static final long WRAP_MICROS = (1L << 33) / 9 * 100;

  private static FragmentRecord packed(
      byte[] nut, Function<Sink<Fragment>, Packager> packaging, long laterMicros)
      throws IOException {
    NutClip.Collected packets = NutClip.read(nut);
    FragmentRecord record = new FragmentRecord();
    Packager packager = packaging.apply(record);
    packager.begin(packets.tracks());
    for (Packet packet : packets.packets) {
      packager.accept(packet.shiftedBy(laterMicros));
    }
    assertThat(packager.malformed()).isZero();
    return record;
  }

  private static List<Bytes> bytes(FragmentRecord record) {
    return record.fragments.stream().map(Fragment::bytes).toList();
  }

  private static List<Bytes> moved(FragmentRecord record, Format format, long laterMicros) {
    List<Track> tracks = record.runs.get(0).tracks();
    return record.fragments.stream()
        .map(fragment -> TimeShift.later(format, tracks, fragment.bytes(), laterMicros))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, 3_600_000_000L, 86_400_000_000L * 365})
  void movedMp4IsAsItWouldHaveBeenPacked(long micros) throws IOException {
    byte[] nut = NutClip.copied(FMP4, "nut");
    FragmentRecord before = packed(nut, Fmp4Packager::new, 0);
    FragmentRecord after = packed(nut, Fmp4Packager::new, micros);

    assertThat(before.fragments).extracting(Fragment::kind).contains(Codec.Kind.AUDIO);
    assertThat(moved(before, Format.FMP4, micros)).isEqualTo(bytes(after));
    assertThat(moved(after, Format.FMP4, -micros)).isEqualTo(bytes(before));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1_000_000, 3_600_000_000L, WRAP_MICROS - 1_000_000, 86_400_000_000L * 365})
  void movedTransportStreamIsAsItWouldHaveBeenPacked(long micros) throws IOException {
    long whole = micros - micros % 100; // 9 ticks: so nothing is rounded
    byte[] nut = NutClip.copied(MPEG1, "nut");
    FragmentRecord before = packed(nut, MpegTsPackager::new, 0);
    FragmentRecord after = packed(nut, MpegTsPackager::new, whole);

    assertThat(before.fragments).extracting(Fragment::kind).contains(Codec.Kind.AUDIO);
    assertThat(moved(before, Format.MPEG1, whole)).isEqualTo(bytes(after));
    assertThat(moved(after, Format.MPEG1, -whole)).isEqualTo(bytes(before));
  }

  /** Also where the ticks of picture and sound do not meet the microsecond. */
  @Test
  void thereAndBackAreTheSameBytes() throws IOException {
    FragmentRecord mp4 = packed(NutClip.copied(FMP4, "nut"), Fmp4Packager::new, 0);
    FragmentRecord ts = packed(NutClip.copied(MPEG1, "nut"), MpegTsPackager::new, 0);
    Random random = new Random(7);

    for (int i = 0; i < 200; i++) {
      long micros = random.nextLong() >> (12 + random.nextInt(40));
      assertThat(thereAndBack(mp4, Format.FMP4, micros)).isEqualTo(bytes(mp4));
      assertThat(thereAndBack(ts, Format.MPEG1, micros)).isEqualTo(bytes(ts));
    }
  }

  private static List<Bytes> thereAndBack(FragmentRecord record, Format format, long micros) {
    List<Track> tracks = record.runs.get(0).tracks();
    return moved(record, format, micros).stream()
        .map(bytes -> TimeShift.earlier(format, tracks, bytes, micros))
        .toList();
  }

  @Test
  void picturesHaveNoTimes() {
    Bytes picture = Bytes.of(0xff, 0xd8, 0, 1, 2);

    assertThat(TimeShift.later(Format.MJPEG, List.of(), picture, 1_000_000)).isSameAs(picture);
    assertThat(TimeShift.later(Format.GIF, List.of(), picture, 1_000_000)).isSameAs(picture);
  }

  /** Nodes say what they like. */
  @Test
  void whatIsNoFragmentIsLeftAsLong() throws IOException {
    FragmentRecord mp4 = packed(NutClip.copied(FMP4, "nut"), Fmp4Packager::new, 0);
    FragmentRecord ts = packed(NutClip.copied(MPEG1, "nut"), MpegTsPackager::new, 0);
    List<Track> tracks = mp4.runs.get(0).tracks();
    Random random = new Random(11);

    for (int i = 0; i < 20_000; i++) {
      Format format = i % 2 == 0 ? Format.FMP4 : Format.MPEG1;
      FragmentRecord record = i % 2 == 0 ? mp4 : ts;
      byte[] broken =
          record.fragments.get(random.nextInt(record.fragments.size())).bytes().toArray();
      for (int flips = random.nextInt(8); flips >= 0; flips--) {
        broken[random.nextInt(Math.min(broken.length, 300))] = (byte) random.nextInt();
      }
      Bytes cut = Bytes.copyOf(broken, 0, random.nextInt(broken.length + 1));

      assertThat(TimeShift.later(format, tracks, cut, 1_000_000).size()).isEqualTo(cut.size());
    }
  }
}
