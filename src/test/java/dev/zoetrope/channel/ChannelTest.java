package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final SourceId ID = new SourceId("test");
  private static final Rendition FMP4 = Rendition.defaultOf(Format.FMP4);
  private static final Rendition MJPEG = Rendition.defaultOf(Format.MJPEG);

  private enum When {
    WANTED,
    ALWAYS
  }

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Ffmpeg ffmpeg;
  private Channels channels;

  @BeforeEach
  void startFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterEach
  void close() {
    channels.close();
    timer.shutdownNow();
    ffmpeg.close();
    assertThat(children()).as("left behind").isEmpty();
  }

  @Test
  void firstLeaseStartsTheSourceAndItsEndStopsIt() throws RefusedException {
    Channel channel = channel(SHORT, When.WANTED, 10);
    assertThat(state(channel)).isEqualTo("idle");

    try (Lease lease = channel.lease(FMP4, "")) {
      await().atMost(LIMIT).until(() -> lease.feed().stats().pieces() > 0);
      assertThat(channel.stats().viewers()).isEqualTo(1);
      assertThat(channel.stats().renditions()).containsOnlyKeys("fmp4");
    }

    await().atMost(LIMIT).until(() -> state(channel).equals("idle"));
    await().atMost(LIMIT).until(() -> children().isEmpty());
    assertThat(channel.stats().viewers()).isZero();
  }

  @Test
  void whatWaitsIsDoneAtTheStopUnlessItWasTakenBack() {
    channel(SHORT, When.WANTED, 10);
    AtomicInteger done = new AtomicInteger();
    channels.atTheLatest(LONG, done::incrementAndGet);
    channels.atTheLatest(LONG, done::incrementAndGet).run();
    channels.atTheLatest(SHORT, done::incrementAndGet);
    await().atMost(LIMIT).until(() -> done.get() == 1);

    channels.onStop(
        () -> {
          throw new IllegalArgumentException("a container's");
        });
    channels.close();
    assertThat(done).as("the one that waited").hasValue(2);

    channels.atTheLatest(LONG, done::incrementAndGet);
    assertThat(done).as("at once, as it has stopped").hasValue(3);
  }

  @Test
  void viewerWhoComesWhileItLingersFindsItRunning() throws RefusedException {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease first = channel.lease(FMP4, "");
    first.close();
    first.close(); // again, without effect

    try (Lease second = channel.lease(FMP4, "")) {
      assertThat(second.feed()).isSameAs(first.feed());
      assertThat(channel.stats().viewers()).isEqualTo(1);
    }
  }

  @Test
  void renditionStopsAloneWhereOthersAreWatched() throws RefusedException {
    Channel channel = channel(SHORT, When.WANTED, 10);

    try (Lease watched = channel.lease(FMP4, "")) {
      channel.lease(MJPEG, "").close();

      await().atMost(LIMIT).until(() -> !channel.stats().renditions().containsKey("mjpeg"));
      assertThat(channel.stats().renditions()).containsOnlyKeys("fmp4");
      await().atMost(LIMIT).until(() -> watched.feed().stats().pieces() > 0);
    }
  }

  @Test
  void newestPictureIsThereForWhoHoldsTheStills() throws RefusedException {
    Channel channel = channel(SHORT, When.WANTED, 10);

    try (Lease stills = channel.leaseStills()) {
      await().atMost(LIMIT).until(() -> stills.feed().newestJoinPoint().isPresent());
    }

    await().atMost(LIMIT).until(() -> state(channel).equals("idle"));
  }

  @Test
  void sourceThatAlwaysRunsNeedsNobody() throws RefusedException {
    Channel channel = channel(Duration.ZERO, When.ALWAYS, 10);
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));

    channel.lease(FMP4, "").close();

    await().atMost(LIMIT).until(() -> channel.stats().renditions().isEmpty());
    assertThat(state(channel)).isEqualTo("live");
  }

  @Test
  void viewerBeyondTheLimitIsRefusedUntilAnotherLeaves() throws RefusedException {
    Channel channel = channel(LONG, When.WANTED, 1);
    Lease only = channel.lease(FMP4, "");

    assertThatThrownBy(() -> channel.lease(FMP4, ""))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("as many viewers");
    only.close();
    channel.lease(MJPEG, "").close();

    assertThat(channel.stats().viewers()).isZero();
  }

  @Test
  void addressBeyondItsLimitIsRefusedUntilOneOfItsViewersLeaves() throws RefusedException {
    Channel channel = channel(LONG, When.WANTED, 100); // 3 of an address
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      leases.add(channel.lease(FMP4, "192.0.2.1"));
    }

    assertThatThrownBy(() -> channel.lease(FMP4, "192.0.2.1"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("your address");
    channel.lease(FMP4, "192.0.2.2").close();
    for (int i = 0; i < 5; i++) {
      leases.add(channel.lease(FMP4, "")); // nobody knows from where
    }
    leases.get(0).close();
    leases.add(channel.lease(MJPEG, "192.0.2.1"));

    assertThat(channels.refused()).isEqualTo(1);
    leases.forEach(Lease::close);
    assertThat(channel.stats().viewers()).isZero();
  }

  @Test
  void leavingAndFiguresDoNotWaitForAStop() throws Exception {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease lease = channel.lease(FMP4, "");

    synchronized (channel) { // as while its processes are being stopped
      CompletableFuture.runAsync(lease::close).get(5, TimeUnit.SECONDS);
      int viewers =
          CompletableFuture.supplyAsync(() -> channel.stats().viewers()).get(5, TimeUnit.SECONDS);

      assertThat(viewers).isZero();
    }
  }

  @Test
  void closedChannelEndsItsFeedsAndRefusesNewViewers() throws RefusedException {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease lease = channel.lease(FMP4, "");

    channels.close();

    assertThat(children()).isEmpty();
    assertThatThrownBy(() -> channel.lease(FMP4, "")).hasMessageContaining("stopping");
    lease.close(); // after the end, without effect
    assertThat(channel.stats().viewers()).isZero();
    assertThat(timer.getQueue()).isEmpty();
  }

  private static SourceSettings changed(
      SourceSettings before, Source source, List<Rendition> renditions) {
    return new SourceSettings(
        before.id(),
        "Changed",
        source,
        before.keepRunning(),
        before.linger(),
        renditions,
        before.capture());
  }

  private Optional<Diagnosis> replace(SourceSettings next) {
    return channels.replace(next).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void viewersGoOnInTheReplacedSource() throws Exception {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease lease = channel.lease(FMP4, "");
    await().atMost(LIMIT).until(() -> lease.feed().newestJoinPoint().isPresent());
    Run before = lease.feed().newestJoinPoint().orElseThrow().run();
    SourceSettings next =
        changed(channel.settings(), new TestPattern(128, 64, 10), List.of(FMP4, MJPEG));

    Optional<Diagnosis> whyNot = replace(next);

    assertThat(whyNot).isEmpty();
    assertThat(state(channel)).isEqualTo("live");
    assertThat(channel.settings()).isEqualTo(next);
    await()
        .atMost(LIMIT)
        .until(() -> lease.feed().newestJoinPoint().map(Entry::run).orElse(before) != before);
    Run after = lease.feed().newestJoinPoint().orElseThrow().run();
    assertThat(after.video().orElseThrow().width()).isEqualTo(128);
    assertThat(lease.feed().isClosed()).isFalse();
    assertThat(channel.timeline().incidents()).noneMatch(i -> i.kind() == Incident.Kind.LOST);
    assertThat(channel.timeline().incidents()).anyMatch(i -> i.kind() == Incident.Kind.CHANGED);
    lease.close();
  }

  @Test
  void anotherAudienceIsToldWithoutTouchingTheCapture() throws Exception {
    Channel channel = channel(LONG, When.ALWAYS, 10);
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
    List<Long> before = patterns();
    CountDownLatch told = new CountDownLatch(1);
    AtomicInteger toldToo = new AtomicInteger();
    Runnable left = toldToo::incrementAndGet;
    channel.watchAudience(told::countDown);
    channel.watchAudience(left);
    channel.unwatchAudience(left);
    Audience signedIn = new Audience(Protection.SIGNED_IN, Set.of("https://page.example"));

    Optional<Diagnosis> whyNot = replace(channel.settings().withAudience(signedIn));

    assertThat(whyNot).isEmpty();
    assertThat(told.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(toldToo).hasValue(0);
    assertThat(channel.settings().audience()).isEqualTo(signedIn);
    assertThat(patterns()).isEqualTo(before);
    assertThat(channel.timeline().incidents()).noneMatch(i -> i.kind() == Incident.Kind.CHANGED);
  }

  @Test
  void sourceThatDoesNotDeliverLeavesTheOldOneRunning() throws Exception {
    Channel channel = channel(LONG, When.ALWAYS, 10);
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
    SourceSettings before = channel.settings();
    Source nobody = new Source.Url(URI.create("rtmp://127.0.0.1:1/live/x"));
    List<Long> running = patterns();

    Optional<Diagnosis> whyNot = replace(changed(before, nobody, List.of(FMP4)));

    assertThat(whyNot.orElseThrow().cause()).isEqualTo(Diagnosis.Cause.PORT_CLOSED);
    assertThat(channel.settings()).isEqualTo(before);
    assertThat(state(channel)).isEqualTo("live");
    assertThat(patterns()).isEqualTo(running);
  }

  @Test
  void changeOfWordsAndRenditionsDoesNotTouchTheSource() throws Exception {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease kept = channel.lease(MJPEG, "");
    Lease gone = channel.lease(FMP4, "");
    await().atMost(LIMIT).until(() -> kept.feed().stats().pieces() > 0);
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
    List<Long> running = patterns();
    Rendition small = new Rendition("mjpeg", Format.MJPEG, 32, 0, 5, 0, 0, Encode.AUTO);

    Optional<Diagnosis> whyNot =
        replace(changed(channel.settings(), channel.settings().source(), List.of(small)));

    assertThat(whyNot).isEmpty();
    assertThat(patterns()).isEqualTo(running);
    assertThat(gone.feed().isClosed()).isTrue();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                kept.feed()
                    .newestJoinPoint()
                    .flatMap(entry -> entry.run().video())
                    .map(video -> video.width() == 32)
                    .orElse(false));
    kept.close();
    gone.close();
  }

  @Test
  void sourceThatIsSwitchedOffEndsItsViewersUntilItIsOnAgain() throws Exception {
    Channel channel = channel(LONG, When.ALWAYS, 10);
    Lease lease = channel.lease(FMP4, "");
    SourceSettings on = channel.settings();

    replace(on.withEnabled(false));

    assertThat(lease.feed().isClosed()).isTrue();
    assertThat(children()).isEmpty();
    assertThatThrownBy(() -> channel.lease(FMP4, "")).hasMessageContaining("switched off");
    lease.close();

    replace(on);

    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
  }

  @Test
  void sourceThatIsSwitchedOffWhileAnotherStartsStaysOff() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Channel channel = channel(LONG, When.ALWAYS, 10);
      await().atMost(LIMIT).until(() -> state(channel).equals("live"));
      SourceSettings off = channel.settings().withEnabled(false);
      URI uri = URI.create("rtmp://127.0.0.1:" + silent.getLocalPort() + "/live/x");
      var starting =
          channels.replace(changed(channel.settings(), new Source.Url(uri), List.of(FMP4)));

      replace(off);
      starting.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();

      assertThat(channel.settings()).isEqualTo(off);
      assertThat(state(channel)).isEqualTo("idle");
      assertThat(children()).isEmpty();
    }
  }

  @Test
  void restartedSourceKeepsItsViewers() throws Exception {
    Channel channel = channel(LONG, When.WANTED, 10);
    Lease lease = channel.lease(FMP4, "");
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
    List<Long> before = patterns();

    channel.restart();

    await().atMost(LIMIT).until(() -> !patterns().isEmpty() && !patterns().equals(before));
    await().atMost(LIMIT).until(() -> state(channel).equals("live"));
    assertThat(lease.feed().isClosed()).isFalse();
    lease.close();
  }

  @Test
  void sourcesComeAndGoWithinTheLimit() throws Exception {
    SourceSettings first = channel(LONG, When.ALWAYS, 10).settings();
    SourceId other = new SourceId("other");
    SourceSettings second =
        new SourceSettings(
            other,
            "Other",
            first.source(),
            true,
            LONG,
            List.of(FMP4),
            CaptureSettings.DEFAULT,
            true,
            Audience.EVERYBODY);

    Channel added = channels.add(second);

    assertThat(channels.all()).extracting(Channel::id).containsExactly(other, ID);
    Lease lease = added.lease(FMP4, "");
    await().atMost(LIMIT).until(() -> state(added).equals("live"));
    for (int i = 2; i < 10; i++) { // as many as the limit of this test
      channels.add(named(second, "more-" + i));
    }
    assertThatThrownBy(() -> channels.add(named(second, "last")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("limits.sources");

    channels.remove(other).get(LIMIT.toSeconds(), TimeUnit.SECONDS);

    assertThat(channels.channel(other)).isEmpty();
    assertThat(lease.feed().isClosed()).isTrue();
    assertThat(patterns()).hasSize(1);
    lease.close();
    channels.remove(other).get(LIMIT.toSeconds(), TimeUnit.SECONDS); // again, without effect
  }

  private static SourceSettings named(SourceSettings settings, String id) {
    return new SourceSettings(
        new SourceId(id),
        "More",
        settings.source(),
        false,
        settings.linger(),
        settings.renditions(),
        settings.capture());
  }

  /** The processes of captures. */
  private static List<Long> patterns() {
    return children().stream()
        .filter(child -> child.info().commandLine().orElse("").contains("testsrc2"))
        .map(ProcessHandle::pid)
        .toList();
  }

  private Channel channel(Duration linger, When when, int viewersPerSource) {
    TestPattern pattern = new TestPattern(64, 64, 10);
    SourceSettings settings =
        new SourceSettings(
            ID,
            "Test",
            pattern,
            when == When.ALWAYS,
            linger,
            List.of(FMP4, MJPEG),
            CaptureSettings.DEFAULT);
    Limits limits = new Limits(100, viewersPerSource, 3, 10, Limits.MIN_LOG_BYTES);
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, () -> System.currentTimeMillis() * 1000),
            List.of(timer),
            timer,
            limits,
            (source, incident, why) -> {},
            Optional.empty());
    channels = new Channels(List.of(settings), node);
    return channels.channel(ID).orElseThrow();
  }

  private static String state(Channel channel) {
    return channel.stats().state();
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }
}
