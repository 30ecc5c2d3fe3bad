package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.server.FreePort;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has its sources from another one: real servers, a chain of three. */
class RelayIT {
  private static final Logger LOG = Logger.getLogger(RelayIT.class.getName());
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static TestServer ingress;
  private static TestServer middle;
  private static TestServer edge;
  private static int rtmpPort; // of the ingress

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("ingress"));
    rtmpPort = FreePort.find();
    home.settings("node: ingress", "rtmpPort: " + rtmpPort);
    home.source(
        "gate",
        "title: The gate",
        "kind: test-pattern",
        "width: 160",
        "height: 96",
        "fps: 10",
        "linger: 1s");
    home.source("office", "kind: test-pattern", "width: 160", "height: 96", "access: link");
    ingress = TestServer.at(home.folder());
    middle = follower("middle", ingress, "gate", "source: gate", "linger: 1s");
    edge = follower("edge", middle, "yard", "source: gate", "linger: 1s");
  }

  /** A node that has the source {@code id} from another. */
  private static TestServer follower(String name, TestServer origin, String id, String... lines)
      throws Exception {
    return follower(name, origin, origin.uri(), id, lines);
  }

  /**
   * @param way the address by which it has it
   */
  private static TestServer follower(
      String name, TestServer origin, URI way, String id, String... lines) throws Exception {
    return withKey(key(origin, name, "null"), name, way, id, lines);
  }

  private static TestServer withKey(String key, String name, URI way, String id, String... lines)
      throws Exception {
    TestHome home = new TestHome(folder.resolve(name));
    home.settings("node: " + name, "rtmpPort: 0");
    home.secrets("origin-key: \"" + key + "\"");
    home.source(
        id,
        "kind: relay",
        "origin: " + way.toString().replaceAll("/$", ""),
        "key: origin-key",
        String.join("\n", lines));
    return TestServer.at(home.folder());
  }

  /**
   * @param limit bits a second; {@code null} for none
   */
  private static String key(TestServer at, String title, String limit) throws Exception {
    return new TestAdmin(at)
        .call("POST", "nodes/keys", "{\"title\":\"" + title + "\",\"limit\":" + limit + "}", 201)
        .getString("key");
  }

  @AfterAll
  static void stop() throws Exception {
    for (TestServer server : List.of(edge, middle, ingress)) {
      server.close();
    }
  }

  @Test
  void eachFormatComesThroughTwoNodes() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/yard.mjpeg"));
        LiveStream gif = LiveStream.open(edge.uri("live/yard.gif"));
        LiveStream ts = LiveStream.open(edge.uri("live/yard.ts"));
        LiveStream mp4 = LiveStream.open(edge.uri("live/yard.mp4"))) {
      mjpeg.await("20 pictures", body -> MultipartCut.parts(body).size() >= 20);
      gif.await("20 images", body -> GifCut.images(body) >= 20);
      ts.await("transport packets", body -> body.length > 100 * 188 && body[188] == 0x47);
      byte[] film = mp4.await("20 frames", body -> fragments(body) >= 20);
      assertThat(Boxes.types(Bytes.owning(film))).startsWith("ftyp", "moov", "prft", "moof");
    }
    assertThat(SourceList.state(edge, "yard")).isEqualTo("live");
    assertThat(SourceList.source(edge, "yard").getString("title")).isEqualTo("The gate");
  }

  private static int fragments(byte[] film) {
    String text = new String(film, ISO_8859_1);
    return text.split("moof", -1).length - 1;
  }

  @Test
  void viewersGetTheBytesOfTheIngress() throws Exception {
    try (ManySocket there = ManySocket.open(ingress.uri("live"));
        ManySocket here = ManySocket.open(edge.uri("live"))) {
      there.subscribe(1, "gate", ",'tracks':'both'");
      here.subscribe(1, "yard", ",'tracks':'both'");
      Set<Bytes> sent =
          there.awaitFrames(1, frames -> frames.size() > 60).stream()
              .map(ManySocket.Frame::payload)
              .collect(Collectors.toSet());
      List<Bytes> got =
          here.awaitFrames(1, frames -> frames.size() > 30).stream()
              .map(ManySocket.Frame::payload)
              .toList();
      assertThat(got.stream().filter(sent::contains).count()).isGreaterThan(20);
    }
  }

  @Test
  void theFirstPictureOfAColdEdgeIsThereSoon() throws Exception {
    URI still = edge.uri("live/yard.jpg");
    try (LiveStream running = LiveStream.open(ingress.uri("live/gate.mjpeg"))) {
      running.await("a picture", body -> MultipartCut.parts(body).size() >= 1);
      try (LiveStream jpeg = LiveStream.open(still)) {
        jpeg.await("a picture", body -> jpeg.hasEndedWell() && body.length > 500);
      }
    }
  }

  @Test
  void whoIsBehindALinkAtHalfTheRateSeesYoungPicturesAllTheSame() throws Exception {
    try (SlowLink link = new SlowLink(middle.uri(), halfTheRate());
        TestServer slow = follower("slow", middle, link.uri(""), "gate")) {
      assertYoungPictures(slow);
    }
  }

  @Test
  void whoHasAKeyForHalfTheRateSeesYoungPicturesAndTakesNoMore() throws Exception {
    int half = halfTheRate();
    String key = key(middle, "limited", Integer.toString(half * 8));
    try (TestServer limited = withKey(key, "limited", middle.uri(), "gate")) {
      assertYoungPictures(limited);
      JsonObject link = origin(limited);
      assertThat(link.getJsonNumber("bytesPerSecond").doubleValue()).isLessThan(half * 1.5);
    }
  }

  /** Bytes a second. */
  private static int halfTheRate() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(middle.uri("live/gate.mjpeg"))) {
      mjpeg.awaitMore(5000);
      int before = mjpeg.size();
      TimeUnit.SECONDS.sleep(3);
      return (mjpeg.size() - before) / 3 / 2;
    }
  }

  private static JsonObject origin(TestServer of) throws Exception {
    JsonObject nodes = new TestAdmin(of).call("GET", "nodes", "", 200);
    return nodes.getJsonArray("origins").getJsonObject(0);
  }

  private static void assertYoungPictures(TestServer slow) throws Exception {
    try (ManySocket viewer = ManySocket.open(slow.uri("live"))) {
      viewer.subscribe(1, "gate", ",'format':'mjpeg'");
      List<Long> ages =
          viewer.awaitFrames(1, frames -> frames.size() > 60).stream()
              .skip(20)
              .map(frame -> frame.ageMicros() / 1000)
              .sorted()
              .toList();
      assertThat(ages.get(ages.size() * 95 / 100)).as("ms, of " + ages).isLessThan(1500);
      assertThat(origin(slow).getInt("lost")).isPositive();
    }
  }

  @Test
  void allSourcesOfANodeCanBeMirrored() throws Exception {
    try (TestServer mirror =
        follower("mirror", middle, "north", "source: '*'", "prefix: north-", "linger: 1s")) {
      await("the mirrored one").atMost(LIMIT).until(() -> isThere(mirror, "north-gate"));
      assertThat(SourceList.source(mirror, "north-gate").getString("title")).isEqualTo("The gate");
      assertThat(isThere(mirror, "north")).isFalse();
      try (LiveStream mjpeg = LiveStream.open(mirror.uri("live/north-gate.mjpeg"))) {
        mjpeg.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
      }
    }
  }

  private static boolean isThere(TestServer at, String id) throws Exception {
    try (LiveStream list = LiveStream.open(at.uri("live/"), "Accept", "application/json")) {
      return new String(list.await("the list", body -> list.hasEndedWell()), ISO_8859_1)
          .contains("\"id\":\"" + id + "\"");
    }
  }

  @Test
  void shareLinksOfTheIngressLetInFurtherDownUntilTheyAreRevoked() throws Exception {
    try (TestServer near = follower("near", ingress, "north", "source: '*'", "prefix: north-");
        TestServer far = follower("far", near, "study", "source: north-office")) {
      URI picture = far.uri("live/study.jpg");
      await("the source").atMost(LIMIT).until(() -> status(picture) == 401);
      JsonObject link = link("office");
      String value = "?link=" + link.getString("link");
      await("the link").atMost(LIMIT).until(() -> status(URI.create(picture + value)) == 200);
      assertThat(status(URI.create(picture + value + "x"))).isEqualTo(403);
      assertThat(status(near.uri("live/north-office.jpg" + value))).isEqualTo(200);
      JsonObject other = link("gate");
      assertThat(status(URI.create(picture + "?link=" + other.getString("link")))).isEqualTo(403);

      try (LiveStream mjpeg = LiveStream.open(far.uri("live/study.mjpeg" + value));
          LiveStream nearer = LiveStream.open(near.uri("live/north-office.mjpeg" + value))) {
        mjpeg.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
        nearer.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
        new TestAdmin(ingress).text("DELETE", "links/" + link.getString("id"), "", 204);
        long revoked = System.nanoTime();
        await("their ends").atMost(LIMIT).until(() -> mjpeg.hasEnded() && nearer.hasEnded());
        LOG.info(
            "a revocation took "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - revoked)
                + " ms down to the second node");
      }
      assertThat(status(URI.create(picture + value))).isEqualTo(403);
    }
  }

  private static JsonObject link(String source) throws Exception {
    return new TestAdmin(ingress)
        .call(
            "POST",
            "links",
            "{\"title\":\"friend\",\"sources\":[\"" + source + "\"],\"hours\":1}",
            201);
  }

  private static int status(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void soundAloneIsLiveAndPlaysThroughTwoNodes() throws Exception {
    put(ingress, "{'title': 'Tone', 'kind': 'rtmp-publish', 'key': {'value': 'long-and-random'}}");
    put(middle, "{'kind': 'relay', 'origin': '" + ingress.uri() + "', 'key': 'origin-key'}");
    put(edge, "{'kind': 'relay', 'origin': '" + middle.uri() + "', 'key': 'origin-key'}");
    await("the edge has heard of it")
        .atMost(LIMIT)
        .until(() -> SourceList.source(edge, "tone").getString("title").equals("Tone"));

    String address = "rtmp://127.0.0.1:" + rtmpPort + "/live/tone?key=long-and-random";
    try (Program publisher = Broadcast.to("flv", address, "-vn")) {
      SourceList.awaitState(ingress, "tone", "live");
      LiveStream mp4 = LiveStream.open(edge.uri("live/tone.mp4"));
      SourceList.awaitState(edge, "tone", "live");
      byte[] film = mp4.await("100 fragments", body -> fragments(body) >= 100);

      String text = new String(film, ISO_8859_1);
      assertThat(text.contains("soun") && !text.contains("vide")).as("sound alone").isTrue();
      assertThat(SourceList.state(edge, "tone")).isEqualTo("live");
      assertThat(publisher.isAlive()).isTrue();
      mp4.close();
    } finally {
      for (TestServer server : List.of(edge, middle, ingress)) {
        new TestAdmin(server).call("DELETE", "sources/tone", "", 204);
      }
    }
  }

  private static void put(TestServer at, String settings) throws Exception {
    new TestAdmin(at).call("PUT", "sources/tone", settings.replace('\'', '"'), 201);
  }

  @Test
  void nothingIsAskedForThatNobodyWatches() throws Exception {
    await("all has lingered out")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(SourceList.state(ingress, "gate")).isEqualTo("idle"));
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/yard.mjpeg"))) {
      mjpeg.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
      assertThat(viewersByRendition(ingress)).isEqualTo(Set.of("mjpeg"));
    }
    await("all has lingered out")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(SourceList.state(ingress, "gate")).isEqualTo("idle"));
  }

  private static Set<String> viewersByRendition(TestServer at) throws Exception {
    String list = new TestAdmin(at).text("GET", "sources/gate/viewers", "", 200);
    return Json.createReader(new StringReader(list)).readArray().stream()
        .map(viewer -> viewer.asJsonObject().getString("rendition"))
        .collect(Collectors.toSet());
  }
}
