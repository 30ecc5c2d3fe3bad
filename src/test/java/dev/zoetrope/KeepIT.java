package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.server.FreePort;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real WAR keeps: publish keys, everything as one file, and files on a full disk. */
@Timeout(120)
class KeepIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String TOKEN = "token-of-all-homes-here";
  private static final String OLD_KEY = "correct-horse-battery";

  @TempDir private static Path folder;

  private static int rtmpPort;
  private static int srtPort;
  private static TestHome home;
  private static TestServer server;
  private static Operator operator;

  @BeforeAll
  static void start() throws Exception {
    rtmpPort = FreePort.find();
    srtPort = FreePort.find();
    home = new TestHome(folder.resolve("publishing"));
    home.settings("# mine", "rtmpPort: " + rtmpPort, "hardware: off");
    home.secrets(
        "# passwords",
        "admin-token: \"" + TOKEN + "\"",
        "rtmp-key: " + OLD_KEY + " # of the gate",
        "srt-key: " + OLD_KEY,
        "http-key: " + OLD_KEY,
        "graph-key: \"it's " + OLD_KEY + "\"");
    home.source("gate", "# pushed", "kind: rtmp-publish", "key: rtmp-key", "keepRunning: true");
    home.source(
        "call",
        "kind: srt-publish",
        "port: " + srtPort,
        "passphrase: srt-key",
        "keepRunning: true");
    home.source("push", "kind: http-publish", "key: http-key", "keepRunning: true");
    home.source("graph", "kind: pictures", "key: graph-key", "keepRunning: true");
    home.source("pattern", "kind: test-pattern");
    server = TestServer.at(home.folder());
    operator = new Operator(server, TOKEN);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** As it is; no GET tells it. */
  private static JsonObject publishKey(String id) throws Exception {
    String path = "sources/" + id + "/publish-key";
    HttpResponse<String> shown = operator.call("GET", path);
    HttpResponse<String> answer = operator.call("POST", path + "/reveal");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonObject revealed = Operator.object(answer);
    assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
    assertThat(shown.body()).doesNotContain(revealed.getString("key"));
    assertThat(Operator.object(shown).getString("key")).isEqualTo("…");
    assertThat(Operator.object(shown).getJsonArray("urls").getString(0))
        .isEqualTo(revealed.getJsonArray("urls").getString(0).replaceFirst("=[^=]*$", "=KEY"));
    return revealed;
  }

  private static JsonObject newPublishKey(String id) throws Exception {
    HttpResponse<String> answer = operator.call("POST", "sources/" + id + "/publish-key");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Operator.object(answer);
  }

  private static long refused(String id) throws Exception {
    return Operator.object(operator.call("GET", "sources/" + id)).getInt("publishRefused");
  }

  @ParameterizedTest
  @CsvSource({
    "gate, rtmp, flv,    true",
    "push, http, mpegts, true",
    "call, srt,  mpegts, true",
  })
  void newKeyCutsThePublisherWithTheOldOneAndLetsTheNewOneIn(
      String id, String kind, String format, boolean isCounted) throws Exception {
    JsonObject before = publishKey(id);
    assertThat(before.getString("kind")).isEqualTo(kind);
    assertThat(before.getString("key")).isEqualTo(OLD_KEY);
    String oldUrl = before.getJsonArray("urls").getString(0);
    assertThat(before.getJsonArray("lines").toString()).contains(OLD_KEY, "ffmpeg");
    SourceList.awaitState(server, id, "waiting");
    JsonObject after;
    try (Program publisher = Broadcast.to(format, oldUrl)) {
      SourceList.awaitState(server, id, "live");

      after = newPublishKey(id);

      var unused = publisher.await(); // it is cut
    }
    String url = after.getJsonArray("urls").getString(0);
    assertThat(after.getString("key")).hasSize(32).isNotEqualTo(OLD_KEY);
    assertThat(url).isEqualTo(oldUrl.replace(OLD_KEY, after.getString("key")));
    assertThat(publishKey(id)).isEqualTo(after);
    SourceList.awaitState(server, id, "waiting");
    long refused = refused(id);
    try (Program old = Broadcast.to(format, oldUrl)) {
      assertThat(old.await().exitCode()).as("the old key").isNotZero();
    }
    if (isCounted) {
      assertThat(refused(id)).isGreaterThan(refused);
      String timeline = operator.call("GET", "sources/" + id + "/timeline").body();
      assertThat(timeline.split("REFUSED", -1)).hasSize(2);
    }
    SourceList.awaitState(server, id, "waiting");
    publishUntilLive(id, format, url);
    assertThat(server.log()).doesNotContain(after.getString("key")).doesNotContain(OLD_KEY);
    assertThat(Files.readString(home.folder().resolve("secrets.yaml")))
        .contains("# passwords\n", " # of the gate\n", after.getString("key"));
    assertThat(Files.readString(home.folder().resolve("sources/gate.yaml")))
        .startsWith("# pushed\n");
  }

  /** After a wrong key, the next one from here is not looked at for a second or more. */
  private static void publishUntilLive(String id, String format, String url) throws Exception {
    AtomicReference<Program> publisher = new AtomicReference<>(Broadcast.to(format, url));
    try {
      Awaitility.await(id + " live")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                if (!publisher.get().isAlive()) {
                  publisher.get().close();
                  publisher.set(Broadcast.to(format, url));
                }
                return SourceList.state(server, id).equals("live");
              });
      assertThat(publisher.get().isAlive()).isTrue();
    } finally {
      publisher.get().close();
    }
  }

  private static HttpResponse<String> picture(String url) throws Exception {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .PUT(BodyPublishers.ofByteArray(jpeg.toByteArray()))
            .header("Content-Type", "image/jpeg")
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.ofString());
  }

  @Test
  void newKeyOfPicturesLetsOnlyTheNewOneIn() throws Exception {
    JsonObject before = publishKey("graph");
    assertThat(before.getString("kind")).isEqualTo("pictures");
    String oldUrl = before.getJsonArray("urls").getString(0);
    assertThat(picture(oldUrl).statusCode()).isEqualTo(204);
    assertThat(before.getJsonArray("lines").toString()).contains("it'\\\\''s");

    JsonObject after = newPublishKey("graph");

    assertThat(picture(oldUrl).statusCode()).isEqualTo(401);
    String url = after.getJsonArray("urls").getString(0);
    Awaitility.await("after a wrong key, the next one is looked at")
        .atMost(LIMIT)
        .until(() -> picture(url).statusCode() == 204);
    assertThat(refused("graph")).isEqualTo(1);
    assertThat(operator.call("GET", "sources/pattern/publish-key").statusCode()).isEqualTo(404);
    assertThat(operator.call("POST", "sources/none/publish-key").statusCode()).isEqualTo(404);
    assertThat(operator.send("PUT", "sources/graph/publish-key", "{}").statusCode()).isEqualTo(405);
    Operator wrong = new Operator(server, "wrong");
    assertThat(wrong.call("GET", "sources/graph/publish-key").statusCode()).isEqualTo(401);
    assertThat(wrong.call("POST", "sources/graph/publish-key").statusCode()).isEqualTo(401);
    assertThat(wrong.call("POST", "sources/graph/publish-key/reveal").statusCode()).isEqualTo(401);
    assertThat(operator.call("GET", "sources/graph/publish-key/reveal").statusCode())
        .isEqualTo(405);
  }

  /** But for who the node is: two of them are never the same. */
  private static Map<String, String> files(Path of) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Path each : List.of(of, of.resolve("sources"))) {
      try (Stream<Path> all = Files.list(each)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(of.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    assertThat(files.remove("node-id")).isNotNull();
    return files;
  }

  private static JsonObject without(JsonObject export, String key) {
    JsonObjectBuilder rest = Json.createObjectBuilder(export);
    return rest.remove(key).build();
  }

  private static List<String> texts(JsonObject answer, String key) {
    return answer.getJsonArray(key).getValuesAs(JsonString::getString);
  }

  @Test
  void everythingIsTakenToAnotherHome() throws Exception {
    TestHome from = new TestHome(folder.resolve("from"));
    from.settings("# of the server", "rtmpPort: 0", "hardware: off", "limits: {viewers: 77}");
    from.secrets("admin-token: \"" + TOKEN + "\"", "door-key: \"open\" # sesame");
    from.source("one", "# the first", "kind: test-pattern   # moving", "title: Eins");
    from.source("two", "kind: http-publish", "key: door-key");
    String key = "k".repeat(43);
    Files.writeString(
        from.folder().resolve("access.yaml"), "key: " + key + "\naccounts: {} # none\n");
    TestHome to = new TestHome(folder.resolve("to"));
    to.settings("rtmpPort: 0", "hardware: off");
    to.secrets("admin-token: \"" + TOKEN + "\"");
    to.source("one", "kind: test-pattern", "title: Other");
    to.source("going", "kind: test-pattern");
    String export;
    try (TestServer old = TestServer.at(from.folder())) {
      HttpResponse<String> answer = new Operator(old, TOKEN).call("POST", "export");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
          .contains("attachment");
      export = answer.body();
    }
    try (TestServer other = TestServer.at(to.folder());
        LiveStream ended = LiveStream.open(other.uri("live/going.mjpeg"))) {
      Operator stranger = new Operator(other, TOKEN);
      ended.awaitMore(1000);
      Map<String, String> before = files(to.folder());

      HttpResponse<String> dry = stranger.send("POST", "import?dry=1", export);

      assertThat(dry.statusCode()).as(dry.body()).isEqualTo(200);
      assertThat(texts(Operator.object(dry), "created")).containsExactly("two");
      assertThat(texts(Operator.object(dry), "changed")).containsExactly("one");
      assertThat(texts(Operator.object(dry), "removed")).containsExactly("going");
      assertThat(texts(Operator.object(dry), "files"))
          .containsExactlyInAnyOrder("secrets.yaml", "zoetrope.yaml", "access.yaml");
      assertThat(files(to.folder())).isEqualTo(before);

      HttpResponse<String> done = stranger.send("POST", "import", export);

      assertThat(done.body()).isEqualTo(dry.body());
      assertThat(files(to.folder())).isEqualTo(files(from.folder()));
      for (String secret : List.of("secrets.yaml", "access.yaml")) {
        Path file = to.folder().resolve(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
      Awaitility.await("viewer of the removed one ended").atMost(LIMIT).until(ended::hasEnded);
      assertThat(SourceList.source(other, "one").getString("title")).isEqualTo("Eins");
      assertThat(stranger.call("GET", "sources/going").statusCode()).isEqualTo(404);
      assertThat(
              Operator.object(stranger.call("POST", "sources/two/publish-key/reveal"))
                  .getString("key"))
          .isEqualTo("open");
      try (LiveStream viewer = LiveStream.open(other.uri("live/one.mjpeg"))) {
        viewer.awaitMore(10_000);
      }
      JsonObject again = Operator.object(stranger.send("POST", "import", export));
      assertThat(again.values().stream().map(Object::toString))
          .containsExactlyInAnyOrder("[]", "[]", "[]", "[]", "false");
      assertThat(stranger.call("POST", "export").body()).isEqualTo(export);
      JsonObject sourcesOnly =
          without(without(without(Operator.object(export), "server"), "secrets"), "access");
      assertThat(stranger.send("POST", "import", sourcesOnly.toString()).statusCode())
          .isEqualTo(200);
      assertThat(files(to.folder())).isEqualTo(files(from.folder()));
    }
  }

  private static JsonObject export() throws Exception {
    return Operator.object(operator.call("POST", "export"));
  }

  private static String with(JsonObject export, String id, String text) {
    JsonObject sources =
        Json.createObjectBuilder(export.getJsonObject("sources")).add(id, text).build();
    return Json.createObjectBuilder(export).add("sources", sources).build().toString();
  }

  @Test
  void importWithAMistakeAnywhereChangesNothing() throws Exception {
    Map<String, String> before = files(home.folder());
    JsonObject export = export();
    String body =
        with(
            Operator.object(with(export, "aaa", "kind: test-pattern\n")),
            "zzz",
            "# wrong\nkind: test-pattern\nwidht: 320\n");

    HttpResponse<String> answer = operator.send("POST", "import", body);

    assertThat(answer.statusCode()).isEqualTo(422);
    JsonObject error = Operator.object(answer).getJsonArray("errors").getJsonObject(0);
    assertThat(error.getString("file")).isEqualTo("sources/zzz.yaml");
    assertThat(error.getInt("line")).isEqualTo(3);
    assertThat(error.getString("key")).isEqualTo("widht");
    assertThat(error.getString("expected")).contains("did you mean width");
    assertThat(operator.send("POST", "import?dry=1", body).body()).isEqualTo(answer.body());
    assertThat(files(home.folder())).isEqualTo(before);
    assertThat(operator.call("GET", "sources/aaa").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'zoetrope': 2, 'sources': {}}",
        "{'sources': {}}",
        "{'zoetrope': 1, 'sources': []}",
        "{'zoetrope': 1, 'sources': {'a': {'kind': 'test-pattern'}}}",
        "{'zoetrope': 1, 'sources': {'../a': 'kind: test-pattern'}}",
        "{'zoetrope': 1, 'sources': {'..': 'kind: test-pattern'}}",
        "{'zoetrope': 1, 'sources': {'': 'kind: test-pattern'}}",
        "{'zoetrope': 1, 'sources': {'a/b': 'kind: test-pattern'}}",
        "{'zoetrope': 1, 'sources': {'A': 'kind: test-pattern'}}",
        "{'zoetrope': 1, 'sources': {'a': ''}}",
        "{'zoetrope': 1, 'sources': {'a': 'kind: file\\npath: ../secrets.yaml'}}",
        "{'zoetrope': 1, 'sources': {'a': 'kind: http-publish\\nkey: not-there'}}",
        "{'zoetrope': 1, 'secrets': 'gate-key: x'}",
        "{'zoetrope': 1, 'secrets': 'admin-token: x'}",
        "{'zoetrope': 1, 'server': 'limits: {viewers: many}'}",
        "{'zoetrope': 1, 'server': 7}",
        "{'zoetrope': 1, 'access': '['}",
        "{'zoetrope': 1, 'more': ''}",
      })
  void whatIsNoExportIsRefusedAndToldByKey(String body) throws Exception {
    Map<String, String> before = files(home.folder());

    HttpResponse<String> answer = operator.send("POST", "import", body.replace('\'', '"'));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(Operator.object(answer).getJsonArray("errors")).isNotEmpty();
    assertThat(files(home.folder())).isEqualTo(before);
  }

  @Test
  void importOfOtherFormsAndSizesIsRefused() throws Exception {
    Map<String, String> before = files(home.folder());
    String large = "{\"zoetrope\": 1, \"sources\": {\"a\": \"" + "#".repeat(8 << 20) + "\"}}";
    assertThat(operator.send("POST", "import", large).statusCode()).isEqualTo(413);
    assertThat(operator.send("POST", "import", "[1]").statusCode()).isEqualTo(400);
    assertThat(operator.send("POST", "import", "{").statusCode()).isEqualTo(400);
    assertThat(operator.call("POST", "import").statusCode()).isEqualTo(415);
    assertThat(operator.call("GET", "import").statusCode()).isEqualTo(405);
    assertThat(operator.call("GET", "export").statusCode()).as("secrets").isEqualTo(405);
    assertThat(new Operator(server, "wrong").call("POST", "export").statusCode()).isEqualTo(401);
    assertThat(new Operator(server, "wrong").send("POST", "import", "{}").statusCode())
        .isEqualTo(401);
    assertThat(files(home.folder())).isEqualTo(before);
  }

  /** No file may grow: what a full disk is to a program. */
  private static void limitFiles(TestServer limited, String most) throws IOException {
    var unused =
        Program.run("prlimit", "--pid", Long.toString(limited.pid()), "--fsize=" + most + ":");
  }

  @Test
  void fullDiskLeavesTheOldFilesAndIsToldAs507() throws Exception {
    TestHome full = new TestHome(folder.resolve("full"));
    full.settings("rtmpPort: 0", "hardware: off");
    full.secrets("admin-token: \"" + TOKEN + "\"", "graph-key: old");
    full.source("gate", "kind: test-pattern");
    full.source("graph", "kind: pictures", "key: graph-key");
    String secret = "{\"kind\": \"pictures\", \"key\": \"a key of its own\"}";
    try (TestServer limited = TestServer.at(full.folder())) {
      Operator here = new Operator(limited, TOKEN);
      JsonObject export = Operator.object(here.call("POST", "export"));
      String changed = with(export, "new", "kind: test-pattern\n");
      Map<String, String> before = files(full.folder());
      limitFiles(limited, "4");

      assertThat(here.send("PATCH", "sources/gate", "{\"title\": \"Gate\"}").statusCode())
          .isEqualTo(507);
      assertThat(here.send("PUT", "sources/made", secret, "If-None-Match", "*").statusCode())
          .isEqualTo(507);
      assertThat(here.call("POST", "sources/graph/publish-key").statusCode()).isEqualTo(507);
      assertThat(here.send("POST", "import", changed).statusCode()).isEqualTo(507);

      assertThat(files(full.folder())).isEqualTo(before);
      assertThat(SourceList.source(limited, "gate").getString("title")).isEqualTo("gate");
      assertThat(here.call("GET", "sources/made").statusCode()).isEqualTo(404);
      assertThat(
              Operator.object(here.call("POST", "sources/graph/publish-key/reveal"))
                  .getString("key"))
          .isEqualTo("old");
      limitFiles(limited, "unlimited");
      assertThat(here.send("PATCH", "sources/gate", "{\"title\": \"Gate\"}").statusCode())
          .isEqualTo(200);
      assertThat(here.send("POST", "import", changed).statusCode()).isEqualTo(200);
      assertThat(Files.readString(full.folder().resolve("sources/new.yaml"), UTF_8))
          .isEqualTo("kind: test-pattern\n");
    }
  }
}
