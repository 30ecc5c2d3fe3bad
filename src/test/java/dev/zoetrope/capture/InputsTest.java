package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.EncoderTrial.Outcome;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.PiCamera;
import dev.zoetrope.media.Source.SrtPublish;
import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of source by real processes; cameras by programs that stand in for them. */
@Timeout(60)
class InputsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path STAND_INS = Path.of("src/test/programs").toAbsolutePath();

  private final RecordingSink sink = new RecordingSink();
  private final Path real = Ffmpeg.find(System.getenv("PATH")).orElseThrow();
  private Ffmpeg ffmpeg;
  private volatile IOException end;

  @TempDir Path temporary;

  @BeforeEach
  void startFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(real);
  }

  @AfterEach
  void closeFfmpeg() {
    ffmpeg.close();
  }

  @Test
  void playlistIsPlayedOnceInRealTimeAndEnds() throws Exception {
    Path first = clip("1.mp4");
    Path broken = Files.write(temporary.toRealPath().resolve("2.mp4"), new byte[1000]);
    Path last = clip("3.mp4");
    long start = System.nanoTime();

    read(new MediaFiles(List.of(first, broken, last), false));
    await().atMost(LIMIT).until(() -> end != null);

    assertThat(end).isInstanceOf(SourceEndedException.class);
    assertThat(sink.packets).hasSize(20);
    assertThat(sink.runs).hasSize(2);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1700));
  }

  @Test
  void playlistOfBrokenFilesFails() throws Exception {
    Path broken = Files.write(temporary.toRealPath().resolve("a.mp4"), new byte[1000]);

    read(new MediaFiles(List.of(broken, broken), true));
    await().atMost(LIMIT).until(() -> end != null);

    assertThat(end).isNotInstanceOf(SourceEndedException.class).hasMessageContaining("a.mp4");
  }

  @Test
  void playlistLoopsUntilItIsClosed() throws Exception {
    Path clip = clip("1.mp4");

    Input input = read(new MediaFiles(List.of(clip, clip), true));
    await().atMost(LIMIT).until(() -> sink.runs.size() >= 4);
    input.close();

    await().atMost(LIMIT).until(() -> children().isEmpty());
  }

  @Test
  void piCameraIsCopied() throws Exception {
    Input input = read(new PiCamera(0, 320, 240, 20, 500_000, 180, true, false, 1));
    await().atMost(LIMIT).until(() -> sink.packets.size() > 25);
    input.close();

    assertThat(sink.runs.get(0).tracks().get(0).codec()).isEqualTo(Codec.H264);
    assertThat(sink.packets.stream().filter(Packet::isKeyframe).count()).isGreaterThan(1);
    assertThat(sink.packets).extracting(Packet::ptsMicros).isSorted();
  }

  @Test
  void piCameraThatRefusesSaysWhy() throws Exception {
    read(new PiCamera(0, 320, 240, 20, 500_000, 90, false, false, 1));
    await().atMost(LIMIT).until(() -> end != null);

    assertThat(end).hasMessageContaining("transpose not supported");
  }

  @Test
  void piCamerasAndFormsOfWebcamsAreFound() throws Exception {
    replaceFfmpeg(Ffmpeg.Hardware.OFF);
    Path root = temporary.toRealPath();
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/video0"));
    Files.createDirectories(root.resolve("sys/class/video4linux/video0"));
    Files.writeString(root.resolve("sys/class/video4linux/video0/name"), "HD Webcam\n");
    Files.createDirectories(root.resolve("tmp/.X11-unix"));
    Files.createFile(root.resolve("tmp/.X11-unix/X7"));
    Devices devices = new Devices(ffmpeg, root, STAND_INS.toString());

    VideoDevice webcam = devices.webcams().get(0);

    assertThat(webcam.name()).isEqualTo("HD Webcam");
    assertThat(webcam.forms())
        .containsExactly(
            new VideoDevice.Form("yuyv422", false, List.of("640x480")),
            new VideoDevice.Form("mjpeg", true, List.of("640x480", "1280x720")));
    assertThat(devices.piCameras())
        .containsExactly(new Devices.FoundPiCamera(0, "imx708", "4608x2592"));
    assertThat(devices.displays()).containsExactly(":7");
  }

  @Test
  void webcamIsCopiedInTheBestFormItHas() throws Exception {
    replaceFfmpeg(Ffmpeg.Hardware.OFF);

    Input input = read(new Webcam(Path.of("/dev/video0"), 640, 480, 10, Webcam.Pixels.AUTO));
    await().atMost(LIMIT).until(() -> sink.packets.size() > 5);
    input.close();

    assertThat(sink.runs.get(0).tracks().get(0).codec()).isEqualTo(Codec.MJPEG);
  }

  @Test
  void rawPicturesOfAWebcamBecomeJpeg() throws Exception {
    replaceFfmpeg(Ffmpeg.Hardware.OFF);

    Input input = read(new Webcam(Path.of("/dev/video0"), 640, 480, 10, Webcam.Pixels.RAW));
    await().atMost(LIMIT).until(() -> sink.packets.size() > 5);
    input.close();

    assertThat(sink.runs.get(0).tracks().get(0).codec()).isEqualTo(Codec.MJPEG);
  }

  @Test
  void hardwareEncoderThatWorksIsUsedUntilItFails() throws Exception {
    replaceFfmpeg(Ffmpeg.Hardware.TRIED);
    await().atMost(LIMIT).until(() -> ffmpeg.h264Encoder().equals("h264_v4l2m2m"));

    ffmpeg.hardwareFailed("h264_v4l2m2m", "on purpose");

    assertThat(ffmpeg.h264Encoder()).isEqualTo(ffmpeg.softwareH264Encoder());
    assertThat(ffmpeg.encoders())
        .contains(new EncoderTrial("h264_v4l2m2m", Outcome.GIVEN_UP, "on purpose"));
  }

  @Test
  void srtCallerWithThePassphraseIsLetInAndMayComeAgain() throws Exception {
    int port = freePort();
    Source source = new SrtPublish(port, Optional.of(new Secret("correct-horse")));

    for (int time = 1; time <= 2; time++) {
      sink.packets.clear();
      end = null;
      try (Input input = read(source)) {
        assertThat(input.mayWait()).isTrue();
        Process wrong = caller(port, "wrong-battery");
        assertThat(wrong.waitFor()).isNotZero();
        assertThat(sink.packets).isEmpty();
        Process right = caller(port, "correct-horse");
        await().atMost(LIMIT).until(() -> sink.packets.size() > 5);
        right.destroy();
        await().atMost(LIMIT).until(() -> end != null);
      }
    }
  }

  private Process caller(int port, String passphrase) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-nostdin", "-v", "quiet", "-re"));
    arguments.addAll(List.of("-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=20", "-g", "5"));
    arguments.addAll(List.of("-c:v", "libx264", "-f", "mpegts", "-passphrase", passphrase));
    arguments.add("srt://127.0.0.1:" + port);
    return ffmpeg.start(arguments);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  private void replaceFfmpeg(Ffmpeg.Hardware hardware) throws IOException {
    ffmpeg.close();
    ffmpeg = new Ffmpeg(STAND_INS.resolve("ffmpeg-with-webcam"), Optional.empty(), hardware);
  }

  private Input read(Source source) throws IOException {
    Input input =
        new Inputs(ffmpeg, STAND_INS.toString(), () -> 0)
            .open(new SourceId("test"), source, Handover.WHOLE, ProcessLimits.NONE);
    Ffmpeg.daemon(
            "reading",
            () -> {
              try {
                input.read(sink);
                end = new IOException("closed");
              } catch (IOException e) {
                end = e;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              input.close();
            })
        .start();
    return input;
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private Path clip(String name) throws Exception {
    Path clip = temporary.toRealPath().resolve(name);
    Process process =
        ffmpeg.start(
            List.of(
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", clip.toString()));
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    return clip;
  }
}
