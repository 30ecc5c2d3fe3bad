package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildrenTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String PATH = System.getenv("PATH");
  private static final Path SLEEP = Children.find(PATH, "sleep").orElseThrow();
  private static final Path SHELL = Children.find(PATH, "sh").orElseThrow();
  private static final Path PYTHON = Children.find(PATH, "python3").orElseThrow();

  @TempDir Path folder;
  private final Children children = new Children(PATH);

  /** Another JVM, which dies: it starts a process, without the kernel's guard, and tells its id. */
  static final class Crashing {
    public static void main(String[] args) throws Exception {
      Children children = new Children("", Optional.of(Path.of(args[0])));
      Process left = children.start(Path.of(args[1]), List.of("60"), ProcessLimits.NONE);
      Files.writeString(Path.of(args[2]), Long.toString(left.pid()) + "\n");
      left.waitFor();
    }

    private Crashing() {}
  }

  @AfterEach
  void close() {
    children.close();
  }

  @Test
  void whatACrashedServerLeftRunningIsKilledByTheNext() throws Exception {
    ProcessHandle left = leaveBehind();

    new Children(PATH, Optional.of(folder.resolve("children"))).close();

    await().atMost(LIMIT).until(() -> !left.isAlive());
    assertThat(records()).isEmpty();
  }

  @Test
  void processThatHasTheIdOfOneOnRecordIsSpared() throws Exception {
    ProcessHandle left = leaveBehind();
    Path record = folder.resolve("children").resolve(Long.toString(left.pid()));
    List<String> lines = Files.readAllLines(record);
    Files.write(record, Stream.concat(Stream.of("1 other"), lines.stream().skip(1)).toList());

    new Children(PATH, Optional.of(folder.resolve("children"))).close();

    assertThat(left.isAlive()).isTrue();
    assertThat(records()).isEmpty();
    left.destroyForcibly();
  }

  @Test
  void otherProgramIsSpared() throws Exception {
    ProcessHandle left = leaveBehind();
    Path record = folder.resolve("children").resolve(Long.toString(left.pid()));
    String text = Files.readString(record);
    Files.writeString(record, text.replace(SLEEP.toString(), "/usr/bin/ffmpeg"));

    new Children(PATH, Optional.of(folder.resolve("children"))).close();

    assertThat(left.isAlive()).isTrue();
    left.destroyForcibly();
  }

  @Test
  void childrenOfALivingServerAreSparedAndLeaveTheRecordWhenTheyEnd() throws Exception {
    try (Children living = new Children(PATH, Optional.of(folder.resolve("children")))) {
      Process child = living.start(SLEEP, List.of("60"), ProcessLimits.NONE);

      new Children(PATH, Optional.of(folder.resolve("children"))).close();

      assertThat(child.isAlive()).isTrue();
      child.destroy();
      await().atMost(LIMIT).until(() -> records().isEmpty());
    }
  }

  @Test
  void processThatTakesTooMuchMemoryIsKilledAndSaysSo() throws Exception {
    ProcessLimits limits = new ProcessLimits(0, 0, ProcessLimits.LEAST_MEMORY_BYTES);
    String script = "import time; held = bytearray(60 << 20); time.sleep(60)";

    try (ChildProcess child =
        new ChildProcess(children, PYTHON, List.of("-c", script), "test", limits)) {
      await().atMost(LIMIT).until(() -> !child.isAlive());

      assertThat(child.lastWords().orElseThrow())
          .matches("killed: python3 took \\d+ MiB of memory, its limit is 16 MiB");
    }
  }

  @Test
  void processThatTakesTooMuchTimeIsKilledAndSaysSo() throws Exception {
    ProcessLimits limits = new ProcessLimits(10, 5, 0);

    try (ChildProcess child =
        new ChildProcess(children, SHELL, List.of("-c", "while :; do :; done"), "test", limits)) {
      await().atMost(LIMIT).until(() -> !child.isAlive());

      assertThat(child.lastWords().orElseThrow())
          .matches("killed: sh took \\d+ % of a core over 10 s, its limit is 5 %");
    }
  }

  @Test
  void niceLevelIsAdded() throws Exception {
    ProcessLimits limits = new ProcessLimits(7, 0, 0);

    Process child = children.start(Children.find(PATH, "nice").orElseThrow(), List.of(), limits);

    String level = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(level.strip()).isEqualTo("7");
  }

  @Test
  void processThatIgnoresSigtermIsKilledAfterTwoSecondsWhenTheServerStops() throws Exception {
    ChildProcess child =
        new ChildProcess(
            children,
            SHELL,
            List.of("-c", "trap '' TERM; echo ready; while :; do sleep 1; done"),
            "test",
            ProcessLimits.NONE);
    assertThat(child.stdout().read()).isEqualTo('r'); // the trap is set
    long start = System.nanoTime();

    children.hurry();
    child.close();

    assertThat(child.isAlive()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1900), Duration.ofMillis(4000));
  }

  @Test
  void threadsOfTheJdkThatWaitForProcessesKeepNoApplicationAlive() throws Exception {
    Thread.currentThread().setContextClassLoader(new ApplicationLoader());

    try (Children ofApplication = new Children(PATH, Optional.of(folder.resolve("children")))) {
      for (int i = 0; i < 20; i++) { // more than there are idle ones left by other tests
        ofApplication.start(SLEEP, List.of("60"), ProcessLimits.NONE);
      }

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("process reaper"))
          .isNotEmpty()
          .noneMatch(thread -> thread.getContextClassLoader() instanceof ApplicationLoader);
    } finally {
      Thread.currentThread().setContextClassLoader(ChildrenTest.class.getClassLoader());
    }
  }

  private static final class ApplicationLoader extends ClassLoader {}

  private ProcessHandle leaveBehind() throws Exception {
    Path told = folder.resolve("told");
    String java = ProcessHandle.current().info().command().orElseThrow();
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process server =
        new ProcessBuilder(
                List.of(
                    java,
                    "-cp",
                    classes,
                    Crashing.class.getName(),
                    folder.resolve("children").toString(),
                    SLEEP.toString(),
                    told.toString()))
            .inheritIO()
            .start();
    await().atMost(LIMIT).until(() -> Files.exists(told) && Files.readString(told).endsWith("\n"));
    server.destroyForcibly().waitFor();
    ProcessHandle left =
        ProcessHandle.of(Long.parseLong(Files.readString(told).strip())).orElseThrow();
    assertThat(left.isAlive()).isTrue();
    return left;
  }

  private List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("children"))) {
      return files.toList();
    }
  }
}
