package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.ManySocket.Frame;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many sources over one WebSocket, by the fast door and by the container's. */
class ManyIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Within that, who may not watch any more gets nothing. */
  private static final Duration CUT = Duration.ofSeconds(1);

  private static final String MJPEG = ",'format':'mjpeg'";
  private static final String[] PATTERN = {
    "kind: test-pattern", "width: 160", "height: 96", "fps: 10", "linger: 1s"
  };

  @TempDir private static Path folder;
  private static final Map<String, TestServer> SERVERS = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    for (String fastDoor : List.of("auto", "off")) {
      SERVERS.put(fastDoor, start(folder.resolve(fastDoor), fastDoor));
    }
  }

  private static TestServer start(Path folder, String fastDoor) throws IOException {
    TestHome home = new TestHome(folder);
    for (String id : List.of("one", "two", "three", "killed", "removed", "few")) {
      home.source(id, PATTERN);
    }
    List<String> locked = new ArrayList<>(List.of(PATTERN));
    locked.add("access: link");
    home.source("locked", locked.toArray(String[]::new));
    List<String> sizes = new ArrayList<>(List.of(PATTERN));
    sizes.add("renditions: {mjpeg: {width: 160}, tiny: {format: mjpeg, width: 32}}");
    home.source("sizes", sizes.toArray(String[]::new));
    home.settings("hardware: off", "limits: {viewersPerSource: 20}");
    return TestServer.at(home.folder(), List.of("-Dzoetrope.fastDoor=" + fastDoor));
  }

  @AfterAll
  static void stop() throws IOException {
    for (TestServer server : SERVERS.values()) {
      server.close();
    }
  }

  private static ManySocket open(String fastDoor) throws IOException {
    return ManySocket.open(SERVERS.get(fastDoor).uri("live"));
  }

  private static int viewers(String fastDoor, String id) throws IOException {
    return SourceList.source(SERVERS.get(fastDoor), id).getInt("viewers");
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void threeSourcesInThreeFormatsComeOverOneSocket(String fastDoor) throws Exception {
    long before = System.currentTimeMillis();
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "one", "");
      client.subscribe(2, "two", ",'format':['mpeg1']");
      client.subscribe(65535, "three", MJPEG);

      List<Frame> fmp4 = client.awaitFrames(1, frames -> frames.size() > 15);
      List<Frame> mpeg1 = client.awaitFrames(2, frames -> frames.size() > 15);
      List<Frame> mjpeg = client.awaitFrames(65535, frames -> frames.size() > 15);

      JsonObject hello = client.await("hello", 0, 1);
      assertThat(client.socket().messages().get(0).text().orElseThrow()).contains("\"hello\"");
      assertThat(hello.getInt("version")).isEqualTo(1);
      assertThat(hello.getJsonNumber("now").longValue())
          .isBetween(before - 1, System.currentTimeMillis() + 1);
      assertThat(client.story(1).subList(0, 2)).containsExactly("subscribed", "state");
      assertThat(stateless(client, 1, 0).subList(0, 4))
          .containsExactly("subscribed", "init", "segment", "fragment");
      for (int number : List.of(2, 65535)) {
        assertThat(client.story(number).subList(0, 2)).containsExactly("subscribed", "state");
        assertThat(stateless(client, number, 0).subList(0, 3))
            .containsExactly("subscribed", "init", "fragment");
      }
      assertThat(client.await("init", 1, 1).getString("mime")).startsWith("video/mp4; codecs=");
      assertThat(client.await("init", 2, 1).getString("mime")).isEqualTo("video/mp2t");
      assertThat(client.await("init", 65535, 1).getString("mime")).isEqualTo("image/jpeg");
      assertThat(Boxes.types(fmp4.get(0).payload())).containsExactly("ftyp", "moov");
      for (Frame fragment : fmp4.subList(1, fmp4.size())) {
        assertThat(Boxes.types(fragment.payload())).containsExactly("prft", "moof", "mdat");
      }
      for (Frame fragment : mpeg1) {
        assertThat(fragment.payload().size() % 188).isZero();
        assertThat(fragment.payload().at(0)).isEqualTo(0x47);
      }
      for (Frame picture : mjpeg) {
        var image = ImageIO.read(new ByteArrayInputStream(picture.payload().toArray()));
        assertThat(image.getWidth()).isEqualTo(160);
        assertThat(picture.has(ManySocket.KEY)).isTrue();
      }
      for (List<Frame> frames : List.of(fmp4, mpeg1, mjpeg)) {
        assertThat(frames.stream().map(Frame::sequence))
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, frames.size()).mapToObj(Long::valueOf).toList());
        List<Frame> fragments = frames.stream().filter(Frame::isFragment).toList();
        assertThat(fragments.get(0).has(ManySocket.START)).isTrue();
        assertThat(fragments.get(0).has(ManySocket.KEY)).isTrue();
        assertThat(fragments.get(1).has(ManySocket.START)).isFalse();
        assertThat(fragments).noneMatch(frame -> frame.has(ManySocket.CARD));
        assertThat(fragments)
            .allMatch(
                frame ->
                    frame.captureMicros() >= before * 1000 - 2_000_000
                        && frame.captureMicros() <= (System.currentTimeMillis() + 1) * 1000);
      }
      client.acknowledge(1, fmp4.get(10).sequence());
      client.say("{'type':'clock','id':17}");
      assertThat(client.await("clock", 0, 1).getInt("id")).isEqualTo(17);
    }
    for (String id : List.of("one", "two", "three")) {
      await().atMost(LIMIT).until(() -> viewers(fastDoor, id) == 0);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void pauseGivesTheViewerBackAndResumeBeginsAnew(String fastDoor) throws Exception {
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "one", "");
      client.subscribe(2, "two", MJPEG);
      client.awaitFrames(1, frames -> frames.size() > 5);
      assertThat(viewers(fastDoor, "one")).isEqualTo(1);

      client.say("{'type':'pause','n':1}");
      client.await("paused", 1, 1);
      int told = client.story(1).size();
      long sequence = newest(client, 1).sequence();
      await().atMost(LIMIT).until(() -> viewers(fastDoor, "one") == 0);
      int others = client.frames(2).size();
      client.awaitFrames(2, frames -> frames.size() > others + 10);
      assertThat(client.story(1)).hasSize(told);

      client.say("{'type':'resume','n':[1]}");
      client.await("subscribed", 1, 2);
      client.awaitFrames(1, frames -> frames.get(frames.size() - 1).sequence() > sequence + 5);
      assertThat(client.story(1).subList(told, told + 2)).containsExactly("subscribed", "state");
      assertThat(stateless(client, 1, told).subList(0, 4))
          .containsExactly("subscribed", "init", "segment", "fragment");
      List<Frame> since =
          client.frames(1).stream().filter(frame -> frame.sequence() > sequence).toList();
      assertThat(since.get(0).sequence()).isEqualTo(sequence + 1);
      assertThat(since.get(1).has(ManySocket.START)).isTrue();
      assertThat(since.get(2).has(ManySocket.START)).isFalse();
      assertThat(viewers(fastDoor, "one")).isEqualTo(1);
    }
  }

  /** What was told from there on, but for states, which come at any time. */
  private static List<String> stateless(ManySocket client, int number, int from) {
    return client.story(number).stream().skip(from).filter(word -> !word.equals("state")).toList();
  }

  private static Frame newest(ManySocket client, int number) {
    List<Frame> frames = client.frames(number);
    return frames.get(frames.size() - 1);
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void deathOfTheCaptureIsANewRunAndNothingElse(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "killed", "");
      client.awaitFrames(1, frames -> frames.size() > 10);
      assertThat(client.texts("init", 1)).hasSize(1);

      capture(server).destroyForcibly();

      client.await("init", 1, 2);
      int runs = client.texts("init", 1).size();
      client.awaitFrames(
          1,
          frames ->
              frames.stream().filter(frame -> frame.kind() == 2).count() >= runs
                  && frames.get(frames.size() - 1).isFragment());
      List<Frame> frames = client.frames(1);
      for (int i = 0; i + 1 < frames.size(); i++) {
        if (frames.get(i).kind() == 2) {
          assertThat(frames.get(i + 1).has(ManySocket.START)).isTrue();
        }
        assertThat(frames.get(i + 1).sequence()).isEqualTo(frames.get(i).sequence() + 1);
      }
      client.awaitFrames(
          1,
          all -> {
            Frame last = all.get(all.size() - 1);
            return all.size() > frames.size() + 20 && !last.has(ManySocket.CARD);
          });
      assertThat(client.texts("end", 1)).isEmpty();
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                List<JsonObject> states = client.texts("state", 1);
                return states.get(states.size() - 1).getString("state").equals("live");
              });
    }
  }

  /** The process that makes the pattern, alone at work in this test but for encoders. */
  private static ProcessHandle capture(TestServer server) {
    return server.children().stream()
        .filter(
            process ->
                process.info().commandLine().map(line -> line.contains("lavfi")).orElse(false))
        .max((one, other) -> Long.compare(one.pid(), other.pid()))
        .orElseThrow();
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void revokedLinkEndsItsSubscriptionAndNoOther(String fastDoor) throws Exception {
    TestAdmin admin = new TestAdmin(SERVERS.get(fastDoor));
    JsonObject link = admin.link(List.of("locked"), List.of());
    JsonObject other = admin.link(List.of("locked"), List.of("mjpeg"));
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "locked", MJPEG + ",'link':'" + link.getString("link") + "'");
      client.subscribe(2, "locked", MJPEG + ",'link':'" + other.getString("link") + "'");
      client.subscribe(3, "one", MJPEG);
      client.subscribe(4, "locked", MJPEG);
      client.subscribe(5, "locked", ",'link':'" + other.getString("link") + "'");
      assertThat(client.await("end", 4, 1).getInt("code")).isEqualTo(4401);
      assertThat(client.await("end", 5, 1).getInt("code")).isEqualTo(4403);
      client.awaitFrames(1, frames -> frames.size() > 3);
      client.awaitFrames(2, frames -> frames.size() > 3);

      admin.revoke(link);

      await().atMost(CUT).until(() -> !client.texts("end", 1).isEmpty());
      JsonObject end = client.await("end", 1, 1);
      assertThat(end.getInt("code")).isEqualTo(4403);
      assertThat(end.getBoolean("retry")).isFalse();
      assertThat(end.getString("message")).isEqualTo("you may not watch this source any more");
      int second = client.frames(2).size();
      int third = client.frames(3).size();
      client.awaitFrames(2, frames -> frames.size() > second + 5);
      client.awaitFrames(3, frames -> frames.size() > third + 5);
      List<String> story = client.story(1);
      assertThat(story.get(story.size() - 1)).isEqualTo("end");
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void linkOfTheHandshakeIsForAllThatShowNoOther(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    String link = new TestAdmin(server).link(List.of("locked"), List.of()).getString("link");
    try (ManySocket client = ManySocket.open(server.uri("live?link=" + link))) {
      client.subscribe(1, "locked", "");
      client.subscribe(2, "locked", MJPEG);

      client.awaitFrames(1, frames -> frames.size() > 3);
      client.awaitFrames(2, frames -> frames.size() > 3);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void operatorEndsOneSubscription(String fastDoor) throws Exception {
    TestAdmin admin = new TestAdmin(SERVERS.get(fastDoor));
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "three", MJPEG);
      client.awaitFrames(1, frames -> frames.size() > 3);
      JsonObject viewer =
          new Operator(SERVERS.get(fastDoor))
              .get("sources/three/viewers")
              .asJsonArray()
              .getJsonObject(0);
      assertThat(viewer.getString("way")).isEqualTo("mjpeg");

      admin.call("DELETE", "sources/three/viewers/" + viewer.getString("id"), "", 204);

      assertThat(client.await("end", 1, 1).getInt("code")).isEqualTo(4403);
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void removedSourceIsNotFoundAndTheOthersGoOn(String fastDoor) throws Exception {
    TestAdmin admin = new TestAdmin(SERVERS.get(fastDoor));
    try (ManySocket client = open(fastDoor)) {
      client.subscribe(1, "removed", "");
      client.subscribe(2, "one", MJPEG);
      client.awaitFrames(1, frames -> frames.size() > 3);

      admin.call("DELETE", "sources/removed", "", 204);

      JsonObject end = client.await("end", 1, 1);
      assertThat(end.getInt("code")).isEqualTo(4404);
      assertThat(end.getBoolean("retry")).isFalse();
      int others = client.frames(2).size();
      client.awaitFrames(2, frames -> frames.size() > others + 5);
      client.subscribe(1, "removed", "");
      assertThat(client.await("end", 1, 2).getInt("code")).isEqualTo(4404);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void eachSubscriptionCountsInTheLimits(String fastDoor) throws Exception {
    try (ManySocket client = open(fastDoor)) {
      for (int number = 1; number <= 20; number++) {
        client.subscribe(number, "few", MJPEG);
      }
      client.await("subscribed", 20, 1);

      client.subscribe(21, "few", MJPEG);
      JsonObject end = client.await("end", 21, 1);
      assertThat(end.getInt("code")).isEqualTo(4503);
      assertThat(end.getBoolean("retry")).isTrue();

      client.say("{'type':'pause','n':5}");
      client.subscribe(21, "few", MJPEG);
      client.await("subscribed", 21, 1);
      client.awaitFrames(21, frames -> frames.size() > 3);
      client.say("{'type':'resume','n':5}");
      assertThat(client.await("end", 5, 1).getInt("code")).isEqualTo(4503);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void addressOfOneSourceSubscribesToIt(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    try (ManySocket client =
            ManySocket.open(server.uri("live/sizes?format=mjpeg&width=30&version=1"));
        ManySocket wide = ManySocket.open(server.uri("live/sizes?format=mjpeg,fmp4&width=33"));
        ManySocket nothing = ManySocket.open(server.uri("live/nothing"))) {
      List<Frame> frames = client.awaitFrames(1, all -> all.size() > 3);

      var image = ImageIO.read(new ByteArrayInputStream(frames.get(0).payload().toArray()));
      assertThat(image.getWidth()).isEqualTo(32);
      assertThat(client.await("subscribed", 1, 1).getString("rendition")).isEqualTo("tiny");
      assertThat(wide.await("subscribed", 1, 1).getString("rendition")).isEqualTo("mjpeg");
      assertThat(nothing.await("end", 1, 1).getInt("code")).isEqualTo(4404);
      assertThat(nothing.socket().isClosed()).isFalse();
      client.subscribe(2, "one", MJPEG);
      client.awaitFrames(2, all -> all.size() > 3);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void whatCannotBeUnderstoodIsToldAndTooMuchOfItCloses(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    try (ManySocket client = open(fastDoor);
        ManySocket later = ManySocket.open(server.uri("live?version=2"));
        ManySocket wrong = ManySocket.open(server.uri("live/one?format=gif"));
        ManySocket large = open(fastDoor);
        ManySocket odd = open(fastDoor);
        ManySocket binary = open(fastDoor)) {
      client.say("{'type':'of a later version'}");
      for (int i = 0; i < 9; i++) {
        client.say("{'type':'subscribe','n':" + i + "}");
      }
      JsonObject error = client.await("error", 0, 9);
      assertThat(error.getInt("code")).isEqualTo(4400);
      assertThat(error.getString("message")).contains("expected");
      client.say("[");
      assertThat(client.socket().awaitClose().code()).isEqualTo(4400);

      assertThat(later.socket().awaitClose().code()).isEqualTo(4400);
      assertThat(later.socket().awaitClose().reason()).isEqualTo("version: expected 1, got \"2\"");
      assertThat(wrong.socket().awaitClose().code()).isEqualTo(4400);
      large.say("{'type':'clock','id':1,'more':'" + "a".repeat(8192) + "'}");
      assertThat(large.socket().awaitClose().code()).isEqualTo(1009);
      odd.socket().say(0x81, new byte[] {(byte) 0xff});
      assertThat(odd.socket().awaitClose().code()).isEqualTo(1007);
      binary.socket().say(0x82, "1234567".getBytes(UTF_8));
      assertThat(binary.socket().awaitClose().code()).isEqualTo(4400);
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void serverThatStopsTellsEachSubscriptionAndCloses(String fastDoor) throws Exception {
    try (TestServer server = start(folder.resolve("stopped-" + fastDoor), fastDoor);
        ManySocket client = ManySocket.open(server.uri("live"));
        ManySocket idle = ManySocket.open(server.uri("live"))) {
      client.subscribe(1, "one", MJPEG);
      client.subscribe(2, "two", "");
      client.awaitFrames(1, frames -> frames.size() > 3);
      client.awaitFrames(2, frames -> frames.size() > 3);
      idle.await("hello", 0, 1);

      server.stop();

      assertThat(client.socket().awaitClose().code()).isEqualTo(1012);
      assertThat(idle.socket().awaitClose().code()).isEqualTo(1012);
      for (int number : List.of(1, 2)) {
        assertThat(client.await("end", number, 1).getInt("code")).isEqualTo(1012);
        assertThat(client.await("end", number, 1).getBoolean("retry")).isTrue();
      }
    }
  }
}
