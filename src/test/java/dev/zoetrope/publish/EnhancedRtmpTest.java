package dev.zoetrope.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages of enhanced RTMP, made of what ffmpeg's encoders really put out. */
@Timeout(120)
class EnhancedRtmpTest {
  private static final int PICTURES = 25;

  @TempDir private Path folder;
  private final List<Run> runs = new ArrayList<>();
  private final List<Packet> packets = new ArrayList<>();
  private final Splicer splicer =
      new Splicer(
          "gate",
          new Sink<>() {
            @Override
            public void begin(Run run) {
              runs.add(run);
            }

            @Override
            public void accept(Packet packet) {
              packets.add(packet);
            }
          });

  @ParameterizedTest
  @CsvSource({
    "hvc1, HEVC, -c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=2",
    "hvc1, HEVC, -c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0",
    "av01, AV1, -c:v libaom-av1 -cpu-used 8 -lag-in-frames 0",
    "vp09, VP9, -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lag-in-frames 0",
  })
  void picturesDecodeWhole(String fourcc, Codec codec, String encoder) throws Exception {
    FlvClip clip = FlvClip.enhanced(folder, fourcc, encoder.split(" ", -1));
    splicer.announce(new Announced(true, true, false, 0, 0));

    for (FlvClip.Tag tag : clip.tags()) {
      splicer.video(FlvTag.video(tag.payload()), tag.timestamp(), 0);
    }

    Track video = runs.get(0).video().orElseThrow();
    assertThat(video.codec()).isEqualTo(codec);
    assertThat(List.of(video.width(), video.height())).containsExactly(64, 48);
    assertThat(packets).hasSize(PICTURES);
    assertThat(decodedPictures(fragments())).isEqualTo(PICTURES);
  }

  @Test
  void opusComesWithItsHead() throws IOException {
    Bytes head = Bytes.of('O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    splicer.announce(new Announced(true, false, true, 0, 0));

    splicer.audio(FlvTag.audio(Bytes.concat(ascii("\220Opus"), head)), 0, 0);
    splicer.audio(FlvTag.audio(Bytes.concat(ascii("\221Opus"), Bytes.of(0xfc, 1))), 20, 0);

    assertThat(runs.get(0).audio().orElseThrow().codec()).isEqualTo(Codec.OPUS);
    assertThat(runs.get(0).audio().orElseThrow().channels()).isEqualTo(2);
    assertThat(packets.get(0).data()).isEqualTo(Bytes.of(0xfc, 1));
  }

  @Test
  void firstOfManyTracksIsTaken() throws IOException {
    Bytes other = Bytes.concat(Bytes.of(1, 0, 0, 1), Bytes.of(9));
    Bytes first = Bytes.concat(Bytes.of(0, 0, 0, 2), Bytes.of(7, 8));
    Bytes message = Bytes.concat(Bytes.of(0x96, 0x13), ascii("av01"), other, first);

    FlvTag tag = FlvTag.video(message);

    assertThat(tag.part()).isEqualTo(FlvTag.Part.FRAME);
    assertThat(tag.data()).isEqualTo(Bytes.of(7, 8));
  }

  @Test
  void modifiersArePassedOver() throws IOException {
    Bytes message = Bytes.concat(Bytes.of(0x97, 2, 1, 2, 3, 0x01), ascii("av01"), Bytes.of(7, 8));

    FlvTag tag = FlvTag.video(message);

    assertThat(tag.part()).isEqualTo(FlvTag.Part.FRAME);
    assertThat(tag.isKeyframe()).isTrue();
    assertThat(tag.data()).isEqualTo(Bytes.of(7, 8));
  }

  @Test
  void anyBytesAreATagOrMalformed() {
    Random random = new Random(7);
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      Bytes payload = Bytes.owning(bytes);
      try {
        splicer.video(FlvTag.video(payload), i, 0);
        splicer.audio(FlvTag.audio(payload), i, 0);
        read++;
      } catch (MalformedMediaException | UnknownCodecException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isPositive();
  }

  private static Bytes ascii(String text) {
    return Bytes.owning(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private byte[] fragments() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Fmp4Packager packager =
        new Fmp4Packager(
            new Sink<Fragment>() {
              @Override
              public void begin(Run run) {
                write(run.init());
              }

              @Override
              public void accept(Fragment fragment) {
                write(fragment.bytes());
              }

              private void write(Bytes bytes) {
                try {
                  bytes.writeTo(out);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    packager.begin(runs.get(0).tracks());
    packets.forEach(packager::accept);
    assertThat(packager.malformed()).isZero();
    return out.toByteArray();
  }

  private int decodedPictures(byte[] mp4) throws IOException, InterruptedException {
    Path file = folder.resolve("published.mp4");
    Path said = folder.resolve("said.txt");
    Files.write(file, mp4);
    Process process =
        new ProcessBuilder(
                "ffmpeg",
                "-v",
                "error",
                "-nostdin",
                "-i",
                file.toString(),
                "-map",
                "0:v",
                "-f",
                "framemd5",
                "-fps_mode",
                "passthrough",
                "-")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return (int) Files.readAllLines(said).stream().filter(line -> !line.startsWith("#")).count();
  }
}
