package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H264ReaderTest {
  private static final int FRAMES = 20;

  private final List<Run> runs = new ArrayList<>();
  private final List<Packet> packets = new ArrayList<>();
  private final Sink<Packet> sink =
      new Sink<>() {
        @Override
        public void begin(Run run) {
          runs.add(run);
        }

        @Override
        public void accept(Packet packet) {
          packets.add(packet);
        }
      };
  private long nanos;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000, 1_000_000})
  void everyPictureIsFoundWhereverTheBytesAreCut(int chunk) throws Exception {
    byte[] raw = raw("64x48", "slices=3");

    reader().read(inChunks(raw, chunk), sink);

    assertThat(packets).hasSize(FRAMES);
    assertThat(packets.stream().filter(Packet::isKeyframe)).hasSize(2);
    assertThat(joined()).isEqualTo(raw);
    assertThat(runs).hasSize(1);
    assertThat(runs.get(0).tracks().get(0).width()).isEqualTo(64);
    assertThat(runs.get(0).tracks().get(0).height()).isEqualTo(48);
  }

  @Test
  void delimitersBelongToThePictureBehindThem() throws Exception {
    byte[] raw = raw("64x48", "aud=1");

    reader().read(inChunks(raw, 100), sink);

    assertThat(packets).hasSize(FRAMES);
    assertThat(joined()).isEqualTo(raw);
  }

  @Test
  void anotherSizeBeginsAnotherRun() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(raw("64x48", "slices=1"));
    both.write(raw("96x64", "slices=1"));

    reader().read(inChunks(both.toByteArray(), 500), sink);

    assertThat(runs).extracting(run -> run.tracks().get(0).width()).containsExactly(64, 96);
    assertThat(packets).hasSize(2 * FRAMES);
  }

  @Test
  void nothingIsGivenBeforeTheFirstKeyframe() throws Exception {
    byte[] raw = raw("64x48", "slices=1");
    reader().read(inChunks(raw, 1000), sink);
    int keyframe = packets.get(0).size();
    packets.clear();

    byte[] late = java.util.Arrays.copyOfRange(raw, keyframe, raw.length);
    reader().read(inChunks(late, 1000), sink);

    assertThat(packets).hasSize(FRAMES / 2);
    assertThat(packets.get(0).isKeyframe()).isTrue();
  }

  @Test
  void otherBytesAreRefused() {
    InputStream text =
        inChunks(
            "no video at all, ".repeat(1000).getBytes(java.nio.charset.StandardCharsets.UTF_8),
            100);

    assertThatThrownBy(() -> reader().read(text, sink))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining("no start code");
  }

  @Test
  void timesAreThoseOfArrivalSmoothed() {
    ArrivalClock clock = new ArrivalClock(25);
    List<Long> times = new ArrayList<>();

    for (int i = 0; i < 200; i++) { // really 20 a second, each up to 8 ms late
      times.add(clock.next(i * 50_000_000L + (i * 7919L % 9) * 1_000_000));
    }

    assertThat(times).isSorted();
    for (int i = 100; i < 200; i++) {
      assertThat(times.get(i) - times.get(i - 1)).isBetween(44_000L, 56_000L);
      assertThat(times.get(i)).isBetween(i * 50_000L - 10_000, i * 50_000L + 20_000);
    }
  }

  private H264Reader reader() {
    return new H264Reader(25, () -> nanos += 1_000_000, () -> 0);
  }

  private byte[] joined() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    packets.forEach(packet -> all.writeBytes(packet.data().toArray()));
    return all.toByteArray();
  }

  private static InputStream inChunks(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int at, int length) {
        return super.read(into, at, Math.min(most, length));
      }
    };
  }

  private static byte[] raw(String size, String parameters) throws IOException {
    Process process =
        new ProcessBuilder(
                "ffmpeg",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=" + size + ":r=25",
                "-frames:v",
                Integer.toString(FRAMES),
                "-c:v",
                "libx264",
                "-tune",
                "zerolatency",
                "-bf",
                "0",
                "-g",
                "10",
                "-pix_fmt",
                "yuv420p",
                "-x264-params",
                parameters,
                "-f",
                "h264",
                "-")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    return process.getInputStream().readAllBytes();
  }
}
