package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.PublisherSocket.Closed;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers who come to the WAR by WebSocket: docs/PROTOCOL.md, 4, with each of its codes. */
@Timeout(90)
class PublishSocketIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String KEY = "correct horse&battery=staple";

  /** The first bytes of Matroska and of WebM. */
  private static final byte[] EBML = {0x1a, 0x45, (byte) 0xdf, (byte) 0xa3};

  @TempDir private static Path folder;
  private static TestServer server;
  private static TestAdmin admin;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.secrets("door: " + KEY);
    for (String id :
        List.of(
            "mpegts",
            "matroska",
            "webm",
            "flv",
            "mp4",
            "door",
            "other",
            "lost",
            "linked",
            "off",
            "switched",
            "silent",
            "mute",
            "large",
            "bad")) {
      home.source(id, "kind: http-publish", "key: door", "linger: 0s");
    }
    home.source("hidden", "kind: http-publish", "key: door", "linger: 0s", "access: link");
    home.source("taken", "kind: http-publish", "key: door", "takeOver: true", "linger: 0s");
    home.source("off", "kind: http-publish", "key: door", "enabled: false");
    home.source("pattern", "kind: test-pattern", "width: 320", "height: 180");
    home.source("secret", "kind: test-pattern", "access: link");
    server = TestServer.at(home.folder());
    admin = new TestAdmin(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static PublisherSocket ready(String id) {
    return PublisherSocket.ready(server, id, KEY);
  }

  /** How the server answers to that as the first message. */
  private static Closed answer(String id, String first) {
    try (PublisherSocket publisher = PublisherSocket.open(server, id)) {
      publisher.say(first);
      return publisher.awaitClose();
    }
  }

  private static boolean wasLive(PublisherSocket publisher) {
    return publisher.told("taken").stream()
        .anyMatch(taken -> taken.getString("state").equals("live"));
  }

  private static String byLink(JsonObject link) {
    return Json.createObjectBuilder()
        .add("type", "publish")
        .add("link", link.getString("link"))
        .build()
        .toString();
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @ValueSource(strings = {"mpegts", "matroska", "webm", "flv", "mp4"})
  void streamIsShownAndTakenToItsEnd(String format) throws Exception {
    try (PublisherSocket publisher = ready(format);
        LiveStream mjpeg = LiveStream.open(server.uri("live/" + format + ".mjpeg"));
        LiveClip clip = LiveClip.of(publisher, format, 4)) {
      mjpeg.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 20);
      await("live").atMost(LIMIT).until(() -> wasLive(publisher));
      clip.await();
      assertThat(publisher.isClosed()).isFalse();

      publisher.say("{\"type\":\"end\"}");

      assertThat(publisher.awaitClose()).isEqualTo(new Closed(1000, ""));
    }
  }

  @Test
  void publisherIsToldWhatIsTakenAndTheTime() throws Exception {
    try (PublisherSocket publisher = ready("door");
        LiveClip clip = LiveClip.endless(publisher, "matroska");
        LiveStream viewer = LiveStream.open(server.uri("live/door.mjpeg"))) {
      viewer.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 10);
      long brought = clip.bytes();

      await("all of it").atMost(LIMIT).until(() -> publisher.taken() >= brought);
      publisher.say("{\"type\":\"clock\",\"id\":17,\"more\":[1]}");
      publisher.say("{\"type\":\"of a later version\"}");
      JsonObject clock = publisher.await("clock");

      JsonObject ready = publisher.await("ready");
      assertThat(ready.getInt("version")).isEqualTo(1);
      assertThat(ready.getInt("most")).isEqualTo(1 << 20);
      assertThat(clock.getInt("id")).isEqualTo(17);
      assertThat(clock.getJsonNumber("now").doubleValue())
          .isGreaterThan(ready.getJsonNumber("now").doubleValue())
          .isBetween(System.currentTimeMillis() - 60_000.0, System.currentTimeMillis() + 1000.0);
      JsonObject taken = publisher.await("taken");
      assertThat(taken.getString("state")).isEqualTo("live");
      assertThat(taken.getInt("viewers")).isEqualTo(1);
      assertThat(taken.containsKey("now")).isTrue();
      assertThat(publisher.taken()).isLessThanOrEqualTo(clip.bytes());
    }
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | expected an object in JSON",
        "[] | expected an object in JSON",
        "{\"type\":5} | type: expected a text",
        "{\"type\":\"end\"} | expected {\"type\":\"publish\"",
        "{\"type\":\"clock\",\"id\":1} | expected {\"type\":\"publish\"",
        "{\"type\":\"publish\",\"key\":7} | key: expected a text",
        "{\"type\":\"publish\",\"key\":\"a\",\"link\":\"b\"} | expected key or link, got both",
      })
  void firstMessageThatIsNoneIsToldWhatWasExpected(String first, String reason) {
    Closed closed = answer("other", first);

    assertThat(closed.code()).isEqualTo(4400);
    assertThat(closed.reason()).contains(reason);
  }

  @Test
  void mediaBeforeTheFirstMessageIsRefused() {
    try (PublisherSocket publisher = PublisherSocket.open(server, "other")) {
      var unused = publisher.bring(EBML);

      assertThat(publisher.awaitClose().code()).isEqualTo(4400);
    }
  }

  @Test
  void versionThatIsNotSpokenIsRefused() {
    try (PublisherSocket publisher = PublisherSocket.open(server, "other?version=2")) {
      assertThat(publisher.awaitClose().code()).isEqualTo(4400);
    }
  }

  @Test
  void streamThatCannotBeReadIsToldWhy() {
    byte[] damaged = new byte[3000];
    System.arraycopy(EBML, 0, damaged, 0, EBML.length);
    try (PublisherSocket publisher = ready("bad")) {
      var unused = publisher.bring(damaged);
      publisher.say("{\"type\":\"end\"}");

      Closed closed = publisher.awaitClose();

      assertThat(closed.code()).isEqualTo(4400);
      assertThat(closed.reason()).isNotBlank();
    }
  }

  @Test
  void wrongKeyAndNoneAreRefused() {
    Closed none = answer("other", "{\"type\":\"publish\"}");
    Closed wrong = answer("other", "{\"type\":\"publish\",\"key\":\"open sesame\"}");

    assertThat(none).isEqualTo(new Closed(4401, "a key is needed to publish here"));
    assertThat(wrong).isEqualTo(new Closed(4401, "wrong key"));
    assertThat(server.log()).doesNotContain("sesame").doesNotContain("correct horse");
  }

  @Test
  void linkHasToNamePublishingAndThisSource() throws Exception {
    JsonObject forWatching = admin.link(List.of("other"), List.of());
    JsonObject forOther = admin.link(List.of("linked"), List.of("publish"));

    assertThat(answer("other", byLink(forWatching)))
        .isEqualTo(
            new Closed(
                4401, "this link is for watching, or for other sources; ask for one to publish"));
    assertThat(answer("other", byLink(forOther)).code()).isEqualTo(4401);
    assertThat(answer("other", "{\"type\":\"publish\",\"link\":\"none\"}").code()).isEqualTo(4401);
    assertThat(forOther.getString("path")).startsWith("/publish/linked?link=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linked", "hidden"})
  void linkLetsInUntilItIsRevoked(String id) throws Exception {
    JsonObject link = admin.link(List.of(id), List.of("publish"));
    try (PublisherSocket publisher = PublisherSocket.open(server, id)) {
      publisher.say(byLink(link));
      publisher.await("ready");
      try (LiveClip clip = LiveClip.endless(publisher, "matroska")) {
        await("live").atMost(LIMIT).until(() -> wasLive(publisher));
        assertThat(clip.bytes()).isPositive();

        admin.revoke(link);

        assertThat(publisher.awaitClose())
            .isEqualTo(new Closed(4403, "this link has expired, or was revoked"));
        assertThat(answer(id, byLink(link)).code()).isEqualTo(4401);
      }
    }
  }

  @Test
  void whereNobodyPublishesIsTold() {
    String publish = "{\"type\":\"publish\",\"key\":\"any\"}";

    assertThat(answer("nowhere", publish))
        .isEqualTo(new Closed(4404, "there is no source \"nowhere\""));
    assertThat(answer("pattern", publish).code()).isEqualTo(4404);
    assertThat(answer("pattern", publish).reason()).contains("of kind test-pattern");
    assertThat(answer("secret", publish))
        .isEqualTo(new Closed(4404, "nobody publishes to source secret here"));
  }

  @Test
  @Execution(CONCURRENT)
  void whoSaysNothingIsLetGo() {
    try (PublisherSocket publisher = PublisherSocket.open(server, "silent")) {
      Closed closed = publisher.awaitClose();

      assertThat(closed.code()).isEqualTo(4408);
      assertThat(closed.reason()).contains("within 10 s");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void whoBringsNothingIsLetGo() {
    try (PublisherSocket publisher = ready("mute")) {
      var unused = publisher.bring(EBML[0]);
      publisher.say("{\"type\":\"clock\",\"id\":1}");

      Closed closed = publisher.awaitClose();

      assertThat(closed).isEqualTo(new Closed(4408, "no stream came for 15 s"));
    }
  }

  @Test
  void secondPublisherIsRefusedAndTheLostOneMayReturn() throws Exception {
    try (Crowd crowd = Crowd.of(server, "lost", 1)) {
      try (PublisherSocket first = ready("lost");
          LiveClip clip = LiveClip.endless(first, "mpegts")) {
        SourceList.awaitState(server, "lost", "live");
        crowd.awaitMore("pictures", 20);

        Closed second =
            answer(
                "lost",
                Json.createObjectBuilder()
                    .add("type", "publish")
                    .add("key", KEY)
                    .build()
                    .toString());

        assertThat(second).isEqualTo(new Closed(4409, "somebody else is publishing already"));
        assertThat(first.isClosed()).isFalse();
        assertThat(clip.bytes()).isPositive();
      } // without a word
      SourceList.awaitCause(server, "lost", "nobody publishes at the moment");
      crowd.awaitMore("the card", 2);
      try (PublisherSocket again = ready("lost");
          LiveClip clip = LiveClip.endless(again, "matroska")) {
        SourceList.awaitState(server, "lost", "live");
        crowd.awaitMore("pictures again", 20);
        assertThat(clip.bytes()).isPositive();
      }
      crowd.isComplete();
    }
  }

  @Test
  void publisherTakesOverWhereThatIsWanted() throws Exception {
    try (PublisherSocket first = ready("taken");
        LiveClip of = LiveClip.endless(first, "mpegts")) {
      SourceList.awaitState(server, "taken", "live");
      try (PublisherSocket second = ready("taken");
          LiveClip clip = LiveClip.endless(second, "matroska")) {
        assertThat(first.awaitClose()).isEqualTo(new Closed(4409, "another publisher took over"));
        SourceList.awaitState(server, "taken", "live");
        long brought = clip.bytes();

        await("what the second brings").atMost(LIMIT).until(() -> second.taken() > brought);

        assertThat(second.isClosed()).isFalse();
        assertThat(of.bytes()).isPositive();
      }
    }
  }

  @Test
  void mediaOfNoKnownKindAreRefused() {
    try (PublisherSocket publisher = ready("other")) {
      var unused = publisher.bring("no media".repeat(200).getBytes(US_ASCII));

      Closed closed = publisher.awaitClose();

      assertThat(closed.code()).isEqualTo(4415);
      assertThat(closed.reason())
          .startsWith("expected MPEG-TS, Matroska or WebM, FLV or fragmented MP4, found ");
    }
    try (PublisherSocket publisher = ready("other")) {
      publisher.say("{\"type\":\"end\"}");

      assertThat(publisher.awaitClose().code()).isEqualTo(4415);
    }
  }

  @Test
  void messagesThatAreTooLargeOrTooManyAreRefused() {
    try (PublisherSocket publisher = ready("large")) {
      byte[] stuffing = new byte[(1 << 20) + 1]; // null packets of MPEG-TS: never anything to show
      for (int i = 0; i < stuffing.length; i += 188) {
        byte[] header = {0x47, 0x1f, (byte) 0xff, 0x10};
        System.arraycopy(header, 0, stuffing, i, Math.min(header.length, stuffing.length - i));
      }
      var unused = publisher.bring(stuffing);

      assertThat(publisher.awaitClose().code()).isEqualTo(1009);
    }
    try (PublisherSocket publisher = PublisherSocket.open(server, "other")) {
      publisher.say("{\"type\":\"publish\",\"key\":\"" + "x".repeat(9000) + "\"}");

      assertThat(publisher.awaitClose().code()).isEqualTo(1009);
    }
    try (PublisherSocket publisher = ready("other")) {
      CompletableFuture<Void> saying =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 700 && !publisher.isClosed(); i++) {
                  publisher.say("{\"type\":\"clock\",\"id\":" + i + "}");
                }
              });

      assertThat(publisher.awaitClose().code()).isEqualTo(4429);
      saying.exceptionally(ended -> null).join();
    }
  }

  @Test
  void sourceThatIsSwitchedOffTakesNobody() throws Exception {
    String publish =
        Json.createObjectBuilder().add("type", "publish").add("key", KEY).build().toString();
    assertThat(answer("off", publish))
        .isEqualTo(new Closed(4503, "source off is switched off by its operator"));

    try (PublisherSocket publisher = ready("switched");
        LiveClip clip = LiveClip.endless(publisher, "matroska")) {
      SourceList.awaitState(server, "switched", "live");

      admin.call("POST", "sources/switched/stop", "", 200);

      assertThat(publisher.awaitClose().code()).isEqualTo(1001);
      assertThat(clip.bytes()).isPositive();
    }
  }

  @Test
  void serverStopsInTimeAndSaysSo() throws Exception {
    TestHome busy = new TestHome(folder.resolve("busy"));
    busy.secrets("door: key").source("stream", "kind: http-publish", "key: door");
    try (TestServer stopped = TestServer.at(busy.folder());
        PublisherSocket waiting = PublisherSocket.ready(stopped, "stream", "key");
        PublisherSocket publisher = PublisherSocket.ready(stopped, "stream", "key");
        LiveClip clip = LiveClip.endless(publisher, "matroska")) {
      SourceList.awaitState(stopped, "stream", "live");

      Duration took = stopped.stop();

      assertThat(took).isLessThan(Duration.ofSeconds(3));
      Closed told = new Closed(1012, "the server is stopping, retry in 2 s");
      assertThat(publisher.awaitClose()).isEqualTo(told);
      assertThat(waiting.awaitClose()).isEqualTo(told);
      assertThat(clip.bytes()).isPositive();
    }
  }

  @Test
  void whatNobodyReadsIsNotTakenFromThePublisherEither() throws Exception {
    TestHome stuck = new TestHome(folder.resolve("stuck"));
    stuck.secrets("door: key");
    stuck.source("stream", "kind: http-publish", "key: door", "stallTimeout: 1m");
    byte[] piece = new byte[64 << 10];
    try (TestServer slow = TestServer.at(stuck.folder());
        PublisherSocket publisher = PublisherSocket.ready(slow, "stream", "key")) {
      try (LiveClip clip = LiveClip.endless(publisher, "matroska")) {
        SourceList.awaitState(slow, "stream", "live");
        for (ProcessHandle child : slow.children()) {
          Program.run("kill", "-STOP", Long.toString(child.pid()));
        }
        assertThat(clip.bytes()).isPositive();
      }

      int pieces = 0;
      CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
      boolean isHeldBack = false; // after that the server closes, and lets go what still comes
      while (pieces < 1000 && sending.isDone() && !isHeldBack) { // 64 MB, if somebody took them
        long begun = System.nanoTime();
        sending = publisher.bring(piece);
        pieces++;
        CompletableFuture<?> newest = sending;
        await("room, or the end of it")
            .atMost(LIMIT)
            .until(() -> newest.isDone() || publisher.isClosed());
        isHeldBack = System.nanoTime() - begun > Duration.ofSeconds(5).toNanos();
      }
      Closed closed = publisher.awaitClose();

      assertThat(closed).isEqualTo(new Closed(4408, "the source has read nothing for 10 s"));
      assertThat(pieces * (long) piece.length).isLessThan(32L << 20);
      assertThat(publisher.taken()).isLessThan(8L << 20);
    }
  }
}
