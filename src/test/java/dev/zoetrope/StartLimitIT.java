package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Captures that start all at once, do not start, do not end, or take too much. */
@Timeout(150)
class StartLimitIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path SLOW = Path.of("src/test/programs/slow-ffmpeg").toAbsolutePath();
  private static final int SOURCES = 20;
  private static final int MOST_STARTS = 4;

  @TempDir private Path folder;

  /** What the stand-in wrote down. */
  private record Start(String word, long pid, long nanos) {
    static Start parse(String line) {
      String[] words = line.split(" ", -1);
      return new Start(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
  }

  private List<Start> starts(String word) throws IOException {
    Path file = folder.resolve("starts");
    return Files.notExists(file)
        ? List.of()
        : Files.readAllLines(file).stream()
            .map(Start::parse)
            .filter(start -> word.isEmpty() || start.word.equals(word))
            .toList();
  }

  private TestServer start(TestHome home) throws IOException {
    home.settings(
        "rtmpPort: 0", "hardware: off", "ffmpeg: " + SLOW, "limits: {starts: " + MOST_STARTS + "}");
    return TestServer.at(home.folder(), Map.of("STARTS", folder.resolve("starts").toString()));
  }

  @Test
  void twentySourcesStartFourAtATime() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < SOURCES; i++) {
      ids.add("s" + i);
      home.source(
          "s" + i,
          "kind: test-pattern",
          "width: 64",
          "height: 36",
          "fps: 5",
          "keepRunning: true",
          "startTimeout: 2m");
    }
    try (TestServer server = start(home)) {
      Awaitility.await("all live")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(500)) // twenty questions each
          .until(() -> ids.stream().allMatch(id -> isLive(server, id)));

      assertThat(starts("started")).hasSize(SOURCES); // each at its first attempt
      assertThat(mostAtATime()).isBetween(2, MOST_STARTS);
    }
  }

  private static boolean isLive(TestServer server, String id) {
    try {
      return SourceList.state(server, id).equals("live");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** How many stand-ins were between their start and the real program's at the same time. */
  private int mostAtATime() throws IOException {
    List<Start> all = starts("").stream().sorted(Comparator.comparingLong(Start::nanos)).toList();
    int now = 0;
    int most = 0;
    for (Start start : all) {
      now += start.word.equals("started") ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  }

  @Test
  @Execution(CONCURRENT)
  void captureThatGivesNothingIsGivenUpAndTriedAgain() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source(
        "silent", "kind: url", "url: http://127.0.0.1:1/silent", "startTimeout: 1s", "linger: 0s");
    try (TestServer server = start(home);
        Crowd crowd = Crowd.of(server, "silent", 1)) {
      JsonObject source = SourceList.awaitCause(server, "silent", "no picture within 1 s");
      awaitStarts("silent", 3);

      assertThat(source.getString("advice")).contains("startTimeout");
      assertThat(isAlive(starts("silent").get(0))).isFalse();
      crowd.awaitMore("the card", 2);
      crowd.isComplete();
    }
  }

  @Test
  void captureThatDoesNotEndIsKilledAndTriedAgain() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source(
        "deaf", "kind: url", "url: http://127.0.0.1:1/deaf", "startTimeout: 1s", "linger: 0s");
    try (TestServer server = start(home);
        Crowd crowd = Crowd.of(server, "deaf", 1)) {
      awaitStarts("deaf", 2);

      List<Start> starts = starts("deaf");
      assertThat(isAlive(starts.get(0))).isFalse();
      assertThat(Duration.ofNanos(starts.get(1).nanos - starts.get(0).nanos))
          .as("start timeout, and the time between SIGTERM and SIGKILL")
          .isGreaterThan(Duration.ofSeconds(2));
      crowd.awaitMore("the card", 2);
      crowd.isComplete();
      assertThat(server.stop()).isLessThan(Duration.ofSeconds(4)); // with a deaf one running
    }
  }

  @Test
  @Execution(CONCURRENT)
  void captureThatTakesTooMuchMemoryIsKilledWithATrueCause() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source(
        "greedy",
        "kind: test-pattern",
        "width: 1280",
        "height: 720",
        "process: {memory: 16m}",
        "linger: 0s");
    try (TestServer server = start(home);
        LiveStream viewer = LiveStream.open(server.uri("live/greedy.mjpeg"))) {
      JsonObject source = SourceList.awaitCause(server, "greedy", "its limit is 16 MiB");

      assertThat(source.getString("cause")).matches("killed: \\S+ took \\d+ MiB of memory.*");
      assertThat(source.getString("advice")).contains("Raise the limit under process:");
      assertThat(source.getString("state")).isIn("waiting", "failed", "starting"); // again
      assertThat(isAlive(starts("started").get(0))).isFalse();
      assertThat(viewer.hasEnded()).isFalse();
    }
  }

  private void awaitStarts(String word, int count) {
    Awaitility.await(count + " starts of " + word)
        .atMost(LIMIT)
        .until(() -> starts(word).size() >= count);
  }

  private static boolean isAlive(Start start) {
    return ProcessHandle.of(start.pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
