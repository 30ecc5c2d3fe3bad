package dev.zoetrope.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Audience;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.web.FakeSocket.Closed;
import dev.zoetrope.web.FakeSocket.Frame;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_VIEWERS = 66;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final ExecutorService otherWorker = Executors.newSingleThreadExecutor();
  private final FakeGate gate = new FakeGate();
  private final FakeSocket socket = new FakeSocket();
  private final Bundles bundles = new Bundles();
  private Ffmpeg ffmpeg;
  private Channels channels;
  private Bundle bundle;
  private final AtomicLong nanos = new AtomicLong();

  private static long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @BeforeEach
  void start() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
    Node node =
        new Node(
            TestWorkshop.of(ffmpeg, BundleTest::wallMicros),
            List.of(worker, otherWorker),
            timer,
            new Limits(MOST_VIEWERS, MOST_VIEWERS, MOST_VIEWERS, 10, Limits.MIN_LOG_BYTES * 8),
            (source, incident, why) -> {},
            Optional.empty());
    SourceSettings locked = source("yard").withAudience(new Audience(Protection.LINK, Set.of()));
    channels = new Channels(List.of(source("gate"), locked), node);
    bundle = open(socket, Optional.empty());
  }

  private static SourceSettings source(String id) {
    return new SourceSettings(
        new SourceId(id),
        id,
        new TestPattern(64, 64, 10),
        false,
        Duration.ofSeconds(5),
        List.of(
            Rendition.defaultOf(Format.MJPEG),
            Rendition.defaultOf(Format.FMP4),
            Rendition.defaultOf(Format.MPEG1)),
        CaptureSettings.DEFAULT);
  }

  private Bundle open(FakeSocket on, Optional<Request.Subscribe> first) {
    Bundle opened =
        new Bundle(
            on,
            new LiveDialect(FakeGate.visitor(""), new Doorkeeper(channels, gate)),
            channels,
            bundles,
            first,
            nanos::get);
    opened.opened();
    return opened;
  }

  @AfterEach
  void stop() throws InterruptedException {
    bundle.closed();
    bundles.close();
    channels.close();
    worker.shutdownNow();
    otherWorker.shutdownNow();
    timer.shutdownNow();
    assertThat(timer.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    ffmpeg.close();
  }

  private void say(String json) {
    bundle.text(json.replace('\'', '"'));
  }

  private void subscribe(int number, String more) {
    say("{'type':'subscribe','n':" + number + ",'source':'gate'" + more + "}");
  }

  private static String type(Object message) {
    return message instanceof JsonObject json ? json.getString("type") : "frame";
  }

  private int viewers() {
    return channels.channel(new SourceId("gate")).orElseThrow().stats().viewers();
  }

  private void awaitViewers(int count) {
    await().atMost(LIMIT).until(() -> viewers() == count);
  }

  @Test
  void helloIsFirstAndWhatFollowsHasItsOrder() {
    long before = wallMicros();
    subscribe(1, "");

    List<Frame> fragments = socket.frames(1, 15, frame -> frame.kind() == 1);
    JsonObject hello = (JsonObject) socket.messages().get(0);
    List<Object> of1 = socket.of(1);

    assertThat(type(hello)).isEqualTo("hello");
    assertThat(hello.getInt("version")).isEqualTo(1);
    assertThat(hello.getInt("most")).isEqualTo(64);
    assertThat(hello.getJsonNumber("now").doubleValue()).isBetween(1e12, wallMicros() / 1000.0);
    assertThat(of1.subList(0, 5).stream().map(BundleTest::type))
        .containsExactly("subscribed", "state", "init", "frame", "frame");
    assertThat(((JsonObject) of1.get(0)).getString("rendition")).isEqualTo("fmp4");
    JsonObject init = (JsonObject) of1.get(2);
    assertThat(init.getString("mime")).startsWith("video/mp4; codecs=\"avc1");
    assertThat(init.getInt("width")).isEqualTo(64);
    assertThat(init.getBoolean("segment")).isTrue();
    Frame segment = (Frame) of1.get(3);
    assertThat(segment.kind()).isEqualTo(2);
    assertThat(segment.flags()).isZero();
    assertThat(segment.captureMicros()).isZero();
    assertThat(new String(segment.payload().slice(4, 8).toArray(), ISO_8859_1)).isEqualTo("ftyp");
    assertThat(fragments.get(0).flags()).isEqualTo(BundleMessages.START | BundleMessages.KEY);
    assertThat(fragments.get(0).captureMicros()).isBetween(before, wallMicros());
    assertThat(fragments.subList(1, fragments.size()))
        .allMatch(frame -> (frame.flags() & BundleMessages.START) == 0);
    List<Integer> sequences = socket.frames(1).stream().map(Frame::sequence).toList();
    assertThat(sequences).isEqualTo(IntStream.rangeClosed(1, sequences.size()).boxed().toList());
  }

  @Test
  void formatsAreServedSideBySide() {
    subscribe(1, "");
    subscribe(2, ",'format':['mpeg1','fmp4']");
    subscribe(3, ",'format':'mjpeg','width':1");

    assertThat(socket.frames(1, 10, frame -> frame.kind() == 1)).isNotEmpty();
    assertThat(socket.frames(2, 10, frame -> true))
        .allMatch(frame -> frame.payload().size() % 188 == 0)
        .allMatch(frame -> frame.payload().at(0) == 0x47);
    assertThat(socket.frames(3, 10, frame -> true))
        .allMatch(frame -> frame.payload().at(0) == 0xff && frame.payload().at(1) == 0xd8)
        .allMatch(frame -> (frame.flags() & BundleMessages.KEY) != 0);
    assertThat(socket.texts("init").stream().map(init -> init.getBoolean("segment")).toList())
        .containsExactlyInAnyOrder(true, false, false);
    assertThat(socket.texts("subscribed").stream().map(said -> said.getInt("n")).toList())
        .containsExactly(1, 2, 3);
  }

  @Test
  void pauseGivesEverythingBackAndResumeBeginsAnew() {
    subscribe(1, "");
    socket.frames(1, 5, frame -> frame.kind() == 1);

    say("{'type':'pause','n':1}");
    socket.await("paused", 1);
    awaitViewers(0);
    List<Object> paused = socket.of(1);
    assertThat(type(paused.get(paused.size() - 1))).isEqualTo("paused");
    int sent = socket.frames(1).size();
    say("{'type':'pause','n':1}");
    socket.await("paused", 2);
    assertThat(socket.frames(1)).hasSize(sent);

    say("{'type':'resume','n':1}");
    List<Frame> all = socket.frames(1, sent + 5, frame -> true);
    List<String> types =
        socket.of(1).stream().skip(paused.size() + 1).limit(5).map(BundleTest::type).toList();
    assertThat(types).containsExactly("subscribed", "state", "init", "frame", "frame");
    assertThat(all.get(sent).sequence()).isEqualTo(sent + 1);
    assertThat(all.get(sent).kind()).isEqualTo(2);
    assertThat(all.get(sent + 1).flags() & BundleMessages.START).isNotZero();
    assertThat(viewers()).isEqualTo(1);
    say("{'type':'resume','n':1}");
    socket.await("subscribed", 3);
    assertThat(socket.texts("init")).hasSize(2);
  }

  @Test
  void nothingComesAfterTheEndAndTheNumberIsFreeAgain() {
    subscribe(1, ",'format':'mjpeg'");
    socket.frames(1, 3, frame -> true);

    say("{'type':'unsubscribe','n':1}");
    JsonObject end = socket.await("end", 1).get(0);
    awaitViewers(0);
    List<Object> ended = socket.of(1);
    assertThat(ended.get(ended.size() - 1)).isEqualTo(end);
    assertThat(end.getInt("code")).isEqualTo(1000);
    assertThat(end.getBoolean("retry")).isFalse();

    subscribe(1, ",'format':'mpeg1'");
    socket.frames(1, 3, frame -> frame.payload().at(0) == 0x47);
    Object next = socket.of(1).get(ended.size());
    assertThat(type(next)).isEqualTo("subscribed");
    assertThat(socket.frames(1, 1, frame -> frame.payload().at(0) == 0x47).get(0).sequence())
        .isEqualTo(1);
  }

  @Test
  void numberInUseIsRefusedAndWhatHasItGoesOn() {
    subscribe(1, ",'format':'mjpeg'");
    subscribe(1, "");

    JsonObject error = socket.await("error", 1).get(0);
    assertThat(error.getInt("code")).isEqualTo(4409);
    assertThat(error.getInt("n")).isEqualTo(1);
    assertThat(socket.frames(1, 5, frame -> true)).isNotEmpty();
    assertThat(socket.texts("subscribed")).hasSize(1);
  }

  @Test
  void sixtyFifthIsRefusedAlsoWhereOthersArePaused() {
    for (int number = 1; number <= 64; number++) {
      subscribe(number, ",'format':'mjpeg'");
    }
    socket.await("subscribed", 64);
    say("{'type':'pause','n':[1,2,3]}");

    subscribe(65, "");
    JsonObject end = socket.await("end", 1).get(0);
    assertThat(end.getInt("n")).isEqualTo(65);
    assertThat(end.getInt("code")).isEqualTo(4429);

    say("{'type':'unsubscribe','n':1}");
    subscribe(65, ",'format':'mjpeg'");
    assertThat(socket.await("subscribed", 65)).hasSize(65);
  }

  @Test
  void requestAboutWhatIsNotThereIsAnsweredByAnError() {
    for (String type : List.of("pause", "resume", "unsubscribe")) {
      say("{'type':'" + type + "','n':7}");
    }

    assertThat(socket.await("error", 3))
        .allMatch(error -> error.getInt("code") == 4404 && error.getInt("n") == 7);
    assertThat(socket.closed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, '', 4404, false",
    "../gate, '', 4404, false",
    "gate, ',\"rendition\":\"huge\"', 4400, false",
    "yard, '', 4401, false",
    "yard, ',\"link\":\"old\"', 4403, false",
    "yard, ',\"link\":\"good:gif\"', 4403, false",
  })
  void whatCannotBeHadEndsAtOnce(String source, String more, int code, boolean retry) {
    bundle.text("{\"type\":\"subscribe\",\"n\":3,\"source\":\"" + source + "\"" + more + "}");

    JsonObject end = socket.await("end", 1).get(0);
    assertThat(end.getInt("n")).isEqualTo(3);
    assertThat(end.getInt("code")).isEqualTo(code);
    assertThat(end.getBoolean("retry")).isEqualTo(retry);
    assertThat(end.getString("message")).isNotBlank();
    assertThat(socket.texts("state")).isEmpty();
    assertThat(socket.texts("subscribed")).isEmpty();
  }

  @Test
  void linkOfOneSubscriptionOpensItAloneAndItsEndEndsIt() {
    say("{'type':'subscribe','n':1,'source':'yard','format':'mjpeg','link':'good'}");
    subscribe(2, ",'format':'mjpeg'");
    socket.frames(1, 3, frame -> true);
    socket.frames(2, 3, frame -> true);
    say("{'type':'subscribe','n':3,'source':'yard','format':'mjpeg','link':'good'}");
    JsonObject full = socket.await("end", 1).get(0);
    assertThat(full.getInt("code")).isEqualTo(4503);
    assertThat(full.getBoolean("retry")).isTrue();

    gate.given().get(0).end();

    JsonObject end = socket.await("end", 2).get(1);
    assertThat(end.getInt("n")).isEqualTo(1);
    assertThat(end.getInt("code")).isEqualTo(4403);
    int sent = socket.frames(2).size();
    assertThat(socket.frames(2, sent + 3, frame -> true)).isNotEmpty();
    assertThat(socket.of(1).get(socket.of(1).size() - 1)).isEqualTo(end);
    assertThat(gate.given().get(0).isClosed()).isTrue();
  }

  @Test
  void socketThatClosesWhileARequestRunsLeavesNothingBehind() {
    gate.meanwhile = () -> bundle.closed();
    int before = socket.messages().size();

    subscribe(1, "");
    await().atMost(LIMIT).until(() -> !gate.given().isEmpty());

    await().atMost(LIMIT).until(() -> gate.given().get(0).isClosed());
    awaitViewers(0);
    assertThat(socket.messages()).hasSize(before);
    assertThat(bundles.size()).isZero();
  }

  @Test
  void timeIsToldWithTheQuestionsNumber() {
    say("{'type':'clock','id':17}");

    JsonObject clock = socket.await("clock", 1).get(0);
    assertThat(clock.getInt("id")).isEqualTo(17);
    assertThat(clock.getJsonNumber("now").doubleValue())
        .isCloseTo(wallMicros() / 1000.0, offset(5000.0));
  }

  @Test
  void answersKeepTheOrderOfTheRequests() {
    subscribe(1, ",'format':'mjpeg'");
    say("{'type':'clock','id':1}");
    say("{'type':'pause','n':9}");
    subscribe(2, ",'format':'mjpeg'");
    say("{'type':'clock','id':2}");
    say("nonsense");

    socket.await("clock", 2);
    socket.await("error", 2);
    List<String> answers =
        socket.messages().stream()
            .map(BundleTest::type)
            .filter(type -> Set.of("subscribed", "clock", "error").contains(type))
            .toList();
    assertThat(answers)
        .containsExactly("subscribed", "clock", "error", "subscribed", "clock", "error");
  }

  @Test
  void tenthMistakeClosesTheSocket() {
    say("{'type':'of a later version'}");
    for (int i = 0; i < 9; i++) {
      say("nonsense");
    }
    assertThat(socket.await("error", 9)).allMatch(error -> error.getInt("code") == 4400);
    assertThat(socket.closed()).isEmpty();

    say("{'type':'pause'}");

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.BAD_REQUEST);
    assertThat(Outcome.BAD_REQUEST.subscriptionCode()).isEqualTo(4400);
  }

  @Test
  void clientThatSaysTooMuchIsClosed() {
    for (int i = 0; i < 300; i++) {
      say("{'type':'clock','id':1}");
      bundle.binary(Bytes.owning(new byte[8]));
    }
    assertThat(socket.closed()).isEmpty();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    say("{'type':'clock','id':1}");
    assertThat(socket.closed()).isEmpty();

    for (int i = 0; i < 10; i++) {
      String numbers = String.join(",", Collections.nCopies(60, "7"));
      say("{'type':'pause','n':[" + numbers + "]}");
    }

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.TOO_MANY);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 9, 65 * 8})
  void acknowledgementOfAnotherLengthClosesTheSocket(int size) {
    bundle.binary(Bytes.owning(new byte[8]));
    bundle.binary(Bytes.owning(new byte[64 * 8]));
    assertThat(socket.closed()).isEmpty();

    bundle.binary(Bytes.owning(new byte[size]));

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.BAD_REQUEST);
  }

  private static Bytes entry(int number, int sequence) {
    return Bytes.of(
        number >> 8, number, 0, 0, sequence >> 24, sequence >> 16, sequence >> 8, sequence);
  }

  /** Until it has got so many more pictures over a socket of its own, time has passed. */
  private void awaitOthers(FakeSocket others, int count) {
    others.frames(1, others.frames(1).size() + count, frame -> true);
  }

  private FakeSocket others() {
    FakeSocket others = new FakeSocket();
    open(others, Optional.empty())
        .text("{\"type\":\"subscribe\",\"n\":1,\"source\":\"gate\",\"format\":\"mjpeg\"}");
    return others;
  }

  @Test
  void clientThatAcknowledgesIsHeldUntilItDoesSoAgainAndGoesOnAtTheNewest() {
    FakeSocket others = others();
    subscribe(1, ",'format':'mjpeg'");
    Frame first = socket.frames(1, 1, frame -> true).get(0);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    bundle.binary(entry(1, first.sequence()));

    awaitOthers(others, 40);
    int held = socket.frames(1).size();
    awaitOthers(others, 15);
    List<Frame> before = socket.frames(1);
    assertThat(before).hasSize(held);
    assertThat(before.subList(1, held)).allMatch(frame -> frame.flags() == BundleMessages.KEY);

    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    bundle.binary(entry(1, before.get(held - 1).sequence()));

    Frame next = socket.frames(1, held + 1, frame -> true).get(held);
    assertThat(next.sequence()).isEqualTo(before.get(held - 1).sequence() + 1);
    assertThat(next.flags()).isEqualTo(BundleMessages.START | BundleMessages.KEY);
    assertThat(next.captureMicros() - before.get(held - 1).captureMicros()).isGreaterThan(1000000);
  }

  @Test
  void subscriptionThatIsNotAcknowledgedAnyMoreEndsAndTheOthersGoOn() {
    FakeSocket others = others();
    subscribe(1, ",'format':'mjpeg'");
    subscribe(2, ",'format':'mjpeg'");
    Frame first = socket.frames(1, 1, frame -> true).get(0);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    bundle.binary(entry(1, first.sequence()));
    bundle.binary(entry(7, 1));
    socket.frames(1, 4, frame -> true);
    for (int i = 0; i < 4; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
      awaitOthers(others, 2);
      tick();
      assertThat(socket.texts("end")).isEmpty();
    }

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    tick();

    JsonObject end = socket.await("end", 1).get(0);
    assertThat(end.getInt("n")).isEqualTo(1);
    assertThat(end.getInt("code")).isEqualTo(4408);
    assertThat(end.getBoolean("retry")).isTrue();
    int sent = socket.frames(2).size();
    socket.frames(2, sent + 20, frame -> true);
    assertThat(socket.closed()).isEmpty();
  }

  private void tick() {
    bundle.tick(SourceWords::of);
  }

  @Test
  void socketOnWhichNothingIsSubscribedToIsClosedAfterAMinute() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
    tick();
    assertThat(socket.closed()).isEmpty();
    subscribe(1, ",'format':'mjpeg'");
    socket.await("subscribed", 1);
    say("{'type':'pause','n':1}");
    socket.await("paused", 1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(90));
    tick();
    assertThat(socket.closed()).isEmpty();
    say("{'type':'unsubscribe','n':1}");
    socket.await("end", 1);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
    tick();

    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.TOO_SLOW);
  }

  @Test
  void socketThatTakesNothingIsCutAndOneThatMovesIsNot() {
    subscribe(1, ",'format':'mjpeg'");
    socket.frames(1, 1, frame -> true);
    socket.setReady(false);
    for (int i = 0; i < 5; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(19));
      bundle.moved();
      tick();
    }
    assertThat(socket.isCut()).isFalse();

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(21));
    tick();

    assertThat(socket.isCut()).isTrue();
  }

  @Test
  void subscriptionWithoutAPictureEndsAfterTenSeconds() {
    socket.setReady(false); // so it gets none
    subscribe(1, ",'format':'mjpeg'");
    socket.await("subscribed", 1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
    tick();
    assertThat(socket.texts("end")).isEmpty();

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    tick();

    JsonObject end = socket.await("end", 1).get(0);
    assertThat(end.getInt("code")).isEqualTo(4503);
    assertThat(end.getString("message")).contains("no picture within 10 s");
    awaitViewers(0);
  }

  @Test
  void stateIsToldWhenItIsNews() {
    subscribe(1, ",'format':'mjpeg'");
    socket.await("state", 1);
    SourceWords waiting = new SourceWords("waiting", 5, "no such host", "check it", 3);
    SourceWords more = new SourceWords("waiting", 5, "no such host", "check it", 4);

    bundle.tick(channel -> waiting);
    bundle.tick(channel -> more); // viewers come and go
    bundle.tick(channel -> waiting);

    List<JsonObject> states = socket.texts("state");
    assertThat(states).hasSize(2);
    assertThat(states.get(1).getInt("n")).isEqualTo(1);
    assertThat(states.get(1).getString("state")).isEqualTo("waiting");
    assertThat(states.get(1).getString("cause")).isEqualTo("no such host");
    assertThat(states.get(1).getString("advice")).isEqualTo("check it");
    assertThat(states.get(1).getInt("since")).isEqualTo(5);
    assertThat(states.get(1).getInt("viewers")).isEqualTo(3);
  }

  @Test
  void removedSourceEndsItsSubscriptionsAsNotFound() {
    subscribe(1, ",'format':'mjpeg'");
    socket.frames(1, 1, frame -> true);

    channels.remove(new SourceId("gate")).join();

    JsonObject end = socket.await("end", 1).get(0);
    assertThat(end.getInt("code")).isEqualTo(4404);
    assertThat(end.getBoolean("retry")).isFalse();
    assertThat(socket.closed()).isEmpty();
  }

  @Test
  void serverThatStopsEndsEachSubscriptionAndTheSocket() {
    subscribe(1, ",'format':'mjpeg'");
    subscribe(2, "");
    socket.await("subscribed", 2);
    say("{'type':'pause','n':2}");
    socket.await("paused", 1);

    bundles.close();

    List<JsonObject> ends = socket.texts("end");
    assertThat(ends.stream().map(end -> end.getInt("n"))).containsExactly(1, 2);
    assertThat(ends).allMatch(end -> end.getInt("code") == 1012 && end.getBoolean("retry"));
    assertThat(socket.closed().map(Closed::outcome)).contains(Outcome.SERVER_STOPS);
    assertThat(viewers()).isZero();
  }

  @Test
  void socketThatComesWhileTheServerStopsIsClosed() {
    bundles.close();
    FakeSocket late = new FakeSocket();

    open(late, Optional.empty()).closed();

    assertThat(late.closed().map(Closed::outcome)).contains(Outcome.SERVER_STOPS);
    assertThat(bundles.size()).isZero();
  }

  @Test
  void addressSubscribesFromTheStart() throws OutcomeException {
    bundle.closed();
    bundle = open(socket, Request.ofQuery("gate", name -> Optional.empty()));

    assertThat(socket.frames(1, 3, frame -> frame.kind() == 1)).isNotEmpty();
    assertThat(socket.texts("hello")).hasSize(2);
  }

  @Test
  void strictSubscriptionShowsNoCard() {
    subscribe(1, ",'format':'mjpeg','strict':true");

    List<Frame> frames = socket.frames(1, 10, frame -> true);

    assertThat(frames).allMatch(frame -> (frame.flags() & BundleMessages.CARD) == 0);
  }

  @Test
  void clientThatReadsNoAnswersIsCut() {
    socket.setReady(false);
    for (int i = 0; i < 1100 && !socket.isCut(); i++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
      say("{'type':'clock','id':1}");
    }

    assertThat(socket.isCut()).isTrue();
    assertThat(socket.texts("clock").size()).isLessThan(1010);
  }
}
