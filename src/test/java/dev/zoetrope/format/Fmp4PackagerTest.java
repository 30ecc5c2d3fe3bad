package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.Fmp4Clip.Probed;
import dev.zoetrope.format.Fmp4Clip.Sample;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class Fmp4PackagerTest {
  private static final String X264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 12 ";
  private static final String BFRAMES =
      "-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 3 -g 12 ";
  private static final String BOTH = PICTURE + SOUND + "-t 2 ";

  @ParameterizedTest
  @CsvSource({
    "-bf 0 -c:a aac, mpegts",
    "-bf 0 -c:a aac, mp4",
    "-bf 0 -c:a aac -ar 44100, flv",
    "-bf 3 -c:a aac, mpegts",
    "-bf 3 -c:a aac, mp4",
    "-bf 3 -c:a aac -ar 44100, flv",
    "-bf 3 -c:a libopus, matroska",
    "-bf 0 -c:a libopus, mpegts",
    "-bf 3 -b_strategy 0 -x264-params b-pyramid=normal:open-gop=1 -c:a aac, mp4",
    "-slices 4 -aud 1 -c:a aac, mpegts",
  })
  void h264ComesOutAsItWentIn(String options, String container) throws IOException {
    String x264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 12 ";
    byte[] nut = NutClip.copied(BOTH + x264 + options, container);

    Fmp4Clip clip = Fmp4Clip.ofNut(nut);

    assertSame(clip, nut, true);
    assertThat(clip.runs.get(0).mime())
        .matches(
            "video/mp4; codecs=\"avc1\\.[0-9a-f]{6},("
                + (options.contains("opus") ? "opus" : "mp4a\\.40\\.2")
                + ")\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:bframes=3"
            + ":keyint=12 -c:a aac | mpegts | hvc1.1.6.L30.90",
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=12"
            + " -c:a aac | mp4 | hvc1.1.6.L30.90",
        "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=none:keyint=12"
            + " -c:a aac | matroska | hvc1.2.4.L30.90",
        "-c:v libvpx-vp9 -pix_fmt yuv420p -deadline realtime -cpu-used 8 -g 12 -c:a libopus"
            + " | webm | vp09.00.10.08",
        "-c:v libaom-av1 -pix_fmt yuv420p -cpu-used 8 -usage realtime -g 12 -c:a libopus"
            + " | matroska | av01.0.00M.08",
        "-s 128x96 -c:v libsvtav1 -pix_fmt yuv420p -preset 12 -g 12 -c:a aac | mp4 | av01.0.00M.08",
        "-c:v libaom-av1 -pix_fmt yuv420p -cpu-used 8 -usage realtime -g 12 -c:a aac"
            + " | nut | av01.0.00M.08",
      })
  void otherCodecsComeOutAsTheyWentIn(String options, String container, String codecs)
      throws IOException {
    byte[] nut = NutClip.copied(BOTH + options, container);

    Fmp4Clip clip = Fmp4Clip.ofNut(nut);

    assertSame(clip, nut, true);
    assertThat(clip.runs.get(0).mime()).startsWith("video/mp4; codecs=\"" + codecs);
  }

  @ParameterizedTest
  @CsvSource({
    "-c:a aac, adts",
    "-c:a aac, mp4",
    "-c:a aac -ac 2 -ar 44100, mpegts",
    "-c:a libopus, ogg",
    "-c:a aac -ac 6, mp4",
    "-c:a libopus -ac 6, matroska",
    "-c:a aac -ar 8000, adts",
  })
  void soundAloneIsARunOfItsOwn(String options, String container) throws IOException {
    byte[] nut = NutClip.copied(SOUND + "-t 2 " + options, container);

    Fmp4Clip clip = Fmp4Clip.ofNut(nut);

    assertSame(clip, nut, false);
    assertThat(clip.runs.get(0).mime()).startsWith("audio/mp4; codecs=");
    assertThat(clip.fragments.get(0)).allMatch(Fragment::isJoinPoint);
  }

  /** Same number, order, times, keyframes and pictures as ffmpeg reads from the original. */
  private static void assertSame(Fmp4Clip clip, byte[] nut, boolean hasVideo) throws IOException {
    assertThat(clip.runs).hasSize(1);
    assertThat(clip.packager.malformed()).isZero();
    byte[] mp4 = clip.file(0, Fmp4Framing.BOTH);
    List<Packet> sent = NutClip.read(nut).packets;
    List<Probed> got = Fmp4Clip.probe(mp4);
    if (hasVideo) {
      List<Packet> video = sent.stream().filter(packet -> packet.track().isVideo()).toList();
      List<Probed> gotVideo = got.stream().filter(packet -> packet.stream() == 0).toList();
      TimeScale ticks = new TimeScale(90000, 1000000);
      assertThat(gotVideo)
          .extracting(Probed::pts)
          .isEqualTo(video.stream().map(packet -> ticks.round(packet.ptsMicros())).toList());
      long least = -1;
      for (int i = 0; i < video.size(); i++) {
        long dts = Math.max(ticks.round(video.get(i).dtsMicros()), least + 1);
        assertThat(gotVideo.get(i).dts()).as("dts of %s", i).isEqualTo(dts);
        least = dts;
      }
      assertThat(gotVideo)
          .extracting(Probed::isKeyframe)
          .isEqualTo(video.stream().map(Packet::isKeyframe).toList());
      assertThat(Fmp4Clip.decoded(mp4, "mp4", "v"))
          .isEqualTo(Fmp4Clip.decoded(nut, "nut", "v"))
          .hasSizeGreaterThan(40);
    }
    assertSoundIsSeamless(clip.of(0, Codec.Kind.AUDIO));
    assertSoundIsSame(clip, nut, hasVideo);
  }

  private static void assertSoundIsSeamless(List<Fragment> sound) {
    assertThat(sound).hasSizeGreaterThan(10);
    long expected = -1;
    for (Fragment fragment : sound) {
      Sample sample = Fmp4Clip.sample(fragment.bytes());
      if (expected >= 0) {
        assertThat(sample.dts()).isEqualTo(expected);
      }
      expected = sample.dts() + sample.duration();
    }
  }

  /** The frames' bytes; of ADTS without headers, by ffmpeg's own bitstream filter. */
  private static void assertSoundIsSame(Fmp4Clip clip, byte[] nut, boolean hasVideo)
      throws IOException {
    Bytes first =
        NutClip.read(nut).packets.stream()
            .filter(packet -> !packet.track().isVideo())
            .findFirst()
            .orElseThrow()
            .data();
    boolean isAdts = first.at(0) == 0xff && first.at(1) >= 0xf0;
    byte[] bare =
        isAdts
            ? NutClip.ffmpeg(nut, "-f nut -i - -map 0:a -c copy -bsf:a aac_adtstoasc -f nut -")
            : nut;
    List<Packet> sent =
        NutClip.read(bare).packets.stream().filter(packet -> !packet.track().isVideo()).toList();
    List<Bytes> got =
        clip.of(0, Codec.Kind.AUDIO).stream()
            .map(fragment -> Fmp4Clip.sample(fragment.bytes()).data())
            .toList();
    // Sound before the first picture is left out.
    assertThat(sent.size() - got.size()).isBetween(0, hasVideo ? 12 : 0);
    assertThat(got)
        .isEqualTo(
            sent.subList(sent.size() - got.size(), sent.size()).stream()
                .map(Packet::data)
                .toList());
    assertThat(Fmp4Clip.decoded(clip.file(0, Fmp4Framing.AUDIO), "mp4", "a"))
        .hasSizeGreaterThan(10);
  }

  @Test
  void changeOfSizeBeginsARunAtThatKeyframe() throws IOException {
    byte[] nut = concatenated("64x48", "96x72");

    Fmp4Clip clip = Fmp4Clip.ofNut(nut);

    assertThat(clip.runs)
        .extracting(
            run -> run.video().orElseThrow().width() + "x" + run.video().orElseThrow().height())
        .containsExactly("64x48", "96x72");
    assertThat(clip.runs).extracting(Run::number).containsExactly(0, 1);
    for (int run = 0; run < 2; run++) {
      byte[] mp4 = clip.file(run, Fmp4Framing.BOTH);
      assertThat(clip.fragments.get(run).get(0).isJoinPoint()).isTrue();
      assertThat(Fmp4Clip.decoded(mp4, "mp4", "v")).hasSize(25);
      assertThat(clip.of(run, Codec.Kind.AUDIO)).hasSizeGreaterThan(30);
    }
    assertThat(Fmp4Framing.BOTH.continues(clip.runs.get(0), clip.runs.get(1))).isFalse();
    assertThat(Fmp4Framing.AUDIO.continues(clip.runs.get(0), clip.runs.get(1))).isTrue();
    assertSoundIsSeamless(clip.of(0, Codec.Kind.AUDIO));
  }

  /** Two transport streams of different size in one, as a camera's change of mode gives. */
  private static byte[] concatenated(String firstSize, String secondSize) throws IOException {
    ByteArrayOutputStream ts = new ByteArrayOutputStream();
    int offset = 0;
    for (String size : List.of(firstSize, secondSize)) {
      ts.write(
          NutClip.ffmpeg(
              new byte[0],
              "-f lavfi -i testsrc2=s="
                  + size
                  + ":r=25 "
                  + SOUND
                  + "-t 1 "
                  + X264
                  + "-c:a aac -output_ts_offset "
                  + offset++
                  + " -f mpegts -"));
    }
    return NutClip.ffmpeg(ts.toByteArray(), "-f mpegts -i - -c copy -f nut -write_index 0 -");
  }

  @Test
  void wrappingTimestampsGoOn() throws IOException {
    // 2^33 / 90000 = 95443.7 s: wraps within the clip
    byte[] nut = NutClip.copied(BOTH + BFRAMES + "-c:a aac -output_ts_offset 95442.2", "mpegts");

    Fmp4Clip clip = Fmp4Clip.ofNut(nut);

    assertSame(clip, nut, true);
  }

  @Test
  void jumpingTimestampsNeverGoBackInDecodingOrder() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(BOTH + BFRAMES + "-c:a aac", "mpegts"));
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());
    Random random = new Random(7);

    for (Packet packet : clip.packets) {
      long jump = random.nextInt(8) == 0 ? random.nextInt(4_000_000) - 1_500_000 : 0;
      packed.packager.accept(packet.shiftedBy(Math.max(jump, -packet.ptsMicros())));
    }

    assertThat(packed.packager.malformed()).isPositive();
    int sent = 0;
    for (int run = 0; run < packed.runs.size(); run++) {
      for (Codec.Kind kind : Codec.Kind.values()) {
        List<Long> times =
            packed.of(run, kind).stream().map(f -> Fmp4Clip.sample(f.bytes()).dts()).toList();
        assertThat(times).isSorted().doesNotHaveDuplicates();
        sent += times.size();
      }
    }
    assertThat(sent).isGreaterThan(clip.packets.size() / 5);
  }

  @Test
  void clockThatGoesBackBeginsARunAtTheNextKeyframe() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(BOTH + BFRAMES + "-c:a aac", "mpegts"));
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());

    clip.packets.forEach(packet -> packed.packager.accept(packet.shiftedBy(3_600_000_000L)));
    clip.packets.forEach(packed.packager::accept);

    assertThat(packed.runs).hasSize(2);
    assertThat(packed.of(1, Codec.Kind.VIDEO)).hasSize(50);
    assertThat(packed.of(1, Codec.Kind.AUDIO)).hasSizeGreaterThan(80);
    assertThat(Fmp4Clip.decoded(packed.file(1, Fmp4Framing.BOTH), "mp4", "v")).hasSize(50);
  }

  @Test
  void unevenPicturesLeaveNoGapThatSplitsABrowsersBuffer() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(PICTURE + "-t 4 " + X264, "mpegts"));
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());
    Random random = new Random(3);

    for (Packet packet : clip.packets) {
      packed.packager.accept(packet.shiftedBy(random.nextInt(110_000)));
    }

    List<Sample> samples =
        packed.fragments.get(0).stream().map(f -> Fmp4Clip.sample(f.bytes())).toList();
    for (int i = 1; i < samples.size(); i++) {
      long distance = samples.get(i).dts() - samples.get(i - 1).dts();
      assertThat(distance).isLessThan(2L * samples.get(i - 1).duration());
    }
    assertThat(samples).extracting(Sample::duration).allMatch(duration -> duration < 45_000);
  }

  @Test
  void fragmentCarriesCaptureTimeAndFlags() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(PICTURE + "-t 1 " + X264, "mpegts"));
    Track track = clip.tracks().get(0);
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());
    long capture = 1_700_000_000_500_000L;

    packed.packager.accept(new Packet(track, 40_000, 0, true, capture, clip.packets.get(0).data()));
    packed.packager.accept(
        new Packet(track, 20_000, 40_000, false, capture, clip.packets.get(1).data()));

    Sample first = Fmp4Clip.sample(packed.fragments.get(0).get(0).bytes());
    assertThat(first.track()).isEqualTo(1);
    assertThat(first.ntp()).isEqualTo((1_700_000_000L + 2_208_988_800L) << 32 | 1L << 31);
    assertThat(first.prftTime()).isEqualTo(3600);
    assertThat(first.pts() - first.dts()).isEqualTo(3600);
    assertThat(first.isSync()).isTrue();
    Sample second = Fmp4Clip.sample(packed.fragments.get(0).get(1).bytes());
    assertThat(second.isSync()).isFalse();
    assertThat(second.pts() - second.dts()).isEqualTo(-1800);
    assertThat(packed.fragments.get(0).get(1).ptsMicros()).isEqualTo(20_000);
  }

  @Test
  void framingOfOneTrackHasThatTrackOnly() throws IOException {
    Fmp4Clip clip = Fmp4Clip.ofNut(NutClip.copied(BOTH + X264 + "-c:a aac", "mpegts"));
    Run run = clip.runs.get(0);

    byte[] video = clip.file(0, Fmp4Framing.VIDEO);
    byte[] audio = clip.file(0, Fmp4Framing.AUDIO);

    assertThat(Fmp4Clip.probe(video)).hasSize(50).allMatch(packet -> packet.stream() == 0);
    assertThat(Fmp4Clip.probe(audio)).hasSameSizeAs(clip.of(0, Codec.Kind.AUDIO));
    assertThat(Fmp4Framing.VIDEO.contentType(run)).matches("video/mp4; codecs=\"avc1.[0-9a-f]+\"");
    assertThat(Fmp4Framing.AUDIO.contentType(run)).isEqualTo("audio/mp4; codecs=\"mp4a.40.2\"");
    assertThat(Fmp4Framing.BOTH.contentType(run)).isEqualTo(run.mime());
    assertThat(Fmp4Clip.u32(Fmp4Clip.find(run.init(), "moov/mvex/trex"), 4)).isEqualTo(1);
  }

  @Test
  void framingOfATrackThatIsNotThereIsEmpty() throws IOException {
    Fmp4Clip clip = Fmp4Clip.ofNut(NutClip.copied(PICTURE + "-t 1 " + X264, "mpegts"));

    assertThat(clip.file(0, Fmp4Framing.AUDIO)).isEmpty();
    assertThat(Fmp4Framing.AUDIO.contentType(clip.runs.get(0))).isEmpty();
  }

  @Test
  void lateSoundBeginsARunWithBoth() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(BOTH + X264 + "-c:a aac", "mpegts"));
    List<Track> silent = clip.tracks().stream().filter(Track::isVideo).toList();
    Fmp4Clip packed = new Fmp4Clip();

    packed.packager.begin(silent);
    clip.packets.stream().filter(p -> p.track().isVideo()).forEach(packed.packager::accept);
    packed.packager.begin(clip.tracks());
    clip.packets.forEach(packed.packager::accept);

    assertThat(packed.runs).extracting(run -> run.tracks().size()).containsExactly(1, 2);
    assertThat(packed.of(1, Codec.Kind.AUDIO)).hasSizeGreaterThan(50);
  }

  @Test
  void soundWaitsForTheFirstKeyframe() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(BOTH + X264 + "-c:a aac", "mp4"));
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());

    clip.packets.stream().filter(p -> p.ptsMicros() > 100_000).forEach(packed.packager::accept);

    assertThat(packed.fragments.get(0).get(0).isJoinPoint()).isTrue();
    assertThat(packed.of(0, Codec.Kind.VIDEO)).hasSize(50 - 12);
    assertThat(packed.packager.malformed()).isZero();
  }

  @Test
  void adtsThatContradictsTheContainerBeginsARun() throws IOException {
    NutClip.Collected clip =
        NutClip.read(NutClip.copied(BOTH + X264 + "-c:a aac -ar 22050", "mpegts"));
    List<Track> announced = new ArrayList<>();
    for (Track track : clip.tracks()) {
      announced.add(
          track.isVideo()
              ? track
              : Track.audio(
                  track.index(), track.codec(), track.fourcc(), track.extradata(), 44100, 1));
    }
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(announced);

    clip.packets.forEach(packed.packager::accept);

    Run last = packed.runs.get(packed.runs.size() - 1);
    assertThat(last.audio().orElseThrow().sampleRate()).isEqualTo(22050);
    assertSoundIsSeamless(packed.of(packed.runs.size() - 1, Codec.Kind.AUDIO));
  }

  @Test
  void severalAdtsFramesInAPacketAreCutApart() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(SOUND + "-t 1 -c:a aac", "adts"));
    Track track = clip.tracks().get(0);
    Bytes pair = Bytes.concat(clip.packets.get(0).data(), clip.packets.get(1).data());
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());

    packed.packager.accept(Fmp4Clip.packet(track, 0, true, pair));

    assertThat(packed.fragments.get(0))
        .extracting(fragment -> Fmp4Clip.sample(fragment.bytes()).dts())
        .containsExactly(0L, 1024L);
    assertThat(packed.fragments.get(0).get(1).ptsMicros()).isEqualTo(21_333);
  }

  @Test
  void coarseClockOfSoundIsSmoothedAndALossIsNot() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(SOUND + "-t 2 -c:a aac", "mp4"));
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(clip.tracks());
    List<Packet> packets = clip.packets;

    for (int i = 0; i < packets.size(); i++) {
      long millis = packets.get(i).ptsMicros() / 1000;
      if (i != 40) {
        packed.packager.accept(
            Fmp4Clip.packet(packets.get(i).track(), millis * 1000, true, packets.get(i).data()));
      }
    }

    List<Fragment> sound = packed.fragments.get(0);
    assertSoundIsSeamless(sound.subList(0, 40));
    assertSoundIsSeamless(sound.subList(40, sound.size()));
    long distance =
        Fmp4Clip.sample(sound.get(40).bytes()).dts() - Fmp4Clip.sample(sound.get(39).bytes()).dts();
    assertThat(distance).isBetween(2048L - 48, 2048L + 48);
  }

  @Test
  void keyframeWithoutParameterSetsIsLeftOut() throws IOException {
    NutClip.Collected clip = NutClip.read(NutClip.copied(PICTURE + "-t 1 " + X264, "mp4"));
    Track track = clip.tracks().get(0);
    Track bare = Track.video(0, track.codec(), track.fourcc(), Bytes.EMPTY, 64, 48);
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(List.of(bare));

    Bytes slice = Bytes.of(0, 0, 0, 1, 0x65, 0x88, 0x84, 1);
    packed.packager.accept(Fmp4Clip.packet(bare, 0, true, slice));

    assertThat(packed.runs).isEmpty();
    assertThat(packed.packager.malformed()).isZero();
  }

  @Test
  void parameterSetsComeFromTheFirstKeyframeWhereNoneWereAnnounced() throws IOException {
    byte[] nut = NutClip.copied(PICTURE + "-t 1 " + X264, "mpegts");
    NutClip.Collected clip = NutClip.read(nut);
    Track track = clip.tracks().get(0);
    Track bare = Track.video(0, track.codec(), track.fourcc(), Bytes.EMPTY, 16, 16);
    Fmp4Clip packed = new Fmp4Clip();
    packed.packager.begin(List.of(bare));

    for (Packet p : clip.packets) {
      packed.packager.accept(
          new Packet(bare, p.ptsMicros(), p.dtsMicros(), p.isKeyframe(), 0, p.data()));
    }

    assertThat(packed.runs).hasSize(1);
    assertThat(packed.runs.get(0).video().orElseThrow().width()).isEqualTo(64);
    assertThat(Fmp4Clip.decoded(packed.file(0, Fmp4Framing.BOTH), "mp4", "v")).hasSize(25);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c:v libx264 -preset ultrafast -g 5 -c:a aac;mpegts",
        "-c:v libx264 -preset ultrafast -g 5 -c:a aac;mp4",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=5 -c:a aac;mpegts",
        "-c:v libaom-av1 -cpu-used 8 -usage realtime -g 5 -c:a libopus;matroska",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 5 -c:a libopus;webm",
      })
  void damagedPacketsAreCountedAndNeverThrow(String clipName) throws IOException {
    String[] parts = clipName.split(";", -1);
    NutClip.Collected clip =
        NutClip.read(NutClip.copied(PICTURE + SOUND + "-t 1 " + parts[0], parts[1]));
    Random random = new Random(1);
    long malformed = 0;
    int fragments = 0;

    for (int round = 0; round < 200; round++) {
      Fmp4Clip packed = new Fmp4Clip();
      packed.packager.begin(round % 2 == 0 ? clip.tracks() : withDamagedExtradata(clip, random));
      for (Packet p : clip.packets) {
        Bytes data = random.nextInt(3) == 0 ? damaged(p.data(), random) : p.data();
        packed.packager.accept(
            new Packet(p.track(), p.ptsMicros(), p.dtsMicros(), p.isKeyframe(), 0, data));
      }
      malformed += packed.packager.malformed();
      fragments += packed.fragments.stream().mapToInt(List::size).sum();
      packed.fragments.forEach(run -> run.forEach(f -> Fmp4Clip.sample(f.bytes())));
    }

    assertThat(malformed).isPositive();
    assertThat(fragments).isGreaterThan(200);
  }

  private static List<Track> withDamagedExtradata(NutClip.Collected clip, Random random) {
    List<Track> tracks = new ArrayList<>();
    for (Track t : clip.tracks()) {
      Bytes extradata = t.extradata().isEmpty() ? Bytes.EMPTY : damaged(t.extradata(), random);
      Track track =
          new Track(
              t.index(),
              t.codec(),
              t.fourcc(),
              extradata,
              t.width(),
              t.height(),
              t.sampleRate(),
              t.channels(),
              t.decodeDelay());
      Fmp4Packager.canCarry(track);
      tracks.add(track);
    }
    return tracks;
  }

  private static Bytes damaged(Bytes data, Random random) {
    byte[] bytes = data.toArray();
    for (int flips = random.nextInt(4); flips >= 0 && bytes.length > 0; flips--) {
      // Mostly near the beginning, where the headers are.
      int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 40) : bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    boolean cut = random.nextInt(3) == 0;
    return Bytes.copyOf(bytes, 0, cut ? random.nextInt(bytes.length + 1) : bytes.length);
  }

  @Test
  void wrongTracksAreRefused() {
    Fmp4Clip clip = new Fmp4Clip();
    Track mjpeg = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 64, 48);
    Track vp9 = Track.video(0, Codec.VP9, Bytes.EMPTY, Bytes.EMPTY, 64, 48);

    assertThatThrownBy(() -> clip.packager.begin(List.of(mjpeg)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> clip.packager.begin(List.of(vp9, vp9.withIndex(1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> clip.packager.begin(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "-c:v libx264 -pix_fmt yuv420p, true",
    "-c:v libx264 -pix_fmt yuv444p, false",
    "-c:v libx264 -pix_fmt yuv422p, false",
    "-c:v libx264 -pix_fmt yuv420p10le, false",
    "-c:v libx265 -x265-params log-level=none -pix_fmt yuv420p10le, true",
    "-c:v libx265 -x265-params log-level=none -pix_fmt yuv444p, false",
    "-c:v libvpx-vp9 -deadline realtime -cpu-used 8, true",
    "-c:v mpeg4, false",
  })
  void canCarryWhatBrowsersPlay(String options, boolean expected) throws IOException {
    NutClip.Collected clip =
        NutClip.read(NutClip.copied(PICTURE + "-t 0.2 " + options, "matroska"));

    assertThat(Fmp4Packager.canCarry(clip.tracks().get(0))).isEqualTo(expected);
  }
}
