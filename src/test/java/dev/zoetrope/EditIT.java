package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources of the real WAR, edited by its API and by hand while they are watched. */
class EditIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What edits by hand may take. */
  private static final Duration BY_HAND = Duration.ofSeconds(2);

  private static final String PATTERN =
      "{\"kind\": \"test-pattern\", \"width\": 320, \"height\": 180, \"fps\": 10}";

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String token() throws Exception {
    return Files.readAllLines(home.folder().resolve("secrets.yaml")).stream()
        .filter(line -> line.startsWith("admin-token:"))
        .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
        .findFirst()
        .orElseThrow();
  }

  private static HttpResponse<String> call(
      String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("api/v1/sources" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token())
            .timeout(LIMIT.plusSeconds(30));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonObject json(HttpResponse<String> answer) {
    try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
      return reader.readObject();
    }
  }

  private static String tag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private static void create(String id, String body) throws Exception {
    HttpResponse<String> answer = call("PUT", "/" + id, body, "If-None-Match", "*");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  private static Path file(String id) {
    return home.folder().resolve("sources").resolve(id + ".yaml");
  }

  private static long processesOfPatterns(String size) {
    return server.children().stream()
        .filter(child -> child.info().commandLine().orElse("").contains("testsrc2=size=" + size))
        .count();
  }

  @Test
  void sourceIsCreatedReplacedChangedAndDeleted() throws Exception {
    create("made", PATTERN);
    HttpResponse<String> got = call("GET", "/made", "");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(json(got).getJsonObject("settings").getInt("width")).isEqualTo(320);
    assertThat(json(got).getString("state")).isEqualTo("idle");
    assertThat(Files.readString(file("made"))).contains("kind: test-pattern\n", "width: 320\n");

    assertThat(call("PUT", "/made", PATTERN).statusCode()).isEqualTo(428);
    assertThat(call("PUT", "/made", PATTERN, "If-None-Match", "*").statusCode()).isEqualTo(412);
    assertThat(call("PUT", "/made", PATTERN, "If-Match", "\"old\"").statusCode()).isEqualTo(412);
    String longer =
        PATTERN.replace("}", ", \"title\": \"Made\", \"renditions\": {\"gif\": false}}");
    HttpResponse<String> replaced = call("PUT", "/made", longer, "If-Match", tag(got));
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(tag(replaced)).isNotEqualTo(tag(got)).isEqualTo(tag(call("GET", "/made", "")));
    assertThat(SourceList.source(server, "made").getString("title")).isEqualTo("Made");
    assertThat(SourceList.source(server, "made").getJsonArray("renditions")).hasSize(3);

    HttpResponse<String> patched = call("PATCH", "/made", "{\"title\": null, \"linger\": \"1s\"}");
    assertThat(patched.statusCode()).isEqualTo(200);
    assertThat(json(patched).getString("title")).isEqualTo("made");
    assertThat(Files.readString(file("made"))).contains("linger: 1s").doesNotContain("title");
    assertThat(call("PATCH", "/made", "{}", "If-Match", tag(replaced)).statusCode()).isEqualTo(412);

    assertThat(call("DELETE", "/made", "", "If-Match", tag(replaced)).statusCode()).isEqualTo(412);
    assertThat(call("DELETE", "/made", "").statusCode()).isEqualTo(204);
    assertThat(call("GET", "/made", "").statusCode()).isEqualTo(404);
    assertThat(call("DELETE", "/made", "").statusCode()).isEqualTo(404);
    assertThat(call("PATCH", "/made", "{}").statusCode()).isEqualTo(404);
    assertThat(file("made")).doesNotExist();
  }

  @Test
  void viewersOfAChangedSourceStayAndSeeTheNewPicture() throws Exception {
    create("watched", PATTERN);
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/watched.mjpeg"));
        LiveStream ts = LiveStream.open(server.uri("live/watched.ts"));
        LiveStream gif = LiveStream.open(server.uri("live/watched.gif"));
        LiveSocket fmp4 = LiveSocket.open(server.uri("live/watched/fmp4"));
        LiveSocket mpeg1 = LiveSocket.open(server.uri("live/watched/mpeg1"))) {
      List<LiveStream> viewers = List.of(mjpeg, ts, gif);
      viewers.forEach(viewer -> viewer.awaitMore(20_000));
      fmp4.await("fragments", messages -> messages.size() > 10);
      mpeg1.await("pictures", messages -> messages.size() > 10);
      SourceList.awaitState(server, "watched", "live");
      long runs = runs(fmp4);

      HttpResponse<String> patched = call("PATCH", "/watched", "{\"width\": 352}");

      assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
      assertThat(json(patched).getString("state")).isEqualTo("live");
      Awaitility.await("the old one gone")
          .atMost(LIMIT)
          .until(() -> processesOfPatterns("320x180") == 0 && processesOfPatterns("352x180") == 1);
      viewers.forEach(viewer -> viewer.awaitMore(40_000));
      fmp4.await("another run", messages -> runs(fmp4) > runs);
      int before = fmp4.count();
      int pictures = mpeg1.count();
      fmp4.await("fragments of it", messages -> messages.size() > before + 10);
      mpeg1.await("pictures of it", messages -> messages.size() > pictures + 10);
      assertThat(viewers).noneMatch(LiveStream::hasEnded);
      assertThat(fmp4.isClosed() || mpeg1.isClosed()).isFalse();
      assertThat(json(call("GET", "/watched", "")).getInt("viewers")).isEqualTo(5);
      assertThat(call("GET", "/watched/timeline", "").body())
          .contains("CHANGED")
          .doesNotContain("LOST", "EXITED", "STALLED");
    }
  }

  /** Each begins with a text message. */
  private static long runs(LiveSocket fmp4) {
    return fmp4.messages().stream().filter(message -> message.text().isPresent()).count();
  }

  @Test
  void settingsThatBringNoPictureLeaveTheOldOnesRunning() throws Exception {
    create("lasting", PATTERN);
    try (LiveStream viewer = LiveStream.open(server.uri("live/lasting.mjpeg"))) {
      viewer.awaitMore(20_000);
      SourceList.awaitState(server, "lasting", "live");
      String before = Files.readString(file("lasting"));

      HttpResponse<String> answer =
          call(
              "PUT",
              "/lasting",
              "{\"kind\": \"url\", \"url\": \"rtmp://127.0.0.1:1/live/x\"}",
              "If-Match",
              tag(call("GET", "/lasting", "")));

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("detail")).contains("goes on as before", "127.0.0.1:1");
      assertThat(Files.readString(file("lasting"))).isEqualTo(before);
      viewer.awaitMore(20_000);
      assertThat(viewer.hasEnded()).isFalse();
      assertThat(SourceList.state(server, "lasting")).isEqualTo("live");
    }
  }

  @Test
  void deletedSourceEndsItsViewersAndProcesses() throws Exception {
    create("going", PATTERN.replace("180", "182"));
    try (LiveStream viewer = LiveStream.open(server.uri("live/going.mjpeg"))) {
      viewer.awaitMore(10_000);

      assertThat(call("DELETE", "/going", "").statusCode()).isEqualTo(204);

      Awaitility.await("end").atMost(LIMIT).until(viewer::hasEnded);
      Awaitility.await("no process").atMost(LIMIT).until(() -> processesOfPatterns("320x182") == 0);
    }
  }

  @Test
  void stoppedSourceStaysSoUntilItIsStarted() throws Exception {
    create("switched", PATTERN);
    try (LiveStream viewer = LiveStream.open(server.uri("live/switched.mjpeg"))) {
      viewer.awaitMore(10_000);

      JsonObject restarted = json(call("POST", "/switched/restart", ""));
      assertThat(restarted.getBoolean("enabled")).isTrue();
      viewer.awaitMore(20_000);
      assertThat(viewer.hasEnded()).isFalse();

      assertThat(json(call("POST", "/switched/stop", "")).getBoolean("enabled")).isFalse();
      Awaitility.await("end").atMost(LIMIT).until(viewer::hasEnded);
      assertThat(Files.readString(file("switched"))).contains("enabled: false");
      try (LiveStream refused = LiveStream.open(server.uri("live/switched.mjpeg"))) {
        assertThat(refused.head().statusCode()).isEqualTo(503);
      }
    }

    assertThat(json(call("POST", "/switched/start", "")).getBoolean("enabled")).isTrue();
    assertThat(Files.readString(file("switched"))).doesNotContain("enabled");
    try (LiveStream viewer = LiveStream.open(server.uri("live/switched.mjpeg"))) {
      viewer.awaitMore(10_000);
    }
    assertThat(call("POST", "/switched/jump", "").statusCode()).isEqualTo(404);
  }

  @Test
  void editsByHandAreSeenAndTheirCommentsKept() throws Exception {
    home.source("hand", "# by hand", "kind: test-pattern   # moving");
    Awaitility.await("seen")
        .atMost(BY_HAND)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> call("GET", "/hand", "").statusCode() == 200);

    call("PATCH", "/hand", "{\"title\": \"Hand\"}");
    assertThat(Files.readString(file("hand")))
        .isEqualTo("# by hand\nkind: test-pattern   # moving\ntitle: Hand\n");

    home.source("hand", "kind: test-pattern", "titel: Wrong");
    Awaitility.await("mistake")
        .atMost(BY_HAND)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !json(call("GET", "/hand", "")).getJsonArray("mistakes").isEmpty());
    JsonObject wrong = json(call("GET", "/hand", ""));
    JsonObject mistake = wrong.getJsonArray("mistakes").getJsonObject(0);
    assertThat(wrong.getString("title")).isEqualTo("Hand");
    assertThat(mistake.getInt("line")).isEqualTo(2);
    assertThat(mistake.getString("key")).isEqualTo("titel");
    assertThat(mistake.getString("remedy")).contains("did you mean title");

    Files.delete(file("hand"));
    Awaitility.await("gone")
        .atMost(BY_HAND)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> call("GET", "/hand", "").statusCode() == 404);
  }

  @Test
  void secretsAreTakenAndNeverGivenBack() throws Exception {
    create("door", "{\"kind\": \"http-publish\", \"key\": \"op3n-sesame\"}");

    HttpResponse<String> got = call("GET", "/door", "");
    String name = json(got).getJsonObject("settings").getString("key");
    assertThat(name).startsWith("door-key-");
    assertThat(got.body() + call("GET", "", "").body() + server.log()).doesNotContain("op3n");
    assertThat(Files.readString(file("door"))).contains("key: " + name).doesNotContain("op3n");
    assertThat(Files.readString(home.folder().resolve("secrets.yaml")))
        .contains(name + ": \"op3n-sesame\"");
    JsonObject refused = json(call("PATCH", "/door", "{\"key\": {\"value\": [\"op3n\"]}}"));
    assertThat(refused.getJsonArray("errors").getJsonObject(0).getString("key")).isEqualTo("key");
  }

  private static int publish(String id, String key) throws Exception {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("publish/" + id + "/picture"))
            .PUT(BodyPublishers.ofByteArray(jpeg.toByteArray()))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "image/jpeg")
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.ofString()).statusCode();
  }

  @Test
  void keyThatIsChangedLetsThePublisherInWithTheNewOneOnly() throws Exception {
    create("pushed", "{\"kind\": \"pictures\", \"key\": \"first key\"}");
    try (LiveStream viewer = LiveStream.open(server.uri("live/pushed.mjpeg"))) {
      assertThat(publish("pushed", "first key")).isBetween(200, 299);
      SourceList.awaitState(server, "pushed", "live");

      assertThat(call("PATCH", "/pushed", "{\"key\": \"second key\"}").statusCode()).isEqualTo(200);

      assertThat(publish("pushed", "first key")).isBetween(400, 499);
      Awaitility.await("after a wrong key, the next one is looked at")
          .atMost(LIMIT)
          .until(() -> publish("pushed", "second key") / 100 == 2);
      SourceList.awaitState(server, "pushed", "live");
      assertThat(viewer.hasEnded()).isFalse();
    }
  }

  @Test
  void serverKilledAmongEditsStartsWithAWholeState() throws Exception {
    for (int round = 0; round < 2; round++) {
      TestHome own = new TestHome(folder.resolve("killed-" + round));
      int least = 3 + 11 * round;
      AtomicInteger done = new AtomicInteger();
      TestServer killed = TestServer.at(own.folder());
      String bearer =
          Files.readString(own.folder().resolve("secrets.yaml"))
              .replaceAll("(?s).*admin-token: \"(.*?)\".*", "Bearer $1");
      Thread editing =
          new Thread(
              () -> {
                for (int i = 0; putTitle(killed, bearer, i); i++) {
                  done.incrementAndGet();
                }
              });
      editing.start();
      Awaitility.await("edits").atMost(LIMIT).until(() -> done.get() >= least);

      ProcessHandle process = ProcessHandle.of(killed.pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      editing.join(LIMIT.toMillis());
      killed.close();

      try (TestServer again = TestServer.at(own.folder())) {
        assertThat(again.log()).doesNotContain("sources/", "secrets.yaml");
        String title = SourceList.source(again, "gate").getString("title");
        assertThat(Integer.parseInt(title)).isBetween(done.get() - 1, done.get());
      }
    }
  }

  /** With a secret each time, so that two files are written. */
  private static boolean putTitle(TestServer killed, String bearer, int number) {
    String body =
        String.format(
            "{\"kind\": \"pictures\", \"title\": \"%d\", \"key\": \"key %d\"}", number, number);
    HttpRequest request =
        HttpRequest.newBuilder(killed.uri("api/v1/sources/gate"))
            .PUT(BodyPublishers.ofString(body))
            .header("Authorization", bearer)
            .header("Content-Type", "application/json")
            .header("If-Match", "*")
            .build();
    HttpRequest first =
        HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase("If-Match"))
            .build();
    try {
      return LiveStream.CLIENT
              .send(number == 0 ? first : request, BodyHandlers.ofString())
              .statusCode()
          < 300;
    } catch (IOException e) {
      return false; // it is killed
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'title': 'x'}                                              | kind     | ''",
        "{'kind': 'nothing'}                                         | kind     | nothing",
        "{'kind': 'test-pattern', 'width': 7}                        | width    | 7",
        "{'kind': 'test-pattern', 'width': 1e99}                     | width    | 1E+99",
        "{'kind': 'test-pattern', 'fps': {'a': [1]}}                 | fps      | {…}",
        "{'kind': 'test-pattern', 'linger': 5}                       | linger   | 5",
        "{'kind': 'test-pattern', 'colour': 'red'}                   | colour   | red",
        "{'kind': 'test-pattern', 'renditions': {'gif': {'fps': 99}}} | renditions.gif.fps | 99",
        "{'kind': 'file', 'path': '../secrets.yaml'}                 | path     | ../secrets.yaml",
        "{'kind': 'url', 'url': 'file:///etc/passwd'}                | url      | file://…",
        "{'kind': 'rtmp-publish', 'key': 'admin-token'}              | key      | ''",
      })
  void mistakesNameTheField(String body, String key, String value) throws Exception {
    HttpResponse<String> answer =
        call("PUT", "/bad", body.replace('\'', '"'), "If-None-Match", "*");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonObject error = json(answer).getJsonArray("errors").getJsonObject(0);
    assertThat(error.getString("key")).isEqualTo(key);
    assertThat(error.getString("value")).isEqualTo(value);
    assertThat(error.getString("expected")).isNotEmpty();
    assertThat(file("bad")).doesNotExist();
    assertThat(call("GET", "/bad", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsNoSourceIsRefused() throws Exception {
    assertThat(call("PUT", "/x", "[1]", "If-None-Match", "*").statusCode()).isEqualTo(400);
    assertThat(call("PUT", "/x", "{", "If-None-Match", "*").statusCode()).isEqualTo(400);
    assertThat(call("PUT", "/x", "{\"a\":\"" + "b".repeat(1 << 20) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(call("PUT", "/..%2Fsecrets", PATTERN).statusCode()).isIn(400, 404);
    assertThat(call("PUT", "/A", PATTERN).statusCode()).isEqualTo(404);
    assertThat(call("PUT", "", PATTERN).statusCode()).isEqualTo(405);
    assertThat(call("PUT", "/x/log", PATTERN).statusCode()).isEqualTo(405);
    HttpRequest text =
        HttpRequest.newBuilder(server.uri("api/v1/sources/x"))
            .PUT(BodyPublishers.ofString("kind: test-pattern"))
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", "text/plain")
            .build();
    assertThat(LiveStream.CLIENT.send(text, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    for (String method : List.of("PUT", "PATCH", "DELETE", "POST")) {
      HttpRequest stranger =
          HttpRequest.newBuilder(server.uri("api/v1/sources/x"))
              .method(method, BodyPublishers.ofString(PATTERN))
              .header("Content-Type", "application/json")
              .build();
      assertThat(LiveStream.CLIENT.send(stranger, BodyHandlers.ofString()).statusCode())
          .isEqualTo(401);
    }
    assertThat(file("x")).doesNotExist();
  }
}
