package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.RelaySocket.Part;
import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin's side of {@code WS /relay/v1}, as docs/PROTOCOL.md promises it to followers. */
class RelayDoorIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_PAYLOAD = 512 << 10;
  private static final String PUBLISH_KEY = "correct-horse-battery";
  private static final String[] PATTERN = {
    "title: The gate", "kind: test-pattern", "width: 160", "height: 96", "fps: 10", "linger: 1s"
  };

  @TempDir private static Path folder;
  private static TestServer server;
  private static TestAdmin admin;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    TestHome home =
        new TestHome(folder)
            .source("gate", PATTERN)
            .source("yard", PATTERN)
            .source("hidden", "kind: test-pattern", "enabled: false")
            .source(
                "big",
                "kind: pictures",
                "key: big-key",
                "renditions:",
                "  mjpeg: {width: 3840, quality: 2}")
            .secrets("big-key: " + PUBLISH_KEY);
    server = TestServer.at(home.folder());
    admin = new TestAdmin(server);
    key = key(admin).getString("key");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** What a test did not leave as it was, another would meet. */
  @AfterEach
  void awaitThatNobodyWatches() {
    for (String id : List.of("gate", "yard")) {
      await(id).atMost(LIMIT).until(() -> SourceList.source(server, id).getInt("viewers") == 0);
    }
  }

  /** A new one, for these sources; for all where none is named. */
  private static JsonObject key(TestAdmin at, String... sources)
      throws IOException, InterruptedException {
    JsonObjectBuilder body = Json.createObjectBuilder().add("title", "Test");
    if (sources.length > 0) {
      body.add("sources", Json.createArrayBuilder(List.of(sources)));
    }
    return at.call("POST", "nodes/keys", body.build().toString(), 201);
  }

  private static RelaySocket follower(String id) throws IOException {
    return RelaySocket.open(server, key, id);
  }

  private static Set<String> ids(JsonObject sources) {
    Set<String> ids = new HashSet<>();
    for (JsonValue source : sources.getJsonArray("sources")) {
      ids.add(source.asJsonObject().getString("id"));
    }
    return ids;
  }

  private static JsonObject source(JsonObject sources, String id) {
    return sources.getJsonArray("sources").stream()
        .map(JsonValue::asJsonObject)
        .filter(source -> source.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  // Coming in.

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer wrong", "Authorization: Basic eDp5"})
  void whoHasNoKeyIsToldThatAndNothingElse(String header) throws Exception {
    String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
    try (LiveSocket socket =
        LiveSocket.open(server.uri("relay/v1?version=1&node=a&name=A"), headers)) {
      LiveSocket.Closed closed = socket.awaitClose();

      assertThat(closed.code()).isEqualTo(4401);
      assertThat(closed.reason()).contains("key");
      assertThat(socket.messages()).isEmpty();
    }
  }

  @Test
  void helloIsFirstAndThenWhatThereIs() throws Exception {
    long before = System.currentTimeMillis();
    try (RelaySocket follower = follower("n-1")) {
      JsonObject sources = follower.await("sources", json -> true);

      assertThat(
              follower.socket().messages().stream()
                  .limit(2)
                  .map(message -> message.text().orElseThrow().substring(0, 15)))
          .containsExactly("{\"type\":\"hello\"", "{\"type\":\"source");
      JsonObject hello = follower.texts("hello").get(0);
      assertThat(hello.getInt("version")).isEqualTo(1);
      assertThat(hello.getString("node")).matches("[a-z0-9-]{1,64}");
      assertThat(hello.getString("name")).isNotBlank();
      assertThat(hello.getInt("most")).isEqualTo(4096);
      assertThat(hello.getJsonNumber("now").doubleValue())
          .isBetween(before - 5000.0, System.currentTimeMillis() + 5000.0);
      assertThat(ids(sources)).contains("gate", "yard", "big").doesNotContain("hidden");
      JsonObject gate = source(sources, "gate");
      assertThat(gate.getString("title")).isEqualTo("The gate");
      assertThat(gate.getString("access")).isEqualTo("public");
      assertThat(gate.getString("state")).isNotBlank();
      assertThat(gate.getJsonArray("path"))
          .isEqualTo(Json.createArrayBuilder().add(hello.getString("node")).build());
      JsonObject mjpeg = gate.getJsonArray("renditions").getJsonObject(0);
      assertThat(mjpeg.keySet())
          .containsExactlyInAnyOrder(
              "name", "format", "width", "fps", "quality", "bitrate", "bytesPerSecond", "encode");
    }
  }

  @Test
  void nextVersionIsSpokenAsThisOne() throws Exception {
    try (RelaySocket follower =
        RelaySocket.open(server.uri("relay/v1?version=2&node=n-1&name=A&more=1"), key)) {
      assertThat(follower.await("hello", json -> true).getInt("version")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version=3&node=a&name=A",
        "version=0&node=a&name=A",
        "version=x&node=a&name=A",
        "node=a&name=A",
        "version=1&name=A",
        "version=1&node=A_b&name=A",
        "version=1&node=a",
        "version=1&node=a&name=%0a",
        "version=1&node=a&name="
            + "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void whoDoesNotSayWhoComesIsRefused(String query) throws Exception {
    try (RelaySocket follower = RelaySocket.open(server.uri("relay/v1?" + query), key)) {
      assertThat(follower.socket().awaitClose().code()).isEqualTo(4400);
      assertThat(follower.socket().messages()).isEmpty();
    }
  }

  @Test
  void sourceThatWouldGoRoundInACircleIsNeitherOfferedNorGiven() throws Exception {
    String own;
    try (RelaySocket other = follower("n-1")) {
      own = other.await("hello", json -> true).getString("node");
    }
    try (RelaySocket follower = follower(own)) {
      assertThat(ids(follower.await("sources", json -> true))).isEmpty();

      follower.subscribe(1, "gate", "mjpeg");

      JsonObject end = follower.await("end", 1);
      assertThat(end.getInt("code")).isEqualTo(4409);
      assertThat(end.getBoolean("retry")).isFalse();
    }
  }

  @Test
  void keyIsForItsSourcesAndEndsWithinASecond() throws Exception {
    JsonObject ofGate = key(admin, "gate");
    try (RelaySocket follower = RelaySocket.open(server, ofGate.getString("key"), "n-1")) {
      assertThat(ids(follower.await("sources", json -> true))).containsExactly("gate");
      follower.subscribe(1, "yard", "mjpeg");
      assertThat(follower.await("end", 1).getInt("code")).isEqualTo(4403);
      follower.subscribe(2, "gate", "mjpeg");
      follower.await("gate", "mjpeg", parts -> parts.size() > 3);

      Instant begin = Instant.now();
      admin.call("DELETE", "nodes/keys/" + ofGate.getString("id"), "", 204);

      assertThat(follower.socket().awaitClose().code()).isEqualTo(4403);
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }
  }

  // What comes.

  @ParameterizedTest
  @CsvSource({
    "mjpeg, mjpeg, ffd8",
    "fmp4, fmp4, 000000207072",
    "mpeg1, mpeg1, 47",
    "gif, gif, 21fe",
    "packets, packets, ''",
    "still, mjpeg, ffd8"
  })
  void renditionComesFromItsDescriptionOnWithoutAGap(String rendition, String format, String magic)
      throws Exception {
    int count = rendition.equals("still") ? 3 : 15;
    try (RelaySocket follower = follower("n-1")) {
      follower.subscribe(7, "gate", rendition);

      List<Part> parts = follower.await("gate", rendition, all -> fragments(all).size() >= count);

      JsonObject subscribed = follower.texts("subscribed").get(0);
      assertThat(subscribed.getInt("n")).isEqualTo(7);
      assertThat(subscribed.getString("format")).isEqualTo(format);
      assertThat(follower.await("state", 7).getString("state")).isNotBlank();
      Part init = parts.get(0);
      assertThat(init.flags()).isEqualTo(RelaySocket.INIT);
      List<Object> description = RelaySocket.description(init.payload());
      String self = follower.texts("hello").get(0).getString("node");
      assertThat(description.get(0)).as("who made it").isEqualTo(self);
      assertThat(description.get(1)).isEqualTo(format);
      boolean hasSound = Set.of("fmp4", "mpeg1", "packets").contains(format);
      assertThat(description.get(3)).isEqualTo(hasSound ? 2 : 1);
      Part first = parts.get(1);
      assertThat(first.has(RelaySocket.JOIN) && first.has(RelaySocket.DISCONTINUITY)).isTrue();
      assertThat(first.has(RelaySocket.WHOLE)).isEqualTo(format.equals("gif"));
      List<Part> ofRun = fragments(parts).stream().filter(one -> one.run() == init.run()).toList();
      assertFollowing(parts);
      assertThat(ofRun).allMatch(one -> one.part() == 0 && one.parts() == 1);
      long now = System.currentTimeMillis() * 1000;
      assertThat(ofRun)
          .allMatch(one -> Math.abs(now - one.captureMicros()) < LIMIT.toNanos() / 1000)
          .allMatch(one -> hex(one.payload(), magic.length() / 2).equals(magic));
      List<Part> pictures = ofRun.stream().filter(one -> !one.has(RelaySocket.SOUND)).toList();
      assertThat(pictures.stream().map(Part::ptsMicros).toList()).isSorted();
      assertThat(pictures.size() < ofRun.size()).isEqualTo(hasSound);
      assertThat(init.run()).isBetween(now - Duration.ofHours(1).toNanos() / 1000, now + 1_000_000);
      if (format.equals("gif")) {
        assertWholeOnceASecond(parts.subList(1, parts.size()));
      }
    }
  }

  /** Each follows on the one before, or says that it does not, and is a join. */
  private static void assertFollowing(List<Part> parts) {
    int joined = RelaySocket.JOIN | RelaySocket.DISCONTINUITY;
    boolean isEntering = true; // a run
    long run = -1;
    long next = 0;
    for (Part part : parts) {
      if (part.has(RelaySocket.INIT)) {
        isEntering = true;
        run = part.run();
        next = part.sequence();
        continue;
      }
      assertThat(part.run()).isEqualTo(run);
      assertThat(part.sequence()).isGreaterThanOrEqualTo(next);
      if (isEntering || part.sequence() != next) {
        assertThat(part.flags() & joined).isEqualTo(joined);
      }
      isEntering = false;
      next = part.sequence() + (part.has(RelaySocket.WHOLE) ? 0 : 1);
    }
  }

  /** What counts: neither descriptions, nor what goes before the changes of a GIF. */
  private static List<Part> fragments(List<Part> parts) {
    return parts.stream()
        .filter(part -> !part.has(RelaySocket.INIT) && !part.has(RelaySocket.WHOLE))
        .toList();
  }

  private static void assertWholeOnceASecond(List<Part> parts) {
    long whole = -1_000_000;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.has(RelaySocket.WHOLE)) {
        assertThat(part.ptsMicros() - whole).isGreaterThanOrEqualTo(1_000_000);
        assertThat(part.has(RelaySocket.JOIN)).isTrue();
        whole = part.ptsMicros();
      } else {
        boolean isBehindWhole = parts.get(i - 1).has(RelaySocket.WHOLE);
        assertThat(part.has(RelaySocket.JOIN)).isEqualTo(isBehindWhole);
      }
    }
  }

  private static String hex(Bytes bytes, int count) {
    return HexFormat.of().formatHex(bytes.slice(0, count).toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mjpeg", "fmp4", "mpeg1", "gif", "packets"})
  void allFollowersGetTheSameBytesUnderTheSameNumbers(String rendition) throws Exception {
    try (RelaySocket one = follower("n-1");
        RelaySocket other = follower("n-2")) {
      one.subscribe(1, "gate", rendition);
      one.await("gate", rendition, parts -> parts.size() > 5);
      other.subscribe(1, "gate", rendition);
      other.await("gate", rendition, parts -> parts.size() > 15);
      long newest = one.parts("gate", rendition).size();
      List<Part> ofOne = one.await("gate", rendition, parts -> parts.size() > newest + 5);

      Map<String, Bytes> payloads = payloads(ofOne);
      Map<String, Bytes> both = payloads(other.parts("gate", rendition));
      both.keySet().retainAll(payloads.keySet());

      assertThat(both).hasSizeGreaterThan(10);
      assertThat(payloads).containsAllEntriesOf(both);
    }
  }

  private static Map<String, Bytes> payloads(List<Part> parts) {
    return parts.stream()
        .filter(part -> !part.has(RelaySocket.INIT) || part.payload().size() > 0)
        .collect(toMap(Part::name, Part::payload));
  }

  @Test
  void whatIsNotWantedAnyMoreStopsAndRunsOut() throws Exception {
    try (RelaySocket follower = follower("n-1")) {
      follower.subscribe(1, "yard", "mjpeg");
      follower.await("yard", "mjpeg", parts -> parts.size() > 3);
      assertThat(SourceList.source(server, "yard").getInt("viewers")).isEqualTo(1);

      follower.say("{'type':'unsubscribe','n':1}");

      assertThat(follower.await("end", 1).getInt("code")).isEqualTo(1000);
      int count = follower.parts("yard", "mjpeg").size();
      SourceList.awaitState(server, "yard", "idle"); // linger is 1 s
      assertThat(follower.parts("yard", "mjpeg")).hasSize(count);
      assertThat(source(follower.await("sources", json -> isIdle(json, "yard")), "yard"))
          .isNotNull();
    }
  }

  private static boolean isIdle(JsonObject sources, String id) {
    return source(sources, id).getString("state").equals("idle");
  }

  @Test
  void sourcesComeAgainWhenTheyAreOther() throws Exception {
    try (RelaySocket follower = follower("n-1")) {
      follower.await("sources", json -> isIdle(json, "yard"));

      follower.subscribe(1, "yard", "mjpeg");
      follower.await("sources", json -> source(json, "yard").getString("state").equals("live"));
      int before = follower.texts("sources").size();
      new TestHome(folder).source("more", PATTERN);

      JsonObject newest = follower.await("sources", json -> ids(json).contains("more"));
      assertThat(follower.texts("sources").size()).isGreaterThan(before);
      assertThat(source(newest, "more").getString("title")).isEqualTo("The gate");
    }
  }

  /** A picture that no codec makes small. */
  private static byte[] noise() throws IOException {
    BufferedImage image = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, "jpeg", bytes)).isTrue();
    return bytes.toByteArray();
  }

  @Test
  void largePayloadComesInParts() throws Exception {
    byte[] picture = noise();
    try (RelaySocket follower = follower("n-1")) {
      follower.subscribe(1, "big", "mjpeg");
      follower.await("subscribed", 1);
      HttpRequest request =
          HttpRequest.newBuilder(server.uri("publish/big/picture"))
              .header("Authorization", "Bearer " + PUBLISH_KEY)
              .POST(BodyPublishers.ofByteArray(picture))
              .build();
      assertThat(LiveStream.CLIENT.send(request, BodyHandlers.ofString()).statusCode())
          .isLessThan(300);

      List<Part> parts =
          follower.await(
              "big",
              "mjpeg",
              all ->
                  all.stream().anyMatch(one -> one.parts() > 1 && one.part() == one.parts() - 1));

      Part last =
          parts.stream()
              .filter(one -> one.part() == one.parts() - 1 && one.parts() > 1)
              .findFirst()
              .orElseThrow();
      List<Part> whole =
          parts.stream()
              .filter(
                  one ->
                      one.sequence() == last.sequence()
                          && one.run() == last.run()
                          && !one.has(RelaySocket.INIT))
              .toList();
      assertThat(whole.stream().map(Part::part).toList())
          .isEqualTo(IntStream.range(0, last.parts()).boxed().toList());
      assertThat(whole.subList(0, whole.size() - 1))
          .allMatch(one -> one.payload().size() == MOST_PAYLOAD);
      assertThat(whole).allMatch(one -> one.flags() == last.flags());
      Bytes joined = Bytes.concat(whole.stream().map(Part::payload).toArray(Bytes[]::new));
      assertThat(hex(joined, 2)).isEqualTo("ffd8");
      assertThat(hex(joined.slice(joined.size() - 2, joined.size()), 2)).isEqualTo("ffd9");
    }
  }

  // What is said.

  @ParameterizedTest
  @CsvSource({
    "nobody, mjpeg, 4404",
    "../gate, mjpeg, 4404",
    "gate, huge, 4400",
    "hidden, mjpeg, 4503",
  })
  void whatCannotBeHadEndsAtOnce(String source, String rendition, int code) throws Exception {
    try (RelaySocket follower = follower("n-1")) {
      follower.subscribe(3, source, rendition);

      assertThat(follower.await("end", 3).getInt("code")).isEqualTo(code);
      assertThat(follower.texts("subscribed")).isEmpty();
      assertThat(follower.socket().isClosed()).isFalse();
    }
  }

  @Test
  void clockIsToldAndWhatIsNotKnownIsPassedOver() throws Exception {
    try (RelaySocket follower = follower("n-1")) {
      follower.say("{'type':'of a later version','n':[1]}");
      follower.acknowledge(9, 1);
      follower.say("{'type':'clock','id':17,'more':true}");

      JsonObject clock = follower.await("clock", json -> json.getInt("id") == 17);
      assertThat(clock.getJsonNumber("now").doubleValue()).isGreaterThan(1e12);
      assertThat(follower.texts("error")).isEmpty();
    }
  }

  @Test
  void whatIsBelowMayBeLong() throws Exception {
    String link = "{'id':'n-2','viewers':3,'below':[]}";
    String links = String.join(",", Collections.nCopies(1500, link));
    String deep = "[".repeat(2000) + "]".repeat(2000);
    try (RelaySocket follower = follower("n-1")) {
      follower.say("{'type':'below','viewers':12,'links':[" + links + "]}");
      follower.say("{'type':'clock','id':1}");
      follower.await("clock", json -> true);
      assertThat(follower.texts("error")).isEmpty();

      follower.say("{'type':'below','links':" + deep + "}");
      assertThat(follower.await("error", json -> true).getInt("code")).isEqualTo(4400);

      ByteBuffer tooLarge = ByteBuffer.allocate(14 + 0x10001); // masked by zeros
      tooLarge.put((byte) 0x81).put((byte) 0xff).putLong(0x10001);
      follower.socket().sayRaw(tooLarge.array());
      assertThat(follower.socket().awaitClose().code()).isEqualTo(1009);
    }
  }

  @Test
  void whoTalksNonsenseIsClosedAndTheOthersGoOn() throws Exception {
    try (RelaySocket other = follower("n-2");
        RelaySocket follower = follower("n-1")) {
      other.subscribe(1, "gate", "mjpeg");
      for (int i = 0; i < 10; i++) {
        follower.say(i % 2 == 0 ? "nonsense" : "{'type':'subscribe','n':1,'source':'gate'}");
      }

      assertThat(follower.socket().awaitClose().code()).isEqualTo(4400);
      int count = other.parts("gate", "mjpeg").size();
      other.await("gate", "mjpeg", parts -> parts.size() > count + 5);
    }
    try (RelaySocket follower = follower("n-1")) {
      follower.socket().say(0x82, "too short".getBytes(US_ASCII));
      assertThat(follower.socket().awaitClose().code()).isEqualTo(4400);
    }
    try (RelaySocket follower = follower("n-1")) {
      follower.socket().say(0x81, new byte[] {(byte) 0xff, (byte) 0xfe});
      assertThat(follower.socket().awaitClose().code()).isEqualTo(1007);
    }
  }

  /** It is a viewer like any other, but that it pauses nothing. */
  @Test
  void followerThatAcknowledgesGoesOn() throws Exception {
    try (RelaySocket follower = follower("n-1")) {
      follower.subscribe(1, "gate", "mjpeg");
      for (int i = 1; i <= 8; i++) {
        int wanted = 5 * i;
        int count = follower.await("gate", "mjpeg", parts -> parts.size() >= wanted).size();
        follower.acknowledge(1, count);
      }

      List<Part> parts = follower.parts("gate", "mjpeg");
      assertFollowing(parts);
      assertThat(follower.texts("end")).isEmpty();
    }
  }

  // The end.

  @Test
  void originThatStopsLetsItsFollowersGoElsewhereFirst(@TempDir Path other) throws Exception {
    TestHome home = new TestHome(other).source("gate", PATTERN);
    try (TestServer stopping = TestServer.at(home.folder())) {
      String itsKey = key(new TestAdmin(stopping)).getString("key");
      try (RelaySocket one = RelaySocket.open(stopping, itsKey, "n-1");
          RelaySocket idle = RelaySocket.open(stopping, itsKey, "n-2")) {
        one.subscribe(1, "gate", "mjpeg");
        one.await("gate", "mjpeg", parts -> parts.size() > 3);
        idle.await("hello", json -> true);

        CompletableFuture<Duration> stopped = CompletableFuture.supplyAsync(stopping::stop);
        JsonObject drain = one.await("drain", json -> true);
        int count = one.parts("gate", "mjpeg").size();
        one.await("gate", "mjpeg", parts -> parts.size() > count + 3); // it goes on meanwhile
        one.say("{'type':'unsubscribe','n':1}");

        assertThat(drain.getInt("within")).isBetween(1, 3000);
        assertThat(one.socket().awaitClose().code()).isEqualTo(1001);
        assertThat(idle.socket().awaitClose().code()).isEqualTo(1001);
        assertThat(one.texts("end").get(0).getInt("code")).isEqualTo(1000);
        assertThat(stopped.get()).isLessThan(Duration.ofSeconds(4));
      }
    }
  }
}
