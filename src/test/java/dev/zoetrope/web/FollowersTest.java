package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.web.FakeSocket.Closed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowersTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String GOOD = "Bearer good";

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final FakeNodeGate gate = new FakeNodeGate();
  private final FakeSocket socket = new FakeSocket();
  private final Bundles bundles = new Bundles();
  private final Followers followers = new Followers();
  private final AtomicLong nanos = new AtomicLong();
  private Ffmpeg ffmpeg;
  private Channels channels;
  private NodeDoor door;
  private Bundle bundle;

  private static long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @BeforeEach
  void start() throws IOException, OutcomeException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, FollowersTest::wallMicros),
            List.of(worker),
            timer,
            new Limits(66, 66, 66, 10, Limits.MIN_LOG_BYTES * 8),
            (source, incident, why) -> {},
            Optional.empty());
    channels = new Channels(List.of(source("gate"), source("yard")), node);
    door = new NodeDoor(channels, gate, new NodeIdentity("n-origin", "Origin"), followers);
    bundle = open(socket, GOOD, "n-1");
  }

  private static SourceSettings source(String id) {
    return new SourceSettings(
        new SourceId(id),
        id,
        new TestPattern(64, 64, 10),
        false,
        Duration.ofSeconds(5),
        List.of(Rendition.defaultOf(Format.MJPEG), Rendition.defaultOf(Format.FMP4)),
        CaptureSettings.DEFAULT);
  }

  private static Query query(String version, String node, String name) {
    Map<String, String> values = Map.of("version", version, "node", node, "name", name);
    return key -> Optional.ofNullable(values.get(key));
  }

  private Bundle open(FakeSocket on, String authorization, String id) throws OutcomeException {
    Dialect dialect = door.admit(FakeNodeGate.visitor(authorization), query("1", id, "Node " + id));
    Bundle opened = new Bundle(on, dialect, channels, bundles, Optional.empty(), nanos::get);
    opened.opened();
    return opened;
  }

  @AfterEach
  void stop() throws InterruptedException {
    bundles.close();
    channels.close();
    worker.shutdownNow();
    timer.shutdownNow();
    assertThat(timer.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    ffmpeg.close();
  }

  private void say(String json) {
    bundle.text(json.replace('\'', '"'));
  }

  private void subscribe(int number, String source) {
    say("{'type':'subscribe','n':" + number + ",'source':'" + source + "','rendition':'mjpeg'}");
  }

  private static long binaries(FakeSocket on) {
    return on.messages().stream().filter(FakeSocket.Frame.class::isInstance).count();
  }

  private void awaitBinaries(int count) {
    await().atMost(LIMIT).until(() -> binaries(socket) >= count);
  }

  private int viewers() {
    return channels.channel(new SourceId("gate")).orElseThrow().stats().viewers();
  }

  @Test
  void figuresTellWhoHasWhat() {
    say("{'type':'below','viewers':12,'links':[]}");
    subscribe(1, "gate");
    awaitBinaries(5);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(80));
    bundle.binary(Bytes.of(0, 1, 0, 0, 0, 0, 0, 5));

    List<FollowerStats> all = followers.stats();

    assertThat(all).hasSize(1);
    FollowerStats one = all.get(0);
    assertThat(one.node()).isEqualTo(new NodeIdentity("n-1", "Node n-1"));
    assertThat(one.keyName()).isEqualTo("the key");
    assertThat(one.address()).isEqualTo("192.0.2.1");
    assertThat(one.since()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(one.below().orElseThrow().getInt("viewers")).isEqualTo(12);
    assertThat(one.link().bytes()).isGreaterThan(1000);
    assertThat(one.link().shortestMicros()).isEqualTo(80_000);
    assertThat(one.link().newestMicros()).isEqualTo(80_000);
    assertThat(one.link().bytesPerSecond()).isPositive();
    assertThat(one.skipped()).isZero();
    assertThat(one.sent()).hasSize(1);
    assertThat(one.sent().get(0).source()).isEqualTo(new SourceId("gate"));
    assertThat(one.sent().get(0).rendition()).isEqualTo("mjpeg");
    assertThat(one.sent().get(0).viewer().client().way()).isEqualTo("relay");
    assertThat(one.sent().get(0).viewer().sent()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void figuresAreKnownOnlyWhereTheyAre() {
    subscribe(1, "gate");
    awaitBinaries(3);

    FollowerStats one = followers.stats().get(0);

    assertThat(one.below()).isEmpty();
    assertThat(one.link().bytesPerSecond()).isEqualTo(-1);
    assertThat(one.link().shortestMicros()).isEqualTo(-1);
  }

  @Test
  void followerThatGoesLeavesNothingBehind() {
    subscribe(1, "gate");
    awaitBinaries(3);
    assertThat(viewers()).isEqualTo(1);

    bundle.closed();

    await().atMost(LIMIT).until(() -> viewers() == 0);
    assertThat(followers.size()).isZero();
    assertThat(bundles.size()).isZero();
    assertThat(gate.given().get(0).isClosed()).isTrue();
  }

  @Test
  void keyThatEndsClosesTheSocket() {
    subscribe(1, "gate");
    awaitBinaries(3);

    gate.given().get(0).end();

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.NOT_FOR_YOU);
    assertThat(Outcome.NOT_FOR_YOU.subscriptionCode()).isEqualTo(4403);
    assertThat(followers.size()).isZero();
  }

  @Test
  void mayHaveNothingForLongButNotBeUnheard() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(149));
    say("{'type':'below','viewers':0}");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(149));
    bundles.tick();
    assertThat(socket.closed()).isEmpty();

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    bundles.tick();

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.TOO_SLOW);
  }

  @Test
  void saysMoreThanABrowserMay() {
    for (int i = 0; i < 3000; i++) {
      say("{'type':'clock','id':1}");
    }
    assertThat(socket.closed()).isEmpty();

    say("{'type':'clock','id':1}");

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.TOO_MANY);
  }

  @Test
  void bracketsInOthersAreCountedAndThoseInTextsAreNot() {
    say("{'type':'below','links':[" + "{'a':[]},".repeat(300) + "{}]}");
    say("{'type':'below','name':'" + "[".repeat(500) + "\\\\'}");
    assertThat(socket.texts("error")).isEmpty();

    say("{'type':'below','links':" + "[".repeat(101) + "]".repeat(101) + "}");
    say("{'type':'below','name':']]]\\\\','links':" + "[".repeat(101) + "]".repeat(101) + "}");

    assertThat(socket.texts("error")).hasSize(2).allMatch(one -> one.getInt("code") == 4400);
  }

  @Test
  void sourcesAreToldOnlyWhenTheyAreOther() {
    JsonObject first = socket.await("sources", 1).get(0);
    assertThat(first.getJsonArray("sources")).hasSize(2);
    bundles.tick();
    bundles.tick();
    assertThat(socket.texts("sources")).hasSize(1);

    channels.remove(new SourceId("yard")).join();
    bundles.tick();

    assertThat(socket.await("sources", 2).get(1).getJsonArray("sources")).hasSize(1);
  }

  @Test
  void otherVersionsAreSpokenAsOursOrNotAtAll() throws OutcomeException {
    var stranger = FakeNodeGate.visitor(GOOD);
    assertThat(door.admit(stranger, query("2", "n-1", "A")).terms()).isEqualTo(Terms.RELAY);
    for (String version : List.of("3", "0", "-1", "", "1.0", "99999999999999999999")) {
      int before = gate.given().size();
      assertThatThrownBy(() -> door.admit(stranger, query(version, "n-1", "A")))
          .isInstanceOf(OutcomeException.class)
          .hasMessageContaining("version: expected 1");
      assertThat(gate.given().get(before).isClosed()).isTrue();
    }
    assertThatThrownBy(() -> door.admit(FakeNodeGate.visitor("Bearer bad"), query("9", "", "")))
        .hasMessage("a node key is needed");
  }

  @Test
  void drainEndsEachAsSoonAsItHasGoneElsewhereAndTakesNoMore() throws Exception {
    FakeSocket idleSocket = new FakeSocket();
    open(idleSocket, GOOD, "n-2");
    subscribe(1, "gate");
    awaitBinaries(3);

    CompletableFuture<Void> draining =
        CompletableFuture.runAsync(() -> followers.drain(Duration.ofSeconds(20)));
    JsonObject drain = socket.await("drain", 1).get(0);
    await().atMost(LIMIT).until(() -> idleSocket.closed().isPresent());
    assertThat(draining).isNotDone();
    FakeSocket lateSocket = new FakeSocket();
    open(lateSocket, GOOD, "n-3");
    say("{'type':'unsubscribe','n':1}");
    draining.get(5, TimeUnit.SECONDS);

    assertThat(drain.getInt("within")).isEqualTo(20_000);
    assertThat(List.of(socket, idleSocket, lateSocket))
        .allMatch(one -> one.closed().orElseThrow().outcome() == Outcome.STOPPED);
    assertThat(followers.size()).isZero();
  }

  @Test
  void drainEndsWhoStaysWhenTheTimeIsOver() {
    subscribe(1, "gate");
    awaitBinaries(3);

    followers.drain(Duration.ofMillis(50));

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.STOPPED);
    assertThat(socket.await("end", 1).get(0).getInt("code")).isEqualTo(1001);
  }
}
