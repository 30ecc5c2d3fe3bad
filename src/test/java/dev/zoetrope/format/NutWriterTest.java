package dev.zoetrope.format;

import static dev.zoetrope.format.NutClip.PICTURE;
import static dev.zoetrope.format.NutClip.SOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.NutClip.Collected;
import dev.zoetrope.format.NutClip.Probed;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NutWriterTest {
  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final String BFRAMES = "-c:v libx264 -bf 2 -g 12 ";
  private static final String DECODER =
      "-copyts -threads 1 -flags low_delay -probesize 32768 -analyzeduration 0 -f nut -i - ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PICTURE + "-t 2 " + BFRAMES,
        PICTURE + "-t 1 -c:v libx265 -x265-params log-level=none",
        PICTURE + "-t 1 -c:v libvpx-vp9 -deadline realtime -cpu-used 8",
        PICTURE + "-t 1 -c:v libvpx -deadline realtime",
        PICTURE + "-t 0.4 -c:v libaom-av1 -cpu-used 8",
        PICTURE + "-t 1 -c:v mjpeg",
        PICTURE + "-t 1 -c:v mpeg4 -bf 2",
        PICTURE + "-t 1 -c:v rawvideo -pix_fmt rgb24",
        PICTURE + "-t 1 -c:v rawvideo -pix_fmt yuv422p",
        "-f lavfi -i testsrc2=s=640x480:r=25 -t 0.4 -c:v rawvideo -pix_fmt rgb24",
        SOUND + "-t 2 -c:a aac",
        SOUND + "-t 2 -c:a mp2",
        SOUND + "-t 2 -c:a libopus",
        SOUND + "-t 4 -ar 8000 -c:a pcm_alaw",
        SOUND + "-t 2 -c:a pcm_s16le",
      })
  void ffmpegDecodesTheSameFramesAsFromTheOriginal(String arguments) throws IOException {
    byte[] original = NutClip.make(arguments);
    Collected collected = NutClip.read(original);

    byte[] written = NutClip.write(collected.tracks(), collected.packets);

    assertThat(NutClip.decodedFrames(written, "0"))
        .isNotEmpty()
        .isEqualTo(NutClip.decodedFrames(original, "0"));
  }

  @Test
  void ffmpegDecodesPictureAndSoundTogether() throws IOException {
    byte[] original = NutClip.make(PICTURE + SOUND + "-t 2 " + BFRAMES + "-c:a aac");
    Collected collected = NutClip.read(original);

    byte[] written = NutClip.write(collected.tracks(), collected.packets);

    for (String stream : List.of("0", "1")) {
      assertThat(NutClip.decodedFrames(written, stream))
          .hasSizeGreaterThan(40)
          .isEqualTo(NutClip.decodedFrames(original, stream));
    }
  }

  @Test
  void readingGivesBackWhatWasWritten() throws IOException {
    Collected collected =
        NutClip.read(NutClip.make(PICTURE + SOUND + "-t 2 " + BFRAMES + "-c:a libopus"));

    Collected again = NutClip.read(NutClip.write(collected.tracks(), collected.packets));

    assertThat(again.packets).isEqualTo(collected.packets);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PICTURE + SOUND + "-t 2 " + BFRAMES + "-c:a aac",
        "-f lavfi -i testsrc2=s=640x480:r=25 -t 0.4 -c:v rawvideo -pix_fmt rgb24",
        SOUND + "-t 10 -c:a pcm_mulaw"
      })
  void ffprobeShowsWhatWasWrittenAnHourLater(String arguments) throws IOException {
    Collected collected = NutClip.read(NutClip.make(arguments));
    List<Packet> later =
        collected.packets.stream().map(packet -> packet.shiftedBy(HOUR_MICROS + 7)).toList();

    List<Probed> probed = NutClip.probe(NutClip.write(collected.tracks(), later));

    assertThat(probed).hasSameSizeAs(later);
    for (int i = 0; i < later.size(); i++) {
      assertThat(probed.get(i).stream()).isEqualTo(later.get(i).track().index());
      assertThat(probed.get(i).ptsMicros()).isEqualTo(later.get(i).ptsMicros());
      assertThat(probed.get(i).isKeyframe()).isEqualTo(later.get(i).isKeyframe());
      assertThat(probed.get(i).size()).isEqualTo(later.get(i).size());
      long dtsMicros = later.get(i).dtsMicros();
      probed.get(i).dtsMicros().ifPresent(dts -> assertThat(dts).isEqualTo(dtsMicros));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {BFRAMES, "-c:v libx264 -bf 0 -g 12", "-c:v libvpx-vp9 -g 12 -cpu-used 8"})
  void encoderThatJoinsAtAKeyframeGetsAllFramesAtTheirTimes(String encoder) throws IOException {
    Collected collected = NutClip.read(NutClip.make(PICTURE + "-t 2 " + encoder));
    List<Packet> joined = new ArrayList<>();
    for (Packet packet : collected.packets) {
      boolean isMidStream = packet.ptsMicros() > 900_000;
      if (!joined.isEmpty() || (packet.isKeyframe() && isMidStream)) {
        joined.add(packet.shiftedBy(HOUR_MICROS));
      }
    }

    byte[] encoded =
        NutClip.ffmpeg(
            NutClip.write(collected.tracks(), joined),
            DECODER
                + "-an -fps_mode passthrough -enc_time_base -1 -threads 1 -c:v mjpeg"
                + " -f nut -write_index 0 -");

    assertThat(joined).hasSizeBetween(12, 40);
    assertThat(NutClip.read(encoded).packets)
        .extracting(Packet::ptsMicros)
        .containsExactlyElementsOf(joined.stream().map(Packet::ptsMicros).sorted().toList());
  }

  @Test
  void encoderOfFixedRateGetsAllFrames() throws IOException {
    Collected collected = NutClip.read(NutClip.make(PICTURE + "-t 2 " + BFRAMES));

    byte[] encoded =
        NutClip.ffmpeg(
            NutClip.write(collected.tracks(), collected.packets),
            DECODER
                + "-an -threads 1 -flags low_delay -strict -1 -c:v mpeg1video -b:v 800k -bf 0 -g 25"
                + " -f nut -write_index 0 -");

    assertThat(NutClip.read(encoded).packets).hasSize(collected.packets.size());
  }

  @Test
  void someTracksOfARunCanBeWritten() throws IOException {
    Collected collected = NutClip.read(NutClip.make(PICTURE + SOUND + "-t 1 -c:v mjpeg -c:a mp2"));
    Track sound = collected.tracks().get(1);

    byte[] written = NutClip.write(List.of(sound), collected.of(sound));

    assertThat(NutClip.read(written).tracks()).containsExactly(sound.withIndex(0));
    assertThat(NutClip.read(written).packets)
        .extracting(Packet::data)
        .containsExactlyElementsOf(collected.of(sound).stream().map(Packet::data).toList());
    assertThat(NutClip.probe(written)).hasSameSizeAs(collected.of(sound));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 20_000, 200_000})
  void packetIsFlushedWhole(int size) throws IOException {
    Track track = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 16, 16);
    Packet packet = new Packet(track, 5, 5, true, 0, Bytes.owning(new byte[size]));
    Flushed flushed = new Flushed();
    NutWriter writer = new NutWriter(flushed, List.of(track));

    for (int written = 1; written <= 3; written++) {
      writer.write(packet);

      assertThat(NutClip.read(flushed.bytes).packets).hasSize(written);
    }
  }

  /** Keeps what had been written at the last flush, as a pipe behind a buffer does. */
  private static final class Flushed extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private byte[] bytes = {};

    @Override
    public void write(int b) {
      written.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      written.write(source, offset, length);
    }

    @Override
    public void flush() {
      bytes = written.toByteArray();
    }
  }

  @Test
  void fourccIsFfmpegsOwnWhereTheTrackHasNone() throws IOException {
    Track track = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 16, 16);

    byte[] written = NutClip.write(List.of(track), List.of());

    assertThat(NutClip.read(written).tracks().get(0).fourcc())
        .isEqualTo(Bytes.of('M', 'J', 'P', 'G'));
  }

  @Test
  void whatNutCannotHoldIsRefused() throws IOException {
    Track picture = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 16, 16);
    Track other = Track.video(1, Codec.OTHER_VIDEO, Bytes.EMPTY, Bytes.EMPTY, 16, 16);
    NutWriter writer = new NutWriter(OutputStream.nullOutputStream(), List.of(picture));

    assertThatThrownBy(() -> writer.write(new Packet(other, 0, 0, true, 0, Bytes.EMPTY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.write(new Packet(picture, -1, -1, true, 0, Bytes.EMPTY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NutClip.write(List.of(other), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NutClip.write(List.of(picture, picture), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NutClip.write(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ffmpegIsToldTheFrameRate(@TempDir Path folder) throws Exception {
    Track track = Track.video(0, Codec.MJPEG, Bytes.EMPTY, Bytes.EMPTY, 64, 64);
    Path file = folder.resolve("a.nut");
    try (OutputStream out = Files.newOutputStream(file)) {
      NutWriter writer = new NutWriter(out, List.of(track), OptionalInt.of(12));
      writer.write(new Packet(track, 0, 0, true, 0, Bytes.of(0xff, 0xd8, 0xff, 0xd9)));
    }

    Process probe =
        new ProcessBuilder(
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "stream=r_frame_rate",
                "-of",
                "csv=p=0",
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo("12/1");
  }
}
