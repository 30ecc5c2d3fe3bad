package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.ManySocket.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How old what arrives is, on links that carry half of it: docs/PROTOCOL.md, 2.4. By the fast door
 * and by the container's.
 */
class AgeIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long SECOND = 1_000_000; // in microseconds
  private static final long SETTLED = 3 * SECOND;
  private static final long WATCHED = 20 * SECOND;

  /** Beyond the bound itself. */
  private static final long BEYOND = SECOND / 2;

  @TempDir private Path folder;

  /** One subscription on a socket of its own. */
  private static final class Viewer implements AutoCloseable {
    private final ManySocket socket;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private long told;

    Viewer(URI uri, String format) throws IOException {
      socket = ManySocket.open(uri);
      socket.subscribe(1, "moving", ",'format':'" + format + "'");
    }

    /** From now on it tells what it has got, as clients do: each 100 ms. */
    Viewer acknowledging() {
      var unused = worker.scheduleAtFixedRate(this::acknowledge, 20, 100, TimeUnit.MILLISECONDS);
      return this;
    }

    private void acknowledge() {
      List<Frame> frames = socket.frames(1);
      long newest = frames.isEmpty() ? 0 : frames.get(frames.size() - 1).sequence();
      if (newest != told) {
        told = newest;
        try {
          socket.acknowledge(1, newest);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    List<Frame> fragments() {
      return socket.frames(1).stream().filter(Frame::isFragment).toList();
    }

    /** For how long it has been watching. */
    long span() {
      List<Frame> fragments = fragments();
      return fragments.isEmpty()
          ? 0
          : fragments.get(fragments.size() - 1).arrivedMicros() - fragments.get(0).arrivedMicros();
    }

    /** Those after it has settled. */
    List<Frame> settled() {
      List<Frame> fragments = fragments();
      long from = fragments.get(0).arrivedMicros() + SETTLED;
      return fragments.stream().filter(frame -> frame.arrivedMicros() > from).toList();
    }

    long oldest() {
      return settled().stream().mapToLong(Frame::ageMicros).max().orElseThrow();
    }

    long count(int flag) {
      return fragments().stream().filter(frame -> frame.has(flag)).count();
    }

    int bytesPerSecond() {
      long bytes = fragments().stream().mapToLong(frame -> frame.payload().size()).sum();
      return (int) (bytes * SECOND / span());
    }

    String figures() {
      return String.format(
          "oldest %d ms, %d shown, %d starts, longest gap %d ms",
          oldest() / 1000,
          settled().size(),
          count(ManySocket.START),
          longest(settled(), Frame::arrivedMicros) / 1000);
    }

    /** Between two that come one after the other, the longest. */
    static long longest(List<Frame> frames, ToLongFunction<Frame> time) {
      long longest = 0;
      for (int i = 1; i < frames.size(); i++) {
        long distance = time.applyAsLong(frames.get(i)) - time.applyAsLong(frames.get(i - 1));
        longest = Math.max(longest, distance);
      }
      return longest;
    }

    @Override
    public void close() {
      worker.shutdownNow();
      socket.close();
    }
  }

  private TestServer start(String fastDoor) throws IOException {
    TestHome home =
        new TestHome(folder)
            .source(
                "moving",
                "kind: test-pattern",
                "width: 640",
                "height: 360",
                "fps: 25",
                "keepRunning: true",
                "renditions:",
                "  fmp4: {bitrate: 2M}",
                "  mjpeg: {quality: 20}")
            .settings("hardware: off");
    return TestServer.at(home.folder(), List.of("-Dzoetrope.fastDoor=" + fastDoor));
  }

  /** Once there is more to see than the card. */
  private static Viewer first(TestServer server, String format) throws IOException {
    SourceList.awaitState(server, "moving", "live");
    return new Viewer(server.uri("live"), format);
  }

  @ParameterizedTest(name = "{0}, fastDoor={1}")
  @Execution(CONCURRENT) // they watch for long, each a server of its own
  @CsvSource({"fmp4, auto", "fmp4, off", "mjpeg, auto"})
  void pictureOnALinkOfHalfTheBitrateStaysYoungAndOthersLoseNothing(
      String format, String fastDoor, TestReporter reporter) throws Exception {
    try (TestServer server = start(fastDoor);
        Viewer free = first(server, format).acknowledging()) {
      await().atMost(LIMIT).until(() -> free.span() > 4 * SECOND);
      int half = free.bytesPerSecond() / 2;
      try (SlowLink link = new SlowLink(server.uri(), half);
          SlowLink other = new SlowLink(server.uri(), half);
          Viewer slow = new Viewer(link.uri("live"), format).acknowledging();
          Viewer silent = new Viewer(other.uri("live"), format)) {

        await().atMost(LIMIT).until(() -> slow.span() > WATCHED && silent.span() > WATCHED);

        List<Frame> all = free.fragments();
        List<Frame> keys = all.stream().filter(frame -> frame.has(ManySocket.KEY)).toList();
        long bound = Math.max(SECOND, Viewer.longest(keys, Frame::captureMicros));
        String figures =
            String.format(
                "half %d B/s, bound %d ms; slow %s; silent %s; free %s",
                half, bound / 1000, slow.figures(), silent.figures(), free.figures());
        reporter.publishEntry(format + ", fastDoor " + fastDoor, figures);
        assertThat(slow.oldest()).as(figures).isLessThan(bound + BEYOND);
        assertThat(slow.count(ManySocket.START)).as(figures).isGreaterThan(5);
        assertThat(silent.oldest()).as(figures).isGreaterThan(bound + BEYOND);
        List<Frame> settled = free.settled(); // it had before the others came
        assertThat(settled).as(figures).noneMatch(frame -> frame.has(ManySocket.START));
        assertThat(Viewer.longest(settled, Frame::captureMicros)).isLessThan(SECOND / 2);
      }
    }
  }
}
