package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Each kind of source plays, moving, in all four formats. Cameras are programs that behave as the
 * real ones do; the screen is a virtual one.
 */
@Timeout(60)
@Execution(CONCURRENT)
class KindsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path STAND_INS = Path.of("src/test/programs").toAbsolutePath();
  private static final String SMALL = "testsrc2=size=320x180:rate=15";

  @TempDir private static Path folder;

  private static final int display = freeDisplay();
  private static int rtmpPort;
  private static int srtPort;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    rtmpPort = FreePort.find();
    srtPort = FreePort.find();
    TestHome home = new TestHome(folder.resolve("home"));
    home.settings(
        "rtmpPort: " + rtmpPort,
        "ffmpeg: " + STAND_INS.resolve("ffmpeg-with-webcam"),
        "hardware: off");
    home.secrets("door: correct-horse", "call: correct-horse-battery");
    home.source("rtmp", "kind: rtmp-publish", "key: door", "linger: 0s");
    home.source(
        "srt",
        "kind: srt-publish",
        "port: " + srtPort,
        "passphrase: call",
        "keepRunning: true"); // the caller comes before the viewers
    home.media("h264-aac.ts", "once.mp4");
    home.source("playlist", "kind: file", "paths: [h264-aac.ts, h264-aac.ts]", "linger: 0s");
    Files.createDirectory(home.folder().resolve("media/graphs"));
    home.source("graphs", "kind: folder", "path: graphs", "mode: watch", "linger: 0s");
    String[] small = {"width: 320", "height: 240", "fps: 15", "linger: 0s"};
    home.source("webcam", "kind: webcam", "fps: 10", "linger: 0s");
    home.source("pi", with(small, "kind: pi-camera", "keyframeSeconds: 1"));
    home.source("screen", with(small, "kind: screen", "display: \":" + display + "\""));
    String path = STAND_INS + ":" + System.getenv("PATH");
    server = TestServer.at(home.folder(), Map.of("PATH", path));
    assertThat(server.log()).doesNotContain("expected");
  }

  private static String[] with(String[] some, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.addAll(List.of(some));
    return all.toArray(String[]::new);
  }

  private static int freeDisplay() {
    int number = 100;
    while (Files.exists(socket(number))) {
      number++;
    }
    return number;
  }

  private static Path socket(int display) {
    return Path.of("/tmp/.X11-unix/X" + display);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void rtmpPublisherPlaysInAllFormats() throws Exception {
    try (Program publisher = Broadcast.rtmp(rtmpPort, "rtmp?key=correct-horse")) {
      assertThat(play("rtmp")).isGreaterThan(20);

      assertThat(publisher.isAlive()).isTrue();
    }
  }

  @Test
  void srtCallerPlaysInAllFormats() throws Exception {
    SourceList.awaitState(server, "srt", "waiting");
    try (Program caller = Broadcast.srt(srtPort, "correct-horse-battery")) {
      SourceList.awaitState(server, "srt", "live");

      assertThat(play("srt")).isGreaterThan(20);

      assertThat(caller.isAlive()).isTrue();
    }
  }

  @Test
  void playlistPlaysInAllFormats() throws Exception {
    assertThat(play("playlist")).isGreaterThan(20);
  }

  @Test
  void watchedFolderPlaysInAllFormats() throws Exception {
    String pictures = server.home().resolve("media/graphs/%04d.jpg").toString();
    try (Program drawing =
        Program.start(
            "ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", SMALL, pictures)) {
      play("graphs");

      assertThat(drawing.isAlive()).isTrue();
    }
  }

  @Test
  void webcamPlaysInAllFormats() throws Exception {
    play("webcam");
  }

  @Test
  void piCameraPlaysInAllFormats() throws Exception {
    play("pi");
  }

  @Test
  void screenPlaysInAllFormats() throws Exception {
    try (Program screen =
        Program.start("Xvfb", ":" + display, "-screen", "0", "320x240x24", "-nolisten", "tcp")) {
      Awaitility.await("the screen").atMost(LIMIT).until(() -> Files.exists(socket(display)));
      try (Program window = showing(SMALL)) {
        play("screen");

        assertThat(window.isAlive()).isTrue();
        assertThat(screen.isAlive()).isTrue();
      }
    }
  }

  /** A window on the screen. */
  private static Program showing(String pattern) throws IOException {
    return Program.start(
        "env",
        "DISPLAY=:" + display,
        "SDL_AUDIODRIVER=dummy",
        "ffplay",
        "-v",
        "error",
        "-nostats",
        "-f",
        "lavfi",
        "-i",
        pattern);
  }

  /**
   * Watches the source in all formats until each has shown that it moves.
   *
   * @return how many different frames of sound there were
   */
  private static int play(String id) throws Exception {
    try (LiveStream first = LiveStream.open(server.uri("live/" + id + ".mjpeg"))) {
      SourceList.awaitState(server, id, "live");
      int sounds = playToAll(id);
      assertThat(first.hasEnded()).isFalse();
      return sounds;
    }
  }

  private static int playToAll(String id) throws Exception {
    try (Crowd crowd = Crowd.of(server, id, 1)) {
      crowd.awaitMore("pictures", 20);

      assertThat(SourceList.state(server, id)).isEqualTo("live");
      byte[] gif = crowd.streams().get(0).bytes();
      List<byte[]> mjpeg = MultipartCut.parts(crowd.streams().get(1).bytes());
      Seen mpeg1 = Seen.of("mpegts", crowd.streams().get(2).bytes());
      Seen fmp4 = Seen.of("mp4", newestRun(crowd.sockets().get(1)));
      assertThat(Seen.of("gif", GifCut.whole(gif)).distinctPictures()).as("GIF").isGreaterThan(10);
      assertThat(mjpeg.stream().map(Arrays::hashCode).distinct().count())
          .as("MJPEG")
          .isGreaterThan(10);
      assertThat(mpeg1.distinctPictures()).as("MPEG-1").isGreaterThan(10);
      assertThat(fmp4.videoCodec()).isEqualTo("h264");
      assertThat(fmp4.distinctPictures()).as("fMP4").isGreaterThan(10);
      crowd.isComplete();
      return Math.min(mpeg1.distinctSounds(), fmp4.distinctSounds());
    }
  }

  /** What came since the last text, which announces another init segment. */
  private static byte[] newestRun(LiveSocket socket) {
    List<LiveSocket.Message> messages = socket.messages();
    int from = messages.size();
    while (from > 0 && messages.get(from - 1).text().isEmpty()) {
      from--;
    }
    return socket.bytes(from);
  }
}
