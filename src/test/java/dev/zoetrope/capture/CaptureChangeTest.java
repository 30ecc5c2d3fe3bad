package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.HttpPublish;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a capture does when it is to capture something else, with real processes. */
@Timeout(60)
class CaptureChangeTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final TestPattern SMALL = new TestPattern(64, 64, 10);
  private static final TestPattern LARGE = new TestPattern(128, 64, 10);

  private final RecordingSink sink = new RecordingSink();
  private final RecordingOwner owner = new RecordingOwner();
  private Ffmpeg ffmpeg;

  @BeforeEach
  void startFfmpeg() throws Exception {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterEach
  void closeFfmpeg() {
    ffmpeg.close();
    assertThat(children()).as("left behind").isEmpty();
  }

  private static CaptureTask task(Source source, Optional<PublishPoint> point) {
    CaptureSettings settings =
        new CaptureSettings(Duration.ofSeconds(3), Duration.ofSeconds(5), ProcessLimits.NONE);
    return new CaptureTask(new SourceId("test"), "Test", source, settings, point);
  }

  private static CaptureTask task(Source source) {
    return task(source, Optional.empty());
  }

  private Capture capture(Source source) {
    return new Capture(
        task(source),
        TestWorkshop.of(ffmpeg, () -> System.currentTimeMillis() * 1000),
        owner,
        sink);
  }

  private static Optional<Diagnosis> outcome(CompletableFuture<Optional<Diagnosis>> change) {
    return change.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private static void awaitState(Capture capture, CaptureState state) {
    await().atMost(LIMIT).until(() -> capture.stats().state() == state);
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private int newestWidth() {
    Packet newest = sink.packets.get(sink.packets.size() - 1);
    return newest.track().isVideo() ? newest.track().width() : -1;
  }

  @Test
  void newSourceFollowsTheOldOneOnOneClockWithoutAGap() {
    try (Capture capture = capture(SMALL)) {
      awaitState(capture, CaptureState.LIVE);
      List<ProcessHandle> before = children();

      assertThat(outcome(capture.replace(task(LARGE)))).isEmpty();

      assertThat(capture.stats().state()).isEqualTo(CaptureState.LIVE);
      await().atMost(LIMIT).until(() -> newestWidth() == 128);
      await().atMost(LIMIT).until(() -> before.stream().noneMatch(ProcessHandle::isAlive));
      List<Packet> pictures =
          sink.packets.stream().filter(packet -> packet.track().isVideo()).toList();
      assertThat(pictures).extracting(Packet::dtsMicros).isSorted();
      for (int i = 1; i < pictures.size(); i++) {
        long micros = pictures.get(i).dtsMicros() - pictures.get(i - 1).dtsMicros();
        assertThat(micros).isLessThan(1_000_000);
      }
      assertThat(owner.kinds()).contains(Incident.Kind.CHANGED);
      assertThat(owner.kinds()).doesNotContain(Incident.Kind.LOST, Incident.Kind.EXITED);
    }
  }

  @Test
  void sourceThatIsSilentIsGivenUpAndTheOldOneGoesOn() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Capture capture = capture(SMALL)) {
      awaitState(capture, CaptureState.LIVE);
      URI uri = URI.create("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/x");
      List<ProcessHandle> before = children();

      Diagnosis why = outcome(capture.replace(task(new Url(uri)))).orElseThrow();

      assertThat(why.cause()).isEqualTo(Diagnosis.Cause.NO_START);
      assertThat(capture.stats().state()).isEqualTo(CaptureState.LIVE);
      assertThat(children()).isEqualTo(before);
      assertThat(newestWidth()).isIn(64, -1);
    }
  }

  @Test
  void whatNeedsTheSamePortComesBackWhereTheNewOneDoesNotStart() throws Exception {
    int port = freeUdpPort();
    int other = freeUdpPort();
    Process sender =
        ffmpeg.start(
            List.of(
                "-v",
                "error",
                "-re",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=64x64:r=10",
                "-g",
                "5",
                "-c:v",
                "mpeg2video",
                "-f",
                "mpegts",
                "udp://127.0.0.1:" + port + "?pkt_size=1316"));
    try (Capture capture = capture(new Url(URI.create("udp://127.0.0.1:" + port)))) {
      awaitState(capture, CaptureState.LIVE);

      Url silent = new Url(URI.create("udp://127.0.0.1:" + other));
      Diagnosis why = outcome(capture.replace(task(silent))).orElseThrow();

      assertThat(why.words()).isNotEmpty();
      awaitState(capture, CaptureState.LIVE);
    } finally {
      sender.destroyForcibly().waitFor();
    }
  }

  /** What comes from another node comes once: one that reads it has to end first. */
  @Test
  void sameSourceOfAnotherNodeIsNotReadTwice() {
    Relay gate = relay("gate");

    assertThat(task(gate).canRunBeside(task(gate))).isFalse();
    assertThat(task(gate).canRunBeside(task(relay("yard")))).isTrue();
  }

  private static Relay relay(String there) {
    Origin origin = new Origin(URI.create("http://a"), new Secret("key"), new Origin.Trust.Usual());
    return new Relay(List.of(origin), Optional.of(new SourceId(there)), "", Relay.Form.PACKETS);
  }

  private static int freeUdpPort() throws Exception {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  @Test
  void sourceThatIsBroughtIsWaitedForAtOnce() {
    HttpPublish published = new HttpPublish(new Secret("key"), false);
    PublishPoint point = new PublishPoint(published, () -> {}, new FreeGuesses());
    try (Capture capture = capture(SMALL)) {
      awaitState(capture, CaptureState.LIVE);

      assertThat(outcome(capture.replace(task(published, Optional.of(point))))).isEmpty();
      awaitState(capture, CaptureState.WAITING);
      assertThat(children()).isEmpty();

      assertThat(outcome(capture.replace(task(LARGE)))).isEmpty();
      awaitState(capture, CaptureState.LIVE);
    }
  }

  @Test
  void laterChangeOvertakesTheOneUnderWay() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Capture capture = capture(SMALL)) {
      awaitState(capture, CaptureState.LIVE);
      URI uri = URI.create("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/x");
      CompletableFuture<Optional<Diagnosis>> first = capture.replace(task(new Url(uri)));
      await().atMost(LIMIT).until(() -> children().size() == 2);

      CompletableFuture<Optional<Diagnosis>> second = capture.replace(task(LARGE));

      assertThat(outcome(first)).isPresent();
      assertThat(outcome(second)).isEmpty();
      await().atMost(LIMIT).until(() -> newestWidth() == 128);
    }
  }

  @Test
  void endWhileTheNewOneStartsLeavesNothingBehind() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Capture capture = capture(SMALL);
      awaitState(capture, CaptureState.LIVE);
      URI uri = URI.create("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/x");
      CompletableFuture<Optional<Diagnosis>> change = capture.replace(task(new Url(uri)));
      await().atMost(LIMIT).until(() -> children().size() == 2);

      capture.close();

      assertThat(children()).isEmpty();
      assertThat(outcome(change)).isEmpty();
      assertThat(outcome(capture.replace(task(LARGE)))).isEmpty();
    }
  }

  @Test
  void endAfterTheNewOneWasSeenLeavesNothingBehind() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    owner.reaction =
        incident -> {
          if (incident.kind() == Incident.Kind.CHANGED) {
            await().atMost(LIMIT).until(() -> seen.getCount() == 0);
          }
        };
    Capture capture = capture(SMALL);
    awaitState(capture, CaptureState.LIVE);
    CompletableFuture<Optional<Diagnosis>> change = capture.replace(task(LARGE));
    capture.restart(); // holds the capture's thread, when the new one has begun
    await().atMost(LIMIT).until(() -> newestWidth() == 128);
    Thread closing = new Thread(capture::close, "closing");
    closing.start();
    await().atMost(LIMIT).until(() -> closing.getState() == Thread.State.WAITING);

    seen.countDown();

    closing.join(LIMIT.toMillis());
    assertThat(closing.isAlive()).isFalse();
    assertThat(children()).isEmpty();
    assertThat(outcome(change)).isEmpty();
  }

  @Test
  void impatienceInTheQueueBeforeTheGateTakesNoSecondPlace() {
    StartGate gate = new StartGate(1);
    StartGate.Ticket before = gate.enter(() -> {});
    Workshop workshop =
        new Workshop(
            ffmpeg, gate, () -> System.currentTimeMillis() * 1000, System::nanoTime, () -> 0.5);
    AtomicBoolean isNextIn = new AtomicBoolean();
    try (Capture capture = new Capture(task(SMALL), workshop, owner, sink)) {
      capture.tryNow();
      capture.restart();
      assertThat(outcome(capture.replace(task(SMALL)))).isEmpty(); // so all before is done

      before.close();

      awaitState(capture, CaptureState.LIVE);
      StartGate.Ticket next = gate.enter(() -> isNextIn.set(true));
      assertThat(isNextIn).isTrue();
      next.close();
    }
  }

  @Test
  void restartOfOneThatIsGivenUpHidesNotWhyTheNextAttemptFails() throws Exception {
    ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    URI uri = URI.create("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/x");
    AtomicReference<Capture> restarted = new AtomicReference<>();
    owner.reaction =
        incident -> {
          if (incident.kind() == Incident.Kind.KILLED) {
            close(silent);
            restarted.get().restart();
          }
        };

    try (Capture capture = capture(new Url(uri))) {
      restarted.set(capture);
      await().atMost(LIMIT).until(() -> capture.stats().restarts() > 0);

      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(capture.stats().why().map(Diagnosis::cause))
                      .contains(Diagnosis.Cause.PORT_CLOSED));
      assertThat(owner.kinds()).contains(Incident.Kind.EXITED);
    }
  }

  private static void close(ServerSocket server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void restartEndsTheProcessAndBeginsAnotherWithoutALoss() {
    try (Capture capture = capture(SMALL)) {
      awaitState(capture, CaptureState.LIVE);
      List<ProcessHandle> before = children();

      capture.restart();

      await().atMost(LIMIT).until(() -> before.stream().noneMatch(ProcessHandle::isAlive));
      awaitState(capture, CaptureState.LIVE);
      await().atMost(LIMIT).until(() -> !children().isEmpty());
      assertThat(owner.kinds()).doesNotContain(Incident.Kind.LOST, Incident.Kind.EXITED);
      assertThat(capture.stats().restarts()).isZero();
    }
  }
}
