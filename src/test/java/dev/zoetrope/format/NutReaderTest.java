package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.NutClip.Collected;
import dev.zoetrope.format.NutClip.Probed;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NutReaderTest {
  private static final String BFRAMES = "-c:v libx264 -bf 2 -g 12 ";
  private static final String SMALL =
      PICTURE + SOUND + "-t 0.4 -c:v libx264 -preset ultrafast -bf 1 -g 5 -c:a mp2 -b:a 64k";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PICTURE + SOUND + "-t 2 " + BFRAMES + "-c:a aac",
        PICTURE + "-t 1 -c:v libx264 -bf 5 -b_strategy 0 -x264-params b-pyramid=normal",
        PICTURE + "-t 1 -c:v libvpx-vp9 -deadline realtime -cpu-used 8",
        PICTURE + "-t 1 -c:v libvpx -deadline realtime",
        PICTURE + "-t 0.4 -c:v libaom-av1 -cpu-used 8",
        PICTURE + "-t 1 -c:v mjpeg",
        PICTURE + "-t 1 -c:v png",
        PICTURE + "-t 1 -c:v gif",
        PICTURE + "-t 1 -c:v mpeg1video -bf 0 -g 10",
        PICTURE + "-t 1 -c:v mpeg2video -bf 2",
        PICTURE + "-t 1 -c:v mpeg4 -bf 2",
        PICTURE + "-t 1 -c:v rawvideo -pix_fmt rgb24",
        "-f lavfi -i testsrc2=s=640x480:r=30000/1001 -t 3 -c:v mjpeg -q:v 2",
        SOUND + "-t 2 -c:a mp2",
        SOUND + "-t 2 -c:a libmp3lame",
        SOUND + "-t 2 -c:a libopus",
        SOUND + "-t 2 -c:a aac",
        SOUND + "-t 2 -ar 44100 -c:a mp2",
        SOUND + "-t 2 -ar 8000 -c:a pcm_alaw",
        SOUND + "-t 2 -c:a pcm_mulaw",
        SOUND + "-t 2 -c:a libvorbis",
        PICTURE + SOUND + SOUND + "-map 0 -map 1 -map 2 -t 1 -c:v mjpeg -c:a:0 mp2 -c:a:1 aac",
        SOUND + PICTURE + "-output_ts_offset 100000 -t 2 -c:v libx264 -c:a libopus",
      })
  void packetsAreThoseThatFfprobeShows(String arguments) throws IOException {
    byte[] nut = NutClip.make(arguments);

    Collected collected = NutClip.read(nut);

    assertAsProbed(collected, NutClip.probe(nut));
  }

  @ParameterizedTest
  @CsvSource({
    "libx264 -bf 3 -g 25, mp4",
    "libx264 -bf 2, mpegts",
    "libx264 -bf 2, matroska",
    "libx265 -bf 3 -x265-params log-level=none, mp4",
    "libx265 -x265-params log-level=none, mpegts"
  })
  void copiedPacketsAreThoseThatFfprobeShows(String encoder, String container) throws IOException {
    byte[] nut = NutClip.copied(PICTURE + "-t 2 -c:v " + encoder, container);

    Collected collected = NutClip.read(nut);

    assertAsProbed(collected, NutClip.probe(nut));
  }

  private static void assertAsProbed(Collected collected, List<Probed> expected) {
    List<Probed> found = new ArrayList<>();
    for (int i = 0; i < collected.packets.size(); i++) {
      Packet packet = collected.packets.get(i);
      boolean isKnown = i >= expected.size() || expected.get(i).dtsMicros().isPresent();
      found.add(
          new Probed(
              packet.track().index(),
              packet.ptsMicros(),
              isKnown ? OptionalLong.of(packet.dtsMicros()) : OptionalLong.empty(),
              packet.isKeyframe(),
              packet.size(),
              i < expected.size() ? expected.get(i).endPosition() : 0));
    }
    assertThat(found).isNotEmpty().containsExactlyElementsOf(expected);
    for (Track track : collected.tracks()) {
      assertThat(collected.of(track)).extracting(Packet::dtsMicros).isSorted();
    }
  }

  @Test
  void firstDtsIsThatOfTheEncoder() throws IOException {
    byte[] nut = NutClip.make(PICTURE + "-t 1 " + BFRAMES);

    List<Packet> packets = NutClip.read(nut).packets;

    for (int i = 0; i < packets.size(); i++) {
      assertThat(packets.get(i).dtsMicros()).isEqualTo(i * 40_000L);
    }
  }

  @Test
  void dtsNeverGoesBackWhereTheHeaderAnnouncesTooSmallADelay() throws IOException {
    byte[] nut = NutClip.make(PICTURE + "-t 2 -c:v libx265 -x265-params log-level=none");

    Collected collected = NutClip.read(nut);

    List<Packet> packets = collected.packets;
    assertThat(collected.tracks().get(0).decodeDelay()).isZero();
    assertThat(packets).hasSize(50).extracting(Packet::dtsMicros).isSorted();
    assertThat(packets.subList(10, 50))
        .allSatisfy(
            packet -> assertThat(packet.dtsMicros()).isLessThanOrEqualTo(packet.ptsMicros()));
  }

  @ParameterizedTest
  @CsvSource({
    "H264, H264, libx264",
    "HEVC, HEVC, libx265 -x265-params log-level=none",
    "VP8, VP80, libvpx",
    "VP9, VP90, libvpx-vp9",
    "AV1, AV01, libaom-av1 -cpu-used 8",
    "MPEG1VIDEO, mpg1, mpeg1video",
    "MPEG2VIDEO, mpg2, mpeg2video",
    "MPEG4, FMP4, mpeg4",
    "MJPEG, MJPG, mjpeg",
    "PNG, MPNG, png",
    "GIF, GIF., gif",
    "RGB24, RGB., rawvideo -pix_fmt rgb24",
    "OTHER_VIDEO, BGR., rawvideo -pix_fmt bgr24",
    "OTHER_VIDEO, I420, rawvideo -pix_fmt yuv420p",
    "OTHER_VIDEO, FFV1, ffv1"
  })
  void pictureCodecIsKnownByItsFourcc(Codec codec, String fourcc, String encoder)
      throws IOException {
    byte[] nut = NutClip.make(PICTURE + "-t 0.2 -c:v " + encoder);

    Track track = NutClip.read(nut).tracks().get(0);

    assertThat(track.codec()).isEqualTo(codec);
    assertThat(letters(track.fourcc())).isEqualTo(fourcc);
    assertThat(track.width()).isEqualTo(64);
    assertThat(track.height()).isEqualTo(48);
  }

  @ParameterizedTest
  @CsvSource({
    "H264, avc1, libx264, mp4",
    "HEVC, HEVC, libx265 -x265-params log-level=none, mp4",
    "AV1, av01, libaom-av1 -cpu-used 8, mp4",
    "MJPEG, jpeg, mjpeg, mov",
    "MPEG4, mp4v, mpeg4, mp4",
    "H264, H264, libx264, flv"
  })
  void pictureCodecIsKnownWhenCopied(Codec codec, String fourcc, String encoder, String container)
      throws IOException {
    byte[] nut = NutClip.copied(PICTURE + "-t 0.2 -c:v " + encoder, container);

    Track track = NutClip.read(nut).tracks().get(0);

    assertThat(track.codec()).isEqualTo(codec);
    assertThat(letters(track.fourcc())).isEqualTo(fourcc);
  }

  /** With a full stop for what is no letter, digit or space. */
  private static String letters(Bytes fourcc) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < fourcc.size(); i++) {
      letters.append(fourcc.at(i) < ' ' ? '.' : (char) fourcc.at(i));
    }
    return letters.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "AAC, 255, aac",
    "OPUS, 79, libopus",
    "MP2, 80, mp2",
    "MP3, 85, libmp3lame",
    "PCM_ALAW, 6, pcm_alaw",
    "PCM_MULAW, 7, pcm_mulaw",
    "OTHER_AUDIO, 80, pcm_s16le",
    "OTHER_AUDIO, 0, ac3"
  })
  void soundCodecIsKnownByItsFourcc(Codec codec, int firstByte, String encoder) throws IOException {
    byte[] nut = NutClip.make(SOUND + "-t 0.2 -ac 2 -c:a " + encoder);

    Track track = NutClip.read(nut).tracks().get(0);

    assertThat(track.codec()).isEqualTo(codec);
    assertThat(track.fourcc().size()).isEqualTo(4);
    assertThat(track.fourcc().at(0)).isEqualTo(firstByte);
    assertThat(track.sampleRate()).isEqualTo(48000);
    assertThat(track.channels()).isEqualTo(2);
  }

  @Test
  void headersAreThoseOfTheEncoder() throws IOException {
    byte[] nut = NutClip.copied(PICTURE + SOUND + "-t 1 " + BFRAMES + "-c:a aac", "mp4");

    Collected collected = NutClip.read(nut);

    assertThat(collected.runs).hasSize(1);
    assertThat(collected.runs.get(0).number()).isZero();
    assertThat(collected.tracks()).extracting(Track::index).containsExactly(0, 1);
    assertThat(collected.tracks().get(0).decodeDelay()).isEqualTo(2);
    assertThat(collected.tracks().get(0).extradata().at(0)).as("avcC version").isEqualTo(1);
    assertThat(collected.tracks().get(1).extradata().size()).as("AudioSpecificConfig").isEqualTo(5);
  }

  @Test
  void headersRepeatedInAGrowingStreamChangeNothing() throws IOException {
    String arguments = "-f lavfi -i testsrc2=s=640x480:r=25 -t 0.6 -c:v rawvideo -pix_fmt rgb24";
    byte[] nut = NutClip.make(arguments);

    Collected collected = NutClip.read(nut);

    assertThat(nut).hasSizeGreaterThan(8 << 20);
    assertThat(collected.runs).hasSize(1);
    assertThat(collected.packets).hasSize(15);
    assertThat(collected.packets).extracting(Packet::size).containsOnly(640 * 480 * 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "timestamped"})
  void versionFourWithSideDataGivesTheSamePackets(String syncpoints) throws IOException {
    String arguments = PICTURE + SOUND + "-t 1 -c:v mjpeg -c:a libopus -strict experimental";
    byte[] stable = NutClip.make(arguments);
    byte[] experimental = NutClip.make(arguments + " -syncpoints " + syncpoints);

    Collected collected = NutClip.read(experimental);

    assertThat(experimental).contains("SkipEnd".getBytes(StandardCharsets.US_ASCII));
    assertThat(collected.packets).isEqualTo(NutClip.read(stable).packets);
  }

  @Test
  void subtitlesAreLeftOutAndTracksNumberedDensely() throws IOException {
    String text = "1\n00:00:00,000 --> 00:00:01,000\nHi\n\n";
    String subtitles =
        "-f srt -i data:text/plain;base64,"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    String encoders = " -map 0 -map 2 -map 1 -t 1 -c:s text -c:a mp2 -c:v mjpeg";
    byte[] nut = NutClip.make(subtitles + " " + PICTURE + SOUND + encoders);

    Collected collected = NutClip.read(nut);

    assertThat(NutClip.probe(nut)).anyMatch(probed -> probed.stream() == 0);
    assertThat(collected.tracks()).extracting(Track::index).containsExactly(0, 1);
    assertThat(collected.tracks()).extracting(Track::isVideo).containsExactly(false, true);
    assertThat(collected.of(collected.tracks().get(1))).hasSize(25);
  }

  @Test
  void indexAtTheEndIsSkipped() throws IOException {
    byte[] nut = NutClip.ffmpeg(new byte[0], PICTURE + "-t 1 -c:v mjpeg -f nut -");

    assertThat(NutClip.read(nut).packets).hasSize(25);
  }

  @Test
  void captureTimeIsWhenThePacketIsComplete() throws IOException {
    byte[] nut = NutClip.make(PICTURE + "-t 1 -c:v mjpeg");
    AtomicLong clock = new AtomicLong(1000);
    Collected collected = new Collected();

    new NutReader(clock::getAndIncrement).read(new ByteArrayInputStream(nut), collected);

    assertThat(collected.packets).first().extracting(Packet::captureMicros).isEqualTo(1000L);
    assertThat(collected.packets).last().extracting(Packet::captureMicros).isEqualTo(1024L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 188, 100_000})
  void dribblesGiveTheSamePackets(int bytesAtOnce) throws IOException {
    byte[] nut = NutClip.make(SMALL);

    Collected collected = NutClip.read(new Dribble(nut, bytesAtOnce));

    assertThat(collected.packets).isEqualTo(NutClip.read(nut).packets);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void packetIsDeliveredBeforeAnyFollowingByteIsAskedFor(int bytesAtOnce) throws IOException {
    byte[] nut = NutClip.make(PICTURE + "-t 1 -c:v mjpeg");
    List<Long> ends = NutClip.probe(nut).stream().map(Probed::endPosition).toList();
    Collected collected = new Collected();
    InputStream in =
        new Dribble(nut, bytesAtOnce) {
          @Override
          int available(int position) {
            long complete = ends.stream().filter(end -> end <= position).count();
            assertThat(collected.packets).as("at byte " + position).hasSize((int) complete);
            long next = ends.stream().filter(end -> end > position).findFirst().orElse(1L << 30);
            return (int) Math.min(super.available(position), next - position);
          }
        };

    new NutReader(() -> 0).read(in, collected);

    assertThat(collected.packets).hasSize(25);
  }

  @Test
  void streamCutAnywhereEndsCleanlyOrIsMalformed() throws IOException {
    byte[] nut = NutClip.make(SMALL);
    List<Packet> whole = NutClip.read(nut).packets;
    int clean = 0;

    for (int length = 0; length < nut.length; length++) {
      byte[] cut = Arrays.copyOf(nut, length);
      List<Packet> packets = new ArrayList<>();
      Sink<Packet> sink = collecting(packets);
      try {
        new NutReader(() -> 0).read(new ByteArrayInputStream(cut), sink);
        clean++;
      } catch (MalformedMediaException e) {
        assertThat(e).hasMessage("NUT at byte " + length + ": ends in the midst of a packet");
      }
      assertThat(whole.subList(0, packets.size())).isEqualTo(packets);
    }

    assertThat(clean).isBetween(whole.size(), whole.size() + 30);
  }

  private static Sink<Packet> collecting(List<Packet> packets) {
    return new Sink<>() {
      @Override
      public void begin(Run run) {}

      @Override
      public void accept(Packet packet) {
        packets.add(packet);
      }
    };
  }

  @Test
  void damagedBytesAreMalformedAndNothingElse() {
    byte[] nut = NutClip.make(SMALL);
    Random random = new Random(1);

    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = nut.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(nut.length)] ^= (byte) (1 << random.nextInt(8));
      }
      assertSound(NutClip.readDamaged(damaged));
    }
  }

  @Test
  void damagedHeadersWithRightChecksumsAreMalformedAndNothingElse() {
    byte[] nut = NutClip.make(SMALL);
    int end = NutBytes.firstSyncpoint(nut);
    Random random = new Random(2);

    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = nut.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = Nut.FILE_ID_STRING.length + random.nextInt(end + 200 - Nut.FILE_ID_STRING.length);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
      }
      NutBytes.repairChecksums(damaged);
      assertSound(NutClip.readDamaged(damaged));
    }
  }

  private static void assertSound(Collected collected) {
    for (Run run : collected.runs) {
      for (Track track : run.tracks()) {
        long before = Long.MIN_VALUE;
        for (Packet packet : collected.of(track)) {
          assertThat(packet.ptsMicros()).isNotNegative();
          assertThat(packet.dtsMicros()).isGreaterThanOrEqualTo(before);
          before = packet.dtsMicros();
        }
      }
    }
  }

  @Test
  void otherBytesAreNotNut() {
    byte[] text = "HTTP/1.1 404 Not Found\r\n".getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> NutClip.read(text))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessage("NUT at byte 1: not a NUT stream");
  }

  @Test
  void emptyStreamBeginsNoRun() throws IOException {
    assertThat(NutClip.read(new byte[0]).runs).isEmpty();
  }

  @Test
  void failureOfTheStreamIsNoDamage() throws IOException {
    InputStream failing = InputStream.nullInputStream();
    failing.close();

    assertThatThrownBy(() -> NutClip.read(failing))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Stream closed");
  }

  /** Gives a few bytes at a time, as a pipe may. */
  private static class Dribble extends InputStream {
    private final byte[] bytes;
    private final int bytesAtOnce;
    private int position;

    Dribble(byte[] bytes, int bytesAtOnce) {
      this.bytes = bytes;
      this.bytesAtOnce = bytesAtOnce;
    }

    int available(int from) {
      return Math.min(bytesAtOnce, bytes.length - from);
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = Math.min(length, available(position));
      System.arraycopy(bytes, position, target, offset, count);
      position += count;
      return count == 0 ? -1 : count;
    }
  }
}
