package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.ProbeRefusedException.Reason;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProbesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<Rendition> FMP4 = List.of(Rendition.defaultOf(Format.FMP4));

  private Ffmpeg ffmpeg;
  private Probes probes;
  private ServerSocket silent; // takes connections, and says nothing

  @BeforeEach
  void start() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    probes = new Probes(ffmpeg, () -> System.currentTimeMillis() * 1000);
    silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    probes.close();
    silent.close();
    ffmpeg.close();
  }

  private CompletableFuture<Object> lookAtTheSilent() {
    Source source =
        new Source.Url(URI.create("rtsp://127.0.0.1:" + silent.getLocalPort() + "/camera"));
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return probes.look(TestWorkshop.task(source), FMP4);
          } catch (ProbeRefusedException e) {
            return e.reason();
          }
        },
        task -> new Thread(task).start());
  }

  private static long children() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> child.info().commandLine().orElse("").contains("ffmpeg"))
        .count();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("probe"))
        .toList();
  }

  /** Who reads what a process said ends a moment after it. */
  private static void awaitNoThreads() {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  @Test
  void sourceIsMeasuredAndNothingOfItRemains() throws Exception {
    Source pattern = new Source.TestPattern(320, 180, 25);

    ProbeResult.Seen seen = (ProbeResult.Seen) probes.look(TestWorkshop.task(pattern), FMP4);

    assertThat(seen.tracks().get(0).fps().getAsDouble()).isBetween(20.0, 30.0);
    assertThat(seen.picture()).isPresent();
    assertThat(children()).isZero();
    awaitNoThreads();
  }

  @Test
  void thirdIsRefusedAndTheStopEndsTheOthers() throws Exception {
    List<CompletableFuture<Object>> looks = new ArrayList<>();
    looks.add(lookAtTheSilent());
    looks.add(lookAtTheSilent());
    await().atMost(LIMIT).until(() -> children() == 2);

    ProbeRefusedException refused =
        catchThrowableOfType(
            ProbeRefusedException.class,
            () -> probes.look(TestWorkshop.task(new Source.TestPattern(320, 180, 25)), FMP4));
    assertThat(refused.reason()).isEqualTo(Reason.BUSY);

    ffmpeg.hurry();
    probes.close();

    for (CompletableFuture<Object> look : looks) {
      assertThat(look).succeedsWithin(LIMIT).isEqualTo(Reason.STOPPING);
    }
    assertThat(children()).isZero();
    awaitNoThreads();
    assertThatThrownBy(
            () -> probes.look(TestWorkshop.task(new Source.TestPattern(320, 180, 25)), FMP4))
        .isInstanceOf(ProbeRefusedException.class)
        .hasMessage("the server is stopping");
  }

  @Test
  void whatIsBroughtCannotBeLookedAt() {
    CaptureTask task = TestWorkshop.task(new Source.SrtPublish(9000, Optional.empty()));

    assertThatThrownBy(() -> probes.look(task, FMP4)).isInstanceOf(IllegalArgumentException.class);
  }
}
