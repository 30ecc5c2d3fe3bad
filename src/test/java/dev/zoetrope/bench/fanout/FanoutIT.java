package dev.zoetrope.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.bench.fanout.FanoutOptions.Door;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams stay whole by either door while viewers come and go, stall and crawl, and the source dies
 * and returns; and when all have left, nothing of them is left.
 */
class FanoutIT {
  private static final Duration WINDOW = Duration.ofSeconds(4);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int VIEWERS = 150;
  private static final int JOINS = 100; // a second
  private static final int JOINS_BY_TLS = 25; // a handshake takes milliseconds of the processor

  /** The container's pool alone has 64 threads; a leak would leave one of each of 500 viewers. */
  private static final int THREADS_SLACK = 100;

  private static final int FILES_SLACK = 10;

  @TempDir static Path clips;

  private record Footprint(int files, int threads) {
    static Footprint of(ProcessHandle process) throws IOException {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      try (Stream<Path> files = Files.list(proc.resolve("fd"));
          Stream<Path> threads = Files.list(proc.resolve("task"))) {
        return new Footprint((int) files.count(), (int) threads.count());
      }
    }
  }

  @ParameterizedTest(name = "{0} by the {1} door, {2}")
  @CsvSource({
    "MJPEG, FAST, http",
    "GIF, FAST, http",
    "MPEG1, FAST, http",
    "FMP4, FAST, http",
    "FMP4, FAST, https",
    "MJPEG, PORTABLE, http",
    "FMP4, PORTABLE, http",
  })
  void streamsStayWholeAndNothingIsLeftOfThem(Way way, Door door, String scheme) throws Exception {
    Process script = new ProcessBuilder("src/test/clips/fanout", clips.toString()).start();
    assertThat(script.waitFor()).isZero();
    try (Contender server = Contender.server(door, scheme.equals("https"), way, clips)) {
      load(server, way, 20, 0, Duration.ofMillis(200));
      Footprint before = Footprint.of(server.process());

      CompletableFuture<Void> murder =
          CompletableFuture.runAsync(
              () -> server.process().descendants().forEach(ProcessHandle::destroyForcibly),
              CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS));
      int joins = server.tls() ? JOINS_BY_TLS : JOINS;
      LoadReport report = load(server, way, VIEWERS, joins, WINDOW);
      murder.join();

      assertThat(report.errors()).isEmpty();
      assertThat(report.viewers()).isGreaterThanOrEqualTo(VIEWERS - 2 * VIEWERS / 10);
      assertThat(report.frames()).isGreaterThan(report.viewers() * 10L);
      assertThat(server.log().get()).doesNotContain(" error ", "Exception");
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                Footprint after = Footprint.of(server.process());
                assertThat(after.files()).isLessThan(before.files() + FILES_SLACK);
                assertThat(after.threads()).isLessThan(before.threads() + THREADS_SLACK);
                assertThat(viewersInHeap(server.process())).isZero();
              });
    }
  }

  private static LoadReport load(Contender server, Way way, int viewers, int joins, Duration window)
      throws Exception {
    Load load =
        new Load(
            server.port(),
            server.tls(),
            server.path(),
            way,
            viewers,
            joins == 0 ? 0 : 0.1,
            joins == 0 || server.tls() ? 0 : 0.1, // it cannot read less than a record
            20_000,
            joins,
            1,
            1000,
            Duration.ofSeconds(1),
            window);
    return LoadClient.run(load, server.process());
  }

  /** After a full collection. */
  private static int viewersInHeap(ProcessHandle process) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process histogram =
        new ProcessBuilder(jcmd.toString(), "" + process.pid(), "GC.class_histogram").start();
    String all = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(all).contains("dev.zoetrope.feed.Feed"); // it is one
    return all.lines()
        .filter(line -> line.strip().endsWith(" dev.zoetrope.feed.Viewer"))
        .mapToInt(line -> Integer.parseInt(line.strip().split("\\s+", -1)[1]))
        .sum();
  }
}
