package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class EncoderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Encoding JPEG = new Encoding.Mjpeg(new Size(32, 32), 5);
  private static final int PICTURES = 24;

  private static Ffmpeg ffmpeg;
  private static List<Packet> input; // pictures of one run, each with a capture time of its own

  private final RecordingSink sink = new RecordingSink();

  @BeforeAll
  static void captureSomePictures() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    RecordingSink captured = new RecordingSink();
    AtomicLong clock = new AtomicLong(1_000_000_000);
    TestPattern pattern = new TestPattern(64, 64, 30);
    Capture capture = TestWorkshop.capture(pattern, ffmpeg, () -> clock.addAndGet(1000), captured);
    await().atMost(LIMIT).until(() -> pictures(captured).size() >= PICTURES);
    capture.close();
    input = pictures(captured).subList(0, PICTURES);
  }

  private static List<Packet> pictures(RecordingSink captured) {
    return captured.packets.stream().filter(packet -> packet.track().isVideo()).toList();
  }

  @AfterAll
  static void closeFfmpeg() {
    ffmpeg.close();
  }

  @Test
  void picturesKeepTheirTimes() throws IOException {
    Map<Long, Long> captureTimes = new HashMap<>();
    input.forEach(packet -> captureTimes.put(packet.ptsMicros(), packet.captureMicros()));

    try (Encoder encoder = encoder(JPEG, 0, sink)) {
      writeAll(encoder);
      await().atMost(LIMIT).until(() -> sink.packets.size() >= PICTURES - 1);
    }

    Track track = sink.runs.get(0).tracks().get(0);
    assertThat(track.codec()).isEqualTo(Codec.MJPEG);
    assertThat(List.of(track.width(), track.height())).containsExactly(32, 32);
    assertThat(sink.packets)
        .allSatisfy(
            packet ->
                assertThat(packet.captureMicros()).isEqualTo(captureTimes.get(packet.ptsMicros())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noPictureIsHeldHoweverManyThreadsThereAre(int threads) throws IOException {
    Size size = new Size(320, 320);
    List<Encoding> encodings =
        List.of(
            new Encoding.Mjpeg(size, 5),
            new Encoding.Rgb(size, 50),
            new Encoding.Mpeg1(size, 500_000, 30),
            new Encoding.H264(size, 500_000, 30, "libx264"));
    ProcessLimits limits = new ProcessLimits(0, 0, 0, threads);

    for (Encoding encoding : encodings) {
      RecordingSink out = new RecordingSink();
      try (Encoder encoder =
          new Encoder(ffmpeg, "test", encoding, input.get(0).track(), 0, limits, () -> 0, out)) {
        writeAll(encoder);
        await(encoding.toString()).atMost(LIMIT).until(() -> out.packets.size() >= PICTURES - 1);
      }
    }
  }

  @Test
  void picturesBeforeThePresentDoNotComeOut() throws IOException {
    long from = input.get(10).ptsMicros();

    try (Encoder encoder = encoder(JPEG, from, sink)) {
      writeAll(encoder);
      await().atMost(LIMIT).until(() -> sink.packets.size() >= PICTURES - 11);
    }

    assertThat(sink.packets.get(0).ptsMicros()).isEqualTo(from);
  }

  @Test
  void encoderThatCannotBeginSaysWhy() throws IOException {
    Encoding unknown = new Encoding.H264(new Size(32, 32), 100_000, 25, "nonesuch");

    try (Encoder encoder = encoder(unknown, 0, sink)) {
      assertThatThrownBy(() -> writeUntilItFails(encoder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nonesuch");
    }
  }

  @Test
  void hardwareEncoderKeepsTimesAndIsGivenUpWhenItFails() throws Exception {
    Path standIn = Path.of("src/test/programs/ffmpeg-with-webcam").toAbsolutePath();
    Encoding hardware = new Encoding.H264(new Size(32, 32), 100_000, 12, "h264_v4l2m2m");

    try (Ffmpeg tried = new Ffmpeg(standIn, Optional.empty(), Ffmpeg.Hardware.TRIED)) {
      await().atMost(LIMIT).until(() -> tried.h264Encoder().equals("h264_v4l2m2m"));
      try (Encoder encoder =
          new Encoder(tried, "test", hardware, input.get(0).track(), 0, () -> 0, sink)) {
        writeAll(encoder);
        await().atMost(LIMIT).until(() -> sink.packets.size() >= PICTURES - 1);
        assertThat(sink.packets.get(1).ptsMicros()).isEqualTo(input.get(1).ptsMicros());

        List<ProcessHandle> running =
            ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("pipe:0"))
                .toList();
        running.forEach(ProcessHandle::destroyForcibly);

        await().atMost(LIMIT).until(() -> tried.h264Encoder().equals("libx264"));
      }
    }
  }

  @Test
  void encoderEndsWhenItsReaderBreaks() throws IOException {
    Sink<Packet> breaking =
        new Sink<>() {
          @Override
          public void begin(Run run) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void accept(Packet packet) {
            sink.accept(packet);
          }
        };

    try (Encoder encoder = encoder(JPEG, 0, breaking)) {
      assertThatThrownBy(() -> writeUntilItFails(encoder)).isInstanceOf(IOException.class);
    }

    assertThat(sink.packets).isEmpty();
  }

  @Test
  void closeEndsTheProcess() throws IOException {
    Encoder encoder = encoder(JPEG, 0, sink);
    List<ProcessHandle> running = ProcessHandle.current().children().toList();

    encoder.close();
    encoder.close(); // again, without effect

    assertThat(running).isNotEmpty().noneMatch(ProcessHandle::isAlive);
  }

  private static Encoder encoder(Encoding encoding, long fromMicros, Sink<Packet> to)
      throws IOException {
    return new Encoder(
        ffmpeg, "test/encoder", encoding, input.get(0).track(), fromMicros, () -> 0, to);
  }

  private static void writeAll(Encoder encoder) throws IOException {
    for (Packet packet : input) {
      encoder.write(packet);
    }
  }

  private static void writeUntilItFails(Encoder encoder) throws IOException {
    for (long round = 0; true; round++) {
      for (Packet packet : input) {
        encoder.write(packet.shiftedBy(round * 10_000_000));
      }
    }
  }
}
