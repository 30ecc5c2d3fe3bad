package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators' API of the real WAR, and the webhooks that it calls. */
class AdminIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;

  private static final List<String> told = new CopyOnWriteArrayList<>();
  private static HttpServer phone;
  private static TestHome home;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    phone = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    phone.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          told.add(new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    phone.start();
    home = new TestHome(folder.resolve("home"));
    home.source("kept", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true");
    home.source("closed", "kind: url", "url: \"rtsp://me:s3cret@127.0.0.1:1/x?token=t0ken\"");
    home.settings(
        "webhooks:",
        "  phone: {url: \"http://127.0.0.1:"
            + phone.getAddress().getPort()
            + "/\", sources: [kept]}");
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    phone.stop(0);
  }

  private static String token() throws Exception {
    return Files.readAllLines(home.folder().resolve("secrets.yaml")).stream()
        .filter(line -> line.startsWith("admin-token:"))
        .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
        .findFirst()
        .orElseThrow();
  }

  private static HttpResponse<String> call(String method, String path) throws Exception {
    return call(method, path, "Bearer " + token());
  }

  private static HttpResponse<String> call(String method, String path, String authorization)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("api/v1/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", authorization)
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.ofString());
  }

  private static JsonArray array(String path) throws Exception {
    try (JsonReader reader = Json.createReader(new StringReader(call("GET", path).body()))) {
      return reader.readArray();
    }
  }

  private static JsonObject object(String method, String path) throws Exception {
    try (JsonReader reader = Json.createReader(new StringReader(call(method, path).body()))) {
      return reader.readObject();
    }
  }

  /** What was told of the source, without the test of another test. */
  private static List<String> ofKept() {
    return told.stream().filter(body -> body.contains("\"source\":\"kept\"")).toList();
  }

  @Test
  void nobodyGetsInWithoutTheToken() throws Exception {
    for (String authorization : List.of("Bearer wrong", "Basic " + token(), "Bearer ")) {
      HttpResponse<String> answer = call("GET", "sources", authorization);

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(answer.body()).doesNotContain("kept");
    }
    Path secrets = home.folder().resolve("secrets.yaml");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rw-------");
  }

  @Test
  void failureIsToldInWordsWithoutCredentialsAndCanBeTriedAtOnce() throws Exception {
    try (LiveStream viewer = LiveStream.open(server.uri("live/closed.mjpeg"))) {
      viewer.awaitMore(1000); // the card
      JsonObject source = object("GET", "sources/closed");
      int restarts = source.getInt("restarts");

      assertThat(source.getString("state")).isIn("waiting", "starting");
      assertThat(source.getString("cause")).isEqualTo("PORT_CLOSED");
      assertThat(source.getString("words")).contains("127.0.0.1:1");
      assertThat(source.getString("advice")).isNotEmpty();
      assertThat(call("GET", "sources/closed/log").body()).contains("Connection refused");
      for (String path : List.of("sources", "sources/closed/log", "sources/closed/timeline")) {
        assertThat(call("GET", path).body()).doesNotContain("s3cret", "t0ken");
      }
      assertThat(server.log()).doesNotContain("s3cret", "t0ken", token());

      call("POST", "sources/closed/try-now");

      Awaitility.await("another attempt")
          .atMost(LIMIT)
          .until(() -> object("GET", "sources/closed").getInt("restarts") > restarts);
    }
  }

  @Test
  void whatViewersGetIsCounted() throws Exception {
    try (LiveStream viewer = LiveStream.open(server.uri("live/kept.mjpeg"))) {
      viewer.awaitMore(50_000);

      JsonObject stats = object("GET", "sources/kept/stats");
      JsonObject mjpeg = stats.getJsonObject("renditions").getJsonObject("mjpeg");
      assertThat(mjpeg.getInt("viewers")).isEqualTo(1);
      assertThat(mjpeg.getInt("bytes")).isGreaterThan(40_000);
      assertThat(mjpeg.getInt("stalled")).isZero();
      JsonArray viewers = array("sources/kept/viewers");
      assertThat(viewers).hasSize(1);
      JsonObject one = viewers.getJsonObject(0);
      assertThat(one.getString("rendition")).isEqualTo("mjpeg");
      assertThat(one.getInt("bytes")).isGreaterThan(40_000);
      assertThat(one.getInt("sent")).isPositive();
      assertThat(one.getInt("ageMillis")).isBetween(0, 60_000);
    }
    Awaitility.await("nobody").atMost(LIMIT).until(() -> array("sources/kept/viewers").isEmpty());
  }

  @Test
  void lossIsToldAndOnTheTimelineAlsoAfterARestart() throws Exception {
    SourceList.awaitState(server, "kept", "live");
    server.children().stream()
        .filter(child -> child.info().commandLine().orElse("").contains("testsrc2"))
        .forEach(ProcessHandle::destroyForcibly);

    Awaitility.await("told").atMost(LIMIT).until(() -> ofKept().size() >= 2);
    assertThat(ofKept().get(0)).contains("\"event\":\"lost\"");
    assertThat(ofKept().get(1)).contains("\"event\":\"recovered\"");
    assertThat(array("sources/kept/timeline").toString())
        .contains("STARTED", "FIRST_FRAME", "EXITED", "LOST", "BACK_OFF", "RECOVERED");

    server.close();
    server = TestServer.at(home.folder());

    assertThat(array("sources/kept/timeline").toString()).contains("RECOVERED", "STOPPED");
  }

  @Test
  void webhooksAndDevicesAreListedAndTested() throws Exception {
    int before = told.size();

    assertThat(array("webhooks").getJsonObject(0).getString("name")).isEqualTo("phone");
    assertThat(object("POST", "webhooks/phone/test").getString("outcome"))
        .isEqualTo("answered 204");
    assertThat(told).hasSizeGreaterThan(before);
    assertThat(object("GET", "devices").getString("encoder")).isNotEmpty();
  }

  @Test
  void whatIsNotThereIsAProblem() throws Exception {
    assertThat(call("GET", "sources/nobody").statusCode()).isEqualTo(404);
    assertThat(call("GET", "nothing").statusCode()).isEqualTo(404);
    assertThat(call("POST", "webhooks/nobody/test").statusCode()).isEqualTo(404);
    HttpResponse<String> deleted = call("DELETE", "webhooks/phone");
    assertThat(deleted.statusCode()).isEqualTo(405);
    assertThat(deleted.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
    assertThat(deleted.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
  }
}
