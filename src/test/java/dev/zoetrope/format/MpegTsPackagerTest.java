package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MpegTsPackagerTest {
  private static final int PICTURES = 75;
  private static final int PICTURES_IN_GROUP = 25;
  private static final int SOUND_FRAME = 192; // 24 ms of 64 kbit/s at 48 kHz
  private static final long SOUND_MICROS = 24_000;
  private static final long CAPTURED = 1_700_000_000_000_000L;
  private static final int VIDEO_PID = 0x100;
  private static final int AUDIO_PID = 0x101;
  private static final Track VIDEO =
      Track.video(0, Codec.MPEG1VIDEO, Bytes.of('m', 'p', 'g', '1'), Bytes.EMPTY, 320, 240);
  private static final Track AUDIO =
      Track.audio(1, Codec.MP2, Bytes.of(0x50, 0), Bytes.EMPTY, 48_000, 1);

  @TempDir static Path folder;
  private static FfmpegTool tool;
  private static byte[] videoStream;
  private static byte[] soundStream;
  private static List<Bytes> pictures;
  private static List<Bytes> sounds;

  private final FragmentRecord record = new FragmentRecord();
  private final MpegTsPackager packager = new MpegTsPackager(record);

  @BeforeAll
  static void encode() throws IOException, InterruptedException {
    tool = new FfmpegTool(folder);
    videoStream =
        tool.encode(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x240:rate=25",
            "-frames:v",
            String.valueOf(PICTURES),
            "-c:v",
            "mpeg1video",
            "-threads",
            "1",
            "-strict",
            "-1",
            "-flags",
            "low_delay",
            "-bf",
            "0",
            "-g",
            String.valueOf(PICTURES_IN_GROUP),
            "-b:v",
            "800k",
            "-f",
            "mpeg1video",
            "pipe:1");
    soundStream =
        tool.encode(
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=48000:duration=3",
            "-c:a",
            "mp2",
            "-b:a",
            "64k",
            "-f",
            "mp2",
            "pipe:1");
    pictures = splitPictures(videoStream);
    sounds = splitSounds(soundStream);
    assertThat(pictures).hasSize(PICTURES);
    assertThat(sounds).hasSize(125);
  }

  @Test
  void ffmpegDecodesTheSamePicturesAndSounds() throws Exception {
    packageBoth();

    byte[] stream = record.bytes(0);

    assertThat(tool.checksums(stream, "mpegts", "v")).isEqualTo(checksumsOfPictures());
    assertThat(tool.checksums(stream, "mpegts", "a"))
        .isEqualTo(tool.checksums(soundStream, "mp3", "a"));
    assertThat(packager.malformed()).isZero();
  }

  @Test
  void ffprobeReadsTheTimesThatThePacketsHad() throws Exception {
    packageBoth();

    List<String> found = tool.packets(record.bytes(0), "mpegts", "v", "pts,flags");

    assertThat(found).hasSize(PICTURES);
    for (int i = 0; i < PICTURES; i++) {
      String flags = i % PICTURES_IN_GROUP == 0 ? "K_" : "__";
      assertThat(found.get(i)).startsWith(Math.round(pictureMicros(i) * 0.09) + "," + flags);
    }
  }

  @Test
  void viewerWhoJoinsAtALaterKeyframeDecodesAllThatFollows() throws Exception {
    packageBoth();
    int second = indexOfJoinPoint(1);

    byte[] stream = record.bytes(second);

    assertThat(tool.checksums(stream, "mpegts", "v"))
        .isEqualTo(checksumsOfPictures().subList(PICTURES_IN_GROUP, PICTURES));
  }

  @Test
  void everyPacketIsAsTheStandardSays() {
    packageBoth();

    TsReader reader = readAll();
    List<TsReader.Unit> video = unitsOf(reader, VIDEO_PID);
    List<TsReader.Unit> audio = unitsOf(reader, AUDIO_PID);

    assertThat(video).extracting(TsReader.Unit::payload).isEqualTo(pictures);
    assertThat(audio).extracting(TsReader.Unit::payload).isEqualTo(sounds);
    assertThat(video).allMatch(unit -> unit.streamId() == 0xe0);
    assertThat(audio).allMatch(unit -> unit.streamId() == 0xc0 && unit.clock() < 0);
    assertThat(video).allMatch(unit -> (unit.clock() + 18_000 & (1L << 33) - 1) == unit.dts());
    assertThat(video.stream().filter(TsReader.Unit::isRandomAccess)).hasSize(3);
    assertThat(video.stream().filter(TsReader.Unit::isDiscontinuity)).hasSize(1);
    assertThat(video.get(0).isDiscontinuity()).isTrue();
  }

  @Test
  void tablesNameBothStreamsBeforeEachKeyframe() {
    packageBoth();

    TsReader reader = readAll();

    assertThat(reader.programMaps).hasSize(3);
    Bytes map = reader.programMaps.get(0);
    assertThat(map.slice(8, 10)).isEqualTo(Bytes.of(0xe1, 0x00)); // PCR_PID
    assertThat(map.slice(12, 22))
        .isEqualTo(Bytes.of(0x01, 0xe1, 0x00, 0xf0, 0x00, 0x03, 0xe1, 0x01, 0xf0, 0x00));
    assertThat(record.fragments.stream().filter(Fragment::isJoinPoint)).hasSize(3);
    assertThat(record.fragments.get(0).bytes().slice(0, 3)).isEqualTo(Bytes.of(0x47, 0x40, 0x00));
  }

  @Test
  void jsmpegHasEveryFrameWholeAsSoonAsItsFragmentIsThere() {
    packageBoth();
    JsmpegDemuxer video = new JsmpegDemuxer(VIDEO_PID);
    JsmpegDemuxer audio = new JsmpegDemuxer(AUDIO_PID);

    for (Fragment fragment : record.fragments) {
      int videoBefore = video.complete.size();
      int audioBefore = audio.complete.size();
      video.write(fragment.bytes());
      audio.write(fragment.bytes());
      boolean isVideo = fragment.kind() == Codec.Kind.VIDEO;
      assertThat(video.complete).hasSize(videoBefore + (isVideo ? 1 : 0));
      assertThat(audio.complete).hasSize(audioBefore + (isVideo ? 0 : 1));
    }

    assertThat(video.complete).isEqualTo(pictures);
    assertThat(audio.complete).isEqualTo(sounds);
  }

  @Test
  void pictureOfAnySizeIsWholeAtOnceAndComesBackUnchanged() {
    packager.begin(List.of(VIDEO));
    packager.accept(picture(0, pictures.get(0), true));
    TsReader reader = new TsReader();
    reader.read(record.fragments.get(0).bytes());
    int[] sizes =
        IntStream.concat(
                IntStream.concat(IntStream.range(5, 800), IntStream.range(65_400, 65_800)),
                IntStream.range(200_000, 200_200))
            .toArray();

    for (int size : sizes) {
      Bytes data = syntheticPicture(size);
      int shownEarlier = size % 2; // with a decoding time of its own, the header is longer
      packager.accept(
          new Packet(VIDEO, 80_000, 80_000 - 40_000 * shownEarlier, false, CAPTURED, data));
      Bytes made = record.fragments.get(record.fragments.size() - 1).bytes();
      JsmpegDemuxer demuxer = new JsmpegDemuxer(VIDEO_PID);
      demuxer.write(made);
      reader.read(made);

      assertThat(demuxer.complete).containsExactly(data);
      assertThat(((TsFragment) record.fragments.get(record.fragments.size() - 1)).accessUnit())
          .isEqualTo(data);
    }

    List<TsReader.Unit> units = reader.finish();
    for (int i = 0; i < sizes.length; i++) {
      TsReader.Unit unit = units.get(i + 1);
      assertThat(unit.payload().size()).isEqualTo(sizes[i]);
      assertThat(unit.pts()).isEqualTo(7200);
      assertThat(unit.dts()).isEqualTo(sizes[i] % 2 == 1 ? 3600 : 7200);
      boolean fits = sizes[i] + (sizes[i] % 2 == 1 ? 13 : 8) <= 0xffff;
      assertThat(unit.declaredLength() != 0).isEqualTo(fits);
      assertThat(unit.endsStuffed() || sizes[i] < 184).isTrue();
    }
  }

  @Test
  void hugePicturesDecode() throws Exception {
    byte[] noise = new byte[1280 * 720 * 3 / 2 * 3];
    new Random(3).nextBytes(noise);
    byte[] stream =
        tool.ffmpeg(
                noise,
                "-f",
                "rawvideo",
                "-pix_fmt",
                "yuv420p",
                "-s",
                "1280x720",
                "-i",
                "pipe:0",
                "-c:v",
                "mpeg1video",
                "-threads",
                "1",
                "-strict",
                "-1",
                "-bf",
                "0",
                "-q:v",
                "2",
                "-f",
                "mpeg1video",
                "pipe:1")
            .bytes()
            .toArray();
    List<Bytes> huge = splitPictures(stream);
    assertThat(huge).hasSize(3).allMatch(picture -> picture.size() > 0xffff);

    packager.begin(List.of(VIDEO));
    for (int i = 0; i < huge.size(); i++) {
      packager.accept(picture(i, huge.get(i), i == 0));
    }

    assertThat(tool.checksums(record.bytes(0), "mpegts", "v"))
        .isEqualTo(tool.checksums(stream, "mpegvideo", "v"));
  }

  @Test
  void timesWrapAtThirtyThreeBits() throws Exception {
    long wrap = Math.round((1L << 33) / 0.09); // 26.5 hours
    long begin = wrap - 1_000_000;
    packager.begin(List.of(VIDEO));
    for (int i = 0; i < PICTURES; i++) {
      long pts = begin + i * 40_000L;
      packager.accept(
          new Packet(VIDEO, pts, pts, i % PICTURES_IN_GROUP == 0, CAPTURED, pictures.get(i)));
    }

    List<TsReader.Unit> units = readAll().finish();

    assertThat(units.get(24).pts()).isEqualTo((1L << 33) - 3600);
    assertThat(units.get(25).pts()).isZero();
    assertThat(units.get(26).pts()).isEqualTo(3600);
    assertThat(tool.checksums(record.bytes(0), "mpegts", "v")).isEqualTo(checksumsOfPictures());
  }

  @Test
  void nextRunGoesOnCountingAndMarksItsNewClock() throws Exception {
    packageBoth();
    int boundary = record.fragments.size();
    packageBoth();

    TsReader reader = readAll(); // throws where a counter does not go on
    List<TsReader.Unit> video = unitsOf(reader, VIDEO_PID);

    assertThat(record.runs).extracting(run -> run.number()).containsExactly(0, 1);
    assertThat(record.fragments.get(boundary).isJoinPoint()).isTrue();
    assertThat(video.get(PICTURES).isDiscontinuity()).isTrue();
    assertThat(video.stream().filter(TsReader.Unit::isDiscontinuity)).hasSize(2);
    assertThat(reader.programMaps.get(3)).isEqualTo(reader.programMaps.get(0));
    FfmpegTool.Output decoded = tool.decode(record.bytes(0), "mpegts", "v");
    assertThat(FfmpegTool.checksums(decoded)).hasSize(2 * PICTURES);
    assertThat(decoded.messages().lines()) // the clock goes back; nothing else is remarked
        .allMatch(line -> line.matches(".*DTS 0 < \\d+ out of order"));
  }

  @Test
  void tablesOfARunWithOtherStreamsHaveAnotherVersion() {
    packageBoth();
    packager.begin(List.of(VIDEO));
    packager.accept(picture(0, pictures.get(0), true));

    List<Bytes> maps = readAll().programMaps;

    assertThat(maps.get(3).at(5)).isNotEqualTo(maps.get(2).at(5));
    assertThat(maps.get(3).size()).isEqualTo(maps.get(2).size() - 5);
  }

  @Test
  void whatComesBeforeTheFirstKeyframeIsLeftOut() {
    packager.begin(List.of(VIDEO, AUDIO));
    packager.accept(sound(0, AUDIO));
    packager.accept(picture(1, pictures.get(1), false));
    assertThat(record.runs).isEmpty();

    packager.accept(picture(25, pictures.get(25), true));
    packager.accept(sound(1, AUDIO));

    assertThat(record.runs).hasSize(1);
    assertThat(record.runs.get(0).mime()).isEqualTo("video/mp2t");
    assertThat(record.runs.get(0).tracks()).containsExactly(VIDEO, AUDIO);
    assertThat(record.fragments).extracting(Fragment::isJoinPoint).containsExactly(true, false);
    assertThat(packager.malformed()).isZero();
  }

  @Test
  void anotherSizeInMidstreamBeginsARun() {
    packager.begin(List.of(VIDEO));
    packager.accept(picture(0, pictures.get(0), true));
    byte[] wider = pictures.get(25).toArray();
    wider[4] = 0x28; // 640 in 12 bits
    wider[5] = (byte) (wider[5] & 0xf);
    packager.accept(picture(1, Bytes.owning(wider), true));

    assertThat(record.runs).hasSize(2);
    assertThat(record.runs.get(1).video().get().width()).isEqualTo(640);
    assertThat(TsFraming.JSMP.continues(record.runs.get(0), record.runs.get(0))).isTrue();
    assertThat(TsFraming.JSMP.continues(record.runs.get(0), record.runs.get(1))).isFalse();
    assertThat(TsFraming.PLAIN.continues(record.runs.get(0), record.runs.get(1))).isTrue();
  }

  @Test
  void soundAloneIsJoinedTwiceASecond() throws Exception {
    Track alone = AUDIO.withIndex(0);
    packager.begin(List.of(alone));
    for (int i = 0; i < sounds.size(); i++) {
      packager.accept(sound(i, alone));
    }

    TsReader reader = readAll();
    List<TsReader.Unit> units = reader.finish();

    assertThat(record.fragments.stream().filter(Fragment::isJoinPoint)).hasSize(6);
    assertThat(units).allMatch(unit -> unit.pid() == AUDIO_PID && unit.clock() >= 0);
    assertThat(reader.programMaps.get(0).slice(8, 10)).isEqualTo(Bytes.of(0xe1, 0x01));
    assertThat(tool.checksums(record.bytes(indexOfJoinPoint(1)), "mpegts", "a"))
        .hasSize(sounds.size() - 21);
  }

  @Test
  void whatIsNeitherPictureNorSoundFrameIsCounted() {
    packager.begin(List.of(VIDEO, AUDIO));
    packager.accept(picture(0, pictures.get(0), true));

    packager.accept(picture(1, Bytes.EMPTY, false));
    packager.accept(picture(1, Bytes.of(0, 0, 1), true));
    packager.accept(picture(1, Bytes.of(0, 0, 1, 0xb3, 0x14), true)); // cut sequence header
    packager.accept(picture(1, Bytes.of(0, 0, 1, 0xb3, 0, 0, 0, 0, 0), true)); // 0x0 pixels
    packager.accept(picture(1, Bytes.of(0, 0, 1, 0xe0, 0, 0), false));
    packager.accept(picture(1, pictures.get(1).slice(1, 100), false));
    for (Bytes notSound :
        List.of(
            Bytes.EMPTY,
            Bytes.of(0xff, 0xfd),
            sounds.get(0).slice(1, SOUND_FRAME), // no sync
            Bytes.of(0xff, 0xfb, 0x90, 0x00, 0), // layer III
            Bytes.of(0xff, 0xfd, 0xf0, 0x00, 0), // bit rate 15
            Bytes.of(0xff, 0xfd, 0x9c, 0x00, 0), // sample rate 3
            Bytes.concat(sounds.get(0), Bytes.owning(new byte[70_000])))) {
      packager.accept(new Packet(AUDIO, 0, 0, true, CAPTURED, notSound));
    }

    assertThat(packager.malformed()).isEqualTo(13);
    assertThat(record.fragments).hasSize(1);
  }

  @Test
  void flippedAndTruncatedPacketsNeverThrowAndStayAStream() {
    Random random = new Random(11);
    int tried = 1;
    packager.begin(List.of(VIDEO, AUDIO));
    packager.accept(picture(0, pictures.get(0), true));
    for (int i = 0; i < 4000; i++) {
      boolean isVideo = random.nextBoolean();
      Bytes whole = isVideo ? pictures.get(i % PICTURES) : sounds.get(i % sounds.size());
      byte[] broken = whole.slice(0, random.nextInt(whole.size() + 1)).toArray();
      for (int flips = random.nextInt(4); flips > 0 && broken.length > 0; flips--) {
        int range = random.nextBoolean() ? Math.min(8, broken.length) : broken.length;
        broken[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
      }
      Track track = isVideo ? VIDEO : AUDIO;
      packager.accept(
          new Packet(
              track, i * 1000L, i * 1000L, random.nextBoolean(), CAPTURED, Bytes.owning(broken)));
      tried++;
    }

    assertThat(record.fragments.size() + packager.malformed()).isEqualTo(tried);
    assertThat(readAll().finish()).hasSize(record.fragments.size());
  }

  @Test
  void jsmpGetsSizeThenBarePicturesFromASequenceHeaderOn() throws Exception {
    packageBoth();
    int second = indexOfJoinPoint(1);

    byte[] sent = record.framed(TsFraming.JSMP, second);

    Bytes expected =
        Bytes.concat(pictures.subList(PICTURES_IN_GROUP, PICTURES).toArray(Bytes[]::new));
    assertThat(Bytes.copyOf(sent, 0, 8)).isEqualTo(Bytes.of('j', 's', 'm', 'p', 1, 64, 0, 240));
    assertThat(Bytes.copyOf(sent, 8, 4)).isEqualTo(Bytes.of(0, 0, 1, 0xb3));
    assertThat(Bytes.copyOf(sent, 8, sent.length - 8)).isEqualTo(expected);
    assertThat(TsFraming.JSMP.contentType(record.runs.get(0)))
        .isEqualTo("application/octet-stream");
    Fragment first = record.fragments.get(0);
    assertThat(TsFraming.JSMP.frame(first, false)).isSameAs(TsFraming.JSMP.frame(first, true));
  }

  @Test
  void plainIsTheStreamAsItIs() {
    packageBoth();

    assertThat(record.framed(TsFraming.PLAIN, 0)).isEqualTo(record.bytes(0));
    assertThat(TsFraming.PLAIN.contentType(record.runs.get(0))).isEqualTo("video/mp2t");
    assertThat(record.fragments).allMatch(one -> one.size() == one.bytes().size());
  }

  /** Pictures and sounds in the order of their times. */
  private void packageBoth() {
    List<Packet> packets = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      packets.add(picture(i, pictures.get(i), i % PICTURES_IN_GROUP == 0));
    }
    for (int i = 0; i < sounds.size(); i++) {
      packets.add(sound(i, AUDIO));
    }
    packets.sort(Comparator.comparingLong(Packet::dtsMicros));
    packager.begin(List.of(VIDEO, AUDIO));
    packets.forEach(packager::accept);
  }

  private static Packet picture(int number, Bytes data, boolean isKeyframe) {
    long pts = pictureMicros(number);
    return new Packet(VIDEO, pts, pts, isKeyframe, CAPTURED + pts, data);
  }

  /** 25 a second, as uneven as a camera's. */
  private static long pictureMicros(int number) {
    return number * 40_000L + number * 7919L % 9973;
  }

  private static Packet sound(int number, Track track) {
    long pts = 10_000 + number * SOUND_MICROS;
    return new Packet(track, pts, pts, true, CAPTURED + pts, sounds.get(number));
  }

  private static Bytes syntheticPicture(int size) {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    data[0] = 0;
    data[1] = 0;
    data[2] = 1;
    data[3] = 0;
    return Bytes.owning(data);
  }

  private TsReader readAll() {
    TsReader reader = new TsReader();
    record.fragments.forEach(fragment -> reader.read(fragment.bytes()));
    return reader;
  }

  private static List<TsReader.Unit> unitsOf(TsReader reader, int pid) {
    return reader.finish().stream().filter(unit -> unit.pid() == pid).toList();
  }

  private int indexOfJoinPoint(int number) {
    return IntStream.range(0, record.fragments.size())
        .filter(i -> record.fragments.get(i).isJoinPoint())
        .skip(number)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> checksumsOfPictures() throws IOException, InterruptedException {
    List<String> checksums = tool.checksums(videoStream, "mpegvideo", "v");
    assertThat(checksums).hasSize(PICTURES);
    return checksums;
  }

  /** ISO/IEC 11172-2, 2.4.2: sequence and group headers belong to the picture that follows. */
  private static List<Bytes> splitPictures(byte[] stream) {
    List<Bytes> units = new ArrayList<>();
    int from = 0;
    boolean hasPicture = false;
    for (int at = 0; at + 4 <= stream.length; at++) {
      boolean isStartCode = stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1;
      int code = isStartCode ? stream[at + 3] & 0xff : -1;
      boolean isPicture = code == 0x00;
      if ((isPicture || code == 0xb3 || code == 0xb8) && hasPicture) {
        units.add(Bytes.copyOf(stream, from, at - from));
        from = at;
        hasPicture = false;
      }
      hasPicture |= isPicture;
    }
    units.add(Bytes.copyOf(stream, from, stream.length - from));
    return units;
  }

  private static List<Bytes> splitSounds(byte[] stream) {
    List<Bytes> frames = new ArrayList<>();
    for (int at = 0; at < stream.length; at += SOUND_FRAME) {
      frames.add(Bytes.copyOf(stream, at, SOUND_FRAME));
    }
    return frames;
  }
}
