package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.HttpPublish;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a capture sees in the packets of a publisher, by a clock of the test's own. */
@Timeout(60)
class CaptureWatchTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What is silent for long is kept all the same. */
  private static final CaptureSettings SETTINGS =
      new CaptureSettings(Duration.ofMinutes(10), Duration.ofMinutes(10), ProcessLimits.NONE);

  private static final Secret KEY = new Secret("k3y");
  private static Ffmpeg ffmpeg;

  private enum Picture {
    KEYFRAME,
    OTHER
  }

  private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(1));
  private final RecordingOwner owner = new RecordingOwner();
  private final HttpPublish source = new HttpPublish(KEY, true);
  private final PublishPoint point = new PublishPoint(source, () -> {}, new FreeGuesses());
  private final Script script = new Script();
  private Capture capture;

  @BeforeAll
  static void findFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterAll
  static void closeFfmpeg() {
    ffmpeg.close();
  }

  @BeforeEach
  void publish() throws PublisherRefusedException {
    CaptureTask task =
        new CaptureTask(new SourceId("test"), "Test", source, SETTINGS, Optional.of(point));
    Workshop workshop =
        new Workshop(ffmpeg, new StartGate(1), () -> nanos.get() / 1000, nanos::get, () -> 0.5);
    point.admit(KEY.reveal(), script);
    capture = new Capture(task, workshop, owner, new RecordingSink());
  }

  @AfterEach
  void close() {
    capture.close();
  }

  private void show(Picture picture, Duration distance, int count) {
    for (int i = 0; i < count; i++) {
      nanos.addAndGet(distance.toNanos());
      script.give(packet(picture));
    }
  }

  private Packet packet(Picture picture) {
    long micros = nanos.get() / 1000;
    return new Packet(
        TestPackets.VIDEO, micros, micros, picture == Picture.KEYFRAME, micros, Bytes.EMPTY);
  }

  private void awaitLive() {
    await().atMost(LIMIT).until(() -> capture.stats().state() == CaptureState.LIVE);
  }

  /** The capture has looked at everything since. */
  private void awaitSeen() {
    for (int i = 0; i < 2; i++) { // one look may be under way
      CaptureStats before = capture.stats();
      capture.look();
      await().atMost(LIMIT).untilAsserted(() -> assertThat(capture.stats()).isNotSameAs(before));
    }
  }

  private long told() {
    return owner.kinds().stream().filter(kind -> kind == Kind.NO_KEYFRAMES).count();
  }

  @Test
  void picturesWithoutKeyframesAreToldOnceUntilOneComes() {
    show(Picture.KEYFRAME, SECOND, 1);
    awaitLive();
    show(Picture.OTHER, SECOND, 10);
    awaitSeen();
    assertThat(told()).isZero();
    assertThat(capture.stats().isWithoutKeyframes()).isFalse();

    show(Picture.OTHER, SECOND, 1);

    await().atMost(LIMIT).until(() -> capture.stats().isWithoutKeyframes());
    show(Picture.OTHER, SECOND, 20);
    awaitSeen();
    assertThat(told()).isEqualTo(1);
    assertThat(owner.incidents)
        .filteredOn(incident -> incident.kind() == Kind.NO_KEYFRAMES)
        .extracting(Incident::text)
        .containsExactly("no keyframe for 10 s");

    show(Picture.KEYFRAME, SECOND, 1);

    await().atMost(LIMIT).until(() -> !capture.stats().isWithoutKeyframes());
    assertThat(capture.stats().state()).isEqualTo(CaptureState.LIVE);
    assertThat(told()).isEqualTo(1);
  }

  @Test
  void sourceThatNeverSendsAKeyframeIsTold() {
    show(Picture.OTHER, SECOND, 12);

    await().atMost(LIMIT).until(() -> capture.stats().isWithoutKeyframes());
    assertThat(told()).isEqualTo(1);
  }

  @Test
  void rarePicturesThatAreAllKeyframesAreNoFault() {
    show(Picture.KEYFRAME, Duration.ofSeconds(15), 10);
    awaitLive();

    nanos.addAndGet(Duration.ofSeconds(14).toNanos());

    awaitSeen();
    assertThat(capture.stats().state()).isEqualTo(CaptureState.LIVE);
    assertThat(capture.stats().isWithoutKeyframes()).isFalse();
    assertThat(told()).isZero();
  }

  @Test
  void nextAttemptBeginsWithoutTheFault() throws Exception {
    show(Picture.KEYFRAME, SECOND, 1);
    show(Picture.OTHER, SECOND, 12);
    await().atMost(LIMIT).until(() -> capture.stats().isWithoutKeyframes());

    Script other = new Script();
    point.admit(KEY.reveal(), other); // takes over
    nanos.addAndGet(SECOND.toNanos());
    other.give(packet(Picture.KEYFRAME));

    awaitLive();
    await().atMost(LIMIT).until(() -> !capture.stats().isWithoutKeyframes());
  }

  @Test
  void returnOfWhatWasToldToBeLostIsToldAlsoWhereNoCardWasShown() throws Exception {
    script.close();
    await().atMost(LIMIT).until(() -> owner.kinds().contains(Kind.LOST));

    Script other = new Script();
    point.admit(KEY.reveal(), other);
    capture.tryNow();
    nanos.addAndGet(SECOND.toNanos()); // no card yet
    other.give(packet(Picture.KEYFRAME));

    await().atMost(LIMIT).until(() -> owner.kinds().contains(Kind.RECOVERED));
    assertThat(owner.kinds()).doesNotContain(Kind.FIRST_FRAME);
  }

  @Test
  void logOfAnEndedAttemptIsKeptUntilTheNextHasOne() throws Exception {
    script.log = List.of("refused");
    show(Picture.KEYFRAME, SECOND, 1);
    Script other = new Script();
    point.admit(KEY.reveal(), other); // takes over
    other.give(packet(Picture.KEYFRAME));

    assertThat(capture.log()).containsExactly("refused");
    other.log = List.of("welcome");

    assertThat(capture.log()).containsExactly("welcome");
  }

  @Test
  void publisherWhoLeavesIsNotBlamedForWhatAnEarlierOneComplainedOf() throws Exception {
    script.log = List.of("REJECT reported from HS processing: Incorrect passphrase");
    show(Picture.KEYFRAME, SECOND, 1);
    Script other = new Script();
    point.admit(KEY.reveal(), other); // takes over
    other.give(packet(Picture.KEYFRAME));

    other.close();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                capture
                    .stats()
                    .why()
                    .map(why -> why.words().equals("the publisher left: the end of the script"))
                    .orElse(false));
  }

  /** A publisher whose packets the test gives, one after the other. */
  private static final class Script implements Input {
    private final BlockingQueue<Optional<Packet>> given = new LinkedBlockingQueue<>(); // empty: end
    private final Semaphore read = new Semaphore(0);
    private volatile List<String> log = List.of(); // the test's

    /** Returns when it has been read. */
    void give(Packet packet) {
      given.add(Optional.of(packet));
      try {
        assertThat(read.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void read(Sink<Packet> sink) throws IOException, InterruptedException {
      sink.begin(TestPackets.run(0));
      for (Optional<Packet> next = given.take(); next.isPresent(); next = given.take()) {
        sink.accept(next.get());
        read.release();
      }
      throw new IOException("the end of the script");
    }

    @Override
    public List<String> log() {
      return log;
    }

    @Override
    public void close() {
      given.add(Optional.empty());
    }
  }
}
