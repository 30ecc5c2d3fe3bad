package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.server.FreePort;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A home full of secrets, each with the same word in it, and all that the real WAR tells. */
@Timeout(120)
class SecretsIT {
  /** In each secret. */
  private static final String MARK = "S3cr3t";

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What is kept of secrets, or signs: no better known. */
  private static final Pattern KEPT =
      Pattern.compile("key: \"(\\S+)\"|password: \"(\\S+)\"|sha256: \"(\\S+)\"");

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;
  private static Operator admin;
  private static List<String> ids;
  private static String token; // of the API, for a program

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    home.settings(
        "hardware: off",
        "rtmpPort: 0",
        "webhooks:",
        "  phone: {url: \"http://127.0.0.1:1/S3cr3t-path?to=S3cr3t-query\", key: hook-key}");
    home.secrets(
        "admin-token: \"S3cr3t-admin-token\"",
        "cam-password: \"S3cr3t-cam p@ss\"",
        "srt-phrase: \"S3cr3t-srt-phrase\"",
        "door: \"S3cr3t-door\"",
        "hook-key: \"S3cr3t-hook\"");
    String nobody = "127.0.0.1:1/stream"; // nobody listens there
    Map<String, List<String>> sources = new LinkedHashMap<>();
    sources.put(
        "camera",
        List.of("kind: url", "url: rtsp://" + nobody, "user: me", "password: cam-password"));
    sources.put("inline", List.of("kind: url", "url: rtsp://me:S3cr3t-inline@" + nobody));
    sources.put("query", List.of("kind: url", "url: http://" + nobody + "?token=S3cr3t-query"));
    sources.put(
        "caller",
        List.of("kind: url", "url: srt://127.0.0.1:1?passphrase=S3cr3t-in-query&latency=20"));
    sources.put("srt", List.of("kind: url", "url: srt://127.0.0.1:1", "passphrase: srt-phrase"));
    sources.put("push", List.of("kind: http-publish", "key: door"));
    sources.put("rtmp", List.of("kind: rtmp-publish", "key: door"));
    sources.put("graph", List.of("kind: pictures", "key: door"));
    sources.put(
        "listen",
        List.of("kind: srt-publish", "port: " + FreePort.find(), "passphrase: srt-phrase"));
    sources.put("mistyped", List.of("kind: url", "url: rtsp://" + nobody, "pasword: S3cr3t-typo"));
    sources.put("misplaced", List.of("kind: test-pattern", "password: S3cr3t-place"));
    sources.put("own", List.of("kind: http-publish", "key: S3cr3t-own"));
    sources.put("badurl", List.of("kind: url", "url: \"rtsp://me:S3cr3t/bad@" + nobody + "\""));
    for (Map.Entry<String, List<String>> source : sources.entrySet()) {
      List<String> lines = new ArrayList<>(source.getValue());
      lines.add("keepRunning: true");
      home.source(source.getKey(), lines.toArray(String[]::new));
    }
    ids = List.copyOf(sources.keySet());
    server =
        TestServer.at(home.folder(), Map.of("ZOETROPE_ADMIN_PASSWORD", "S3cr3t-admin-password"));
    admin = new Operator(server, "S3cr3t-admin-token");
    String wish = "{\"title\": \"program\", \"role\": \"operator\"}";
    token = Operator.object(admin.send("POST", "tokens", wish)).getString("token");
    for (String id : List.of("camera", "inline", "query")) {
      SourceList.awaitCause(server, id, "does not accept connections");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** What stands in {@code access.yaml}. */
  private static List<String> kept() throws Exception {
    List<String> kept = new ArrayList<>();
    Matcher found = KEPT.matcher(Files.readString(home.folder().resolve("access.yaml")));
    while (found.find()) {
      for (int group = 1; group <= found.groupCount(); group++) {
        if (found.group(group) != null) {
          kept.add(found.group(group));
        }
      }
    }
    assertThat(kept).as("a key, a password, a token").hasSizeGreaterThanOrEqualTo(3);
    return kept;
  }

  private static void check(String what, String told) throws Exception {
    assertThat(told).as(what).doesNotContain(MARK, "S3cr3t-cam%20p%40ss", token);
    for (String secret : kept()) {
      assertThat(told).as(what).doesNotContain(secret);
    }
  }

  private static List<String> paths() throws Exception {
    List<String> paths = new ArrayList<>();
    HttpResponse<String> document = admin.call("GET", "openapi.json");
    JsonObject all = Operator.object(document).getJsonObject("paths");
    for (Map.Entry<String, JsonValue> path : all.entrySet()) {
      boolean isOfApi = !path.getValue().asJsonObject().containsKey("servers");
      if (isOfApi && path.getValue().asJsonObject().containsKey("get")) {
        if (path.getKey().contains("{id}")) {
          ids.forEach(id -> paths.add(path.getKey().substring(1).replace("{id}", id)));
        } else {
          paths.add(path.getKey().substring(1).replace("{name}", "admin"));
        }
      }
    }
    return paths;
  }

  @Test
  void noAnswerToAGetHasASecret() throws Exception {
    List<String> paths = paths();
    paths.remove("events"); // endless: by a test of its own
    int answered = 0;
    for (String path : paths) {
      HttpResponse<String> answer = admin.call("GET", path);
      answered += answer.statusCode() == 200 ? 1 : 0;
      check(path, answer.headers().map() + answer.body());
      assertThat(answer.headers().firstValue("Cache-Control")).as(path).isPresent();
    }
    assertThat(answered).isGreaterThan(60);
    for (String path : List.of("", "live/", "metrics", "health/live", "watch/camera", "admin/")) {
      HttpRequest request =
          HttpRequest.newBuilder(server.uri(path))
              .header("Authorization", "Bearer S3cr3t-admin-token")
              .build();
      check(path, LiveStream.CLIENT.send(request, BodyHandlers.ofString()).body());
    }
  }

  @Test
  void noEventHasASecret() throws Exception {
    try (EventReader reader =
        EventReader.open(
            server.uri("api/v1/events"),
            "Authorization",
            "Bearer S3cr3t-admin-token",
            "Last-Event-ID",
            "1")) {
      for (String id : List.of("camera", "inline", "query", "caller", "srt")) {
        admin.call("POST", "sources/" + id + "/try-now");
        reader.await("incidents of " + id, event -> isOf(event, id));
      }
      check("events", reader.stream().text());
    }
  }

  private static boolean isOf(EventReader.Event event, String id) {
    return event.name().equals("incident")
        && event.data().asJsonObject().getString("source").equals(id);
  }

  @Test
  void noAnswerOfAProbeHasASecretAndNoneIsKept() throws Exception {
    String before = Files.readString(home.folder().resolve("secrets.yaml"));
    for (String settings :
        List.of(
            "{\"kind\": \"url\", \"url\": \"rtsp://127.0.0.1:1/a\", \"user\": \"me\","
                + " \"password\": \"S3cr3t-probed\"}",
            "{\"kind\": \"url\", \"url\": \"http://me:S3cr3t-probed@127.0.0.1:1/a?k=S3cr3t\"}",
            "{\"kind\": \"url\", \"url\": \"rtsp://127.0.0.1:1/a\", \"pasword\": \"S3cr3t\"}",
            "{\"kind\": \"pictures\", \"key\": \"S3cr3t-probed\"}",
            "{\"kind\": \"pictures\", \"key\": [\"S3cr3t-probed\"]}",
            "{\"kind\": \"url\", \"url\": [\"S3cr3t\"]}")) {
      HttpResponse<String> answer = admin.send("POST", "probe", settings);

      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 422);
      check(settings, answer.body());
    }
    assertThat(Files.readString(home.folder().resolve("secrets.yaml"))).isEqualTo(before);
  }

  @Test
  void noLineOfTheLogHasASecret() throws Exception {
    Awaitility.await("all mistakes are told")
        .atMost(LIMIT)
        .until(
            () ->
                List.of("mistyped", "misplaced", "own", "badurl").stream()
                    .allMatch(id -> server.log().contains("sources/" + id + ".yaml:")));

    check("the log", server.log());
    assertThat(server.log()).contains("did you mean password?");
  }

  @Test
  void secretsComeOnlyToWhoAsksForThemByPost() throws Exception {
    HttpResponse<String> export = admin.call("POST", "export");
    assertThat(export.body()).contains("S3cr3t-admin-token", "S3cr3t-inline");
    assertThat(export.headers().firstValue("Cache-Control")).hasValue("no-store");
    HttpResponse<String> key = admin.call("POST", "sources/push/publish-key/reveal");
    assertThat(Operator.object(key).getString("key")).isEqualTo("S3cr3t-door");
    assertThat(key.headers().firstValue("Cache-Control")).hasValue("no-store");
  }
}
