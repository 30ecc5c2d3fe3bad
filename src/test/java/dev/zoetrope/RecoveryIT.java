package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Sources that fail in every way there is: the viewers stay, see a card, and the source again. */
@Execution(CONCURRENT)
class RecoveryIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  // The widths of patterns, by which their processes are told from each other.
  private static final int KILLED = 320;
  private static final int STOPPED = 336;
  private static final int STRICT = 352;

  @TempDir private static Path folder;

  private static final List<AutoCloseable> open = new ArrayList<>();
  private static TestHome home;
  private static TestServer server;
  private static FickleServer fickle;
  private static RtspServer rtsp;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    fickle = new FickleServer(LiveClips.folder().resolve("h264-aac.ts"));
    open.add(fickle);
    rtsp = RtspServer.start();
    open.add(rtsp);
    home.source("rtsp", "kind: url", "url: \"" + rtsp.uri("plain") + "\"", "linger: 0s");
    home.media("h264-aac.ts", "once.mp4");
    pattern("killed", KILLED);
    pattern("stopped", STOPPED);
    pattern("strict", STRICT);
    home.source("silent", "kind: url", "url: \"" + fickle.uri() + "\"", "linger: 0s");
    home.source("missing", "kind: file", "path: later.ts", "linger: 0s");
    home.source("broken", "kind: file", "path: tail.ts", "linger: 0s");
    home.source("once", "kind: file", "path: once.mp4", "loop: false", "linger: 0s");
    home.source("closed", "kind: url", "url: rtmp://127.0.0.1:1/live/x", "linger: 0s");
    server = TestServer.at(home.folder());
    open.add(server);
  }

  private static void pattern(String id, int width) throws Exception {
    home.source(
        id,
        "kind: test-pattern",
        "width: " + width,
        "height: 180",
        "linger: 0s",
        "stallTimeout: 5s");
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      Awaitility.await("no processes").atMost(LIMIT).until(() -> server.children().isEmpty());
    } finally {
      for (int i = open.size() - 1; i >= 0; i--) {
        open.get(i).close();
      }
    }
  }

  @Test
  void killedCaptureComesBackUnderItsViewers() throws Exception {
    try (Crowd crowd = Crowd.of(server, "killed", 50)) {
      ProcessHandle old = capture(KILLED);
      old.destroyForcibly();
      Awaitility.await("another process")
          .atMost(LIMIT)
          .ignoreException(NoSuchElementException.class)
          .until(() -> capture(KILLED).pid() != old.pid());
      SourceList.awaitState(server, "killed", "live");

      crowd.awaitMore("pictures again", 20);
      crowd.isComplete();
    }
  }

  @Test
  void stoppedCaptureIsSeenKilledAndReplaced() throws Exception {
    try (Crowd crowd = Crowd.of(server, "stopped", 2)) {
      long pid = capture(STOPPED).pid();
      Program.run("kill", "-STOP", Long.toString(pid));
      SourceList.awaitState(server, "stopped", "stalled");
      assertThat(SourceList.source(server, "stopped").getString("cause"))
          .contains("no picture for");
      crowd.awaitMore("the card", 2);
      SourceList.awaitState(server, "stopped", "live");

      crowd.awaitMore("pictures again", 20);
      crowd.isComplete();
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }
  }

  @Test
  void serverThatFallsSilentIsAskedAgain() throws Exception {
    try (Crowd crowd = Crowd.of(server, "silent", 1)) {
      fickle.fallSilent();
      SourceList.awaitState(server, "silent", "stalled");
      crowd.awaitMore("the card", 2);
      fickle.speak();
      SourceList.awaitState(server, "silent", "live");

      crowd.awaitMore("pictures again", 20);
      crowd.isComplete();
    }
  }

  @Test
  void rtspServerThatHangsIsAskedAgain() throws Exception {
    try (Crowd crowd = Crowd.of(server, "rtsp", 1)) {
      Program.run("kill", "-STOP", Long.toString(rtsp.pid()));
      SourceList.awaitState(server, "rtsp", "stalled");
      crowd.awaitMore("the card", 2);
      Program.run("kill", "-CONT", Long.toString(rtsp.pid()));
      SourceList.awaitState(server, "rtsp", "live");

      crowd.awaitMore("pictures again", 20);
      crowd.isComplete();
    }
  }

  @Test
  void whoComesBeforeThePictureSeesACardAndThenThePicture() throws Exception {
    try (Crowd crowd = Crowd.of(server, "missing", 1)) {
      SourceList.awaitState(server, "missing", "waiting");
      assertThat(SourceList.source(server, "missing").getString("cause"))
          .isEqualTo("its file or folder is not there");

      Path media = home.folder().resolve("media");
      Path draft = Files.copy(media.resolve("h264-aac.ts"), media.resolve("draft"));
      Files.move(draft, media.resolve("later.ts"), StandardCopyOption.ATOMIC_MOVE);
      SourceList.awaitState(server, "missing", "live");

      crowd.awaitMore("pictures", 20);
      crowd.isComplete();
    } finally {
      Files.deleteIfExists(home.folder().resolve("media/later.ts"));
    }
  }

  @Test
  void fileWithABrokenTailIsPlayedAsFarAsItGoes() throws Exception {
    byte[] whole = Files.readAllBytes(LiveClips.folder().resolve("h264-aac.ts"));
    byte[] broken = whole.clone();
    for (int i = whole.length * 2 / 3; i < whole.length; i++) {
      broken[i] = (byte) (i * 31);
    }
    Files.write(home.folder().resolve("media/tail.ts"), broken);

    try (Crowd crowd = Crowd.of(server, "broken", 1)) {
      crowd.awaitMore("two rounds", 120);
      crowd.isComplete();
    }
  }

  @Test
  void fileThatIsShownOnceEndsWithACard() throws Exception {
    try (Crowd crowd = Crowd.of(server, "once", 1)) {
      SourceList.awaitState(server, "once", "ended");
      crowd.awaitMore("the card", 2);
      crowd.isComplete();
    }
  }

  @Test
  void machinesGetErrorsInsteadOfCards() throws Exception {
    try (LiveStream ordinary = open("closed.mjpeg")) {
      SourceList.awaitState(server, "closed", "waiting");
      assertThat(ordinary.head().statusCode()).isEqualTo(200);

      try (LiveStream strict = open("closed.mjpeg?strict=1");
          LiveStream still = open("closed.jpg?strict=1");
          LiveSocket socket = LiveSocket.open(server.uri("live/closed/fmp4?strict=1"))) {
        assertThat(strict.head().statusCode()).isEqualTo(503);
        assertThat(still.head().statusCode()).isEqualTo(503);
        assertThat(socket.awaitClose().code()).isEqualTo(1013);
        strict.await("reason", bytes -> strict.hasEnded());
        assertThat(strict.text()).contains("closed is lost");
      }
      try (LiveStream card = open("closed.jpg")) {
        assertThat(card.head().statusCode()).isEqualTo(200);
        card.await("picture", bytes -> card.hasEndedWell());
      }
    }
  }

  @Test
  void machinesStreamEndsCleanlyWhenTheSourceIsLost() throws Exception {
    try (LiveStream mjpeg = open("strict.mjpeg?strict=1");
        LiveStream gif = open("strict.gif?strict=1");
        LiveStream ts = open("strict.ts?strict=1");
        LiveSocket fmp4 = LiveSocket.open(server.uri("live/strict/fmp4?strict=1"))) {
      mjpeg.awaitMore(30_000);
      gif.awaitMore(10_000);
      ts.awaitMore(30_000);
      fmp4.await("fragments", messages -> messages.size() > 10);

      capture(STRICT).destroyForcibly();

      for (LiveStream stream : List.of(mjpeg, gif, ts)) {
        Awaitility.await("end").atMost(LIMIT).until(stream::hasEndedWell);
      }
      assertThat(fmp4.awaitClose().code()).isEqualTo(1012);
    }
  }

  /** The process of the pattern of that width. */
  private static ProcessHandle capture(int width) {
    String pattern = "testsrc2=size=" + width + "x180:";
    return server.children().stream()
        .filter(process -> process.info().commandLine().orElse("").contains(pattern))
        .findFirst()
        .orElseThrow();
  }

  private static LiveStream open(String path) {
    return LiveStream.open(server.uri("live/" + path));
  }
}
