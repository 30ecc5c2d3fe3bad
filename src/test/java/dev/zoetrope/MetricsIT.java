package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What the real WAR tells of itself: metrics, health, the server, the last hour. */
@Execution(CONCURRENT)
class MetricsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;

  private static TestServer server;
  private static Operator operator;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source(
        "kept", "kind: test-pattern", "width: 320", "height: 180", "fps: 25", "keepRunning: true");
    home.source("idle", "kind: test-pattern");
    server = TestServer.at(home.folder(), List.of("-Dzoetrope.hardware=auto"));
    operator = new Operator(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static HttpResponse<String> plain(TestServer of, String path) throws Exception {
    return LiveStream.CLIENT.send(
        HttpRequest.newBuilder(of.uri(path)).build(), BodyHandlers.ofString());
  }

  private static String metrics() throws Exception {
    HttpResponse<String> answer = operator.call("GET", server.uri("metrics"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    return answer.body();
  }

  /** The value of a series; NaN if there is none. */
  private static double value(String metrics, String series) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(metrics);
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  @Test
  void metricsTellWhatComesInAndGoesOut() throws Exception {
    SourceList.awaitState(server, "kept", "live");
    try (LiveStream viewer = LiveStream.open(server.uri("live/kept.mjpeg"))) {
      viewer.awaitMore(100_000);
      String sent = "zoetrope_sent_bytes_total{format=\"mjpeg\",source=\"kept\"}";
      Awaitility.await("sent bytes").atMost(LIMIT).until(() -> value(metrics(), sent) > 50_000);
      String metrics = metrics();

      assertThat(value(metrics, "zoetrope_viewers{format=\"mjpeg\",source=\"kept\"}")).isEqualTo(1);
      assertThat(value(metrics, "zoetrope_received_bytes_total{source=\"kept\"}")).isPositive();
      assertThat(value(metrics, "zoetrope_pictures_total{source=\"kept\"}")).isPositive();
      assertThat(value(metrics, "zoetrope_fragments_total{format=\"mjpeg\",source=\"kept\"}"))
          .isPositive();
      assertThat(value(metrics, "zoetrope_source_state{source=\"kept\",state=\"live\"}"))
          .isEqualTo(1);
      assertThat(value(metrics, "zoetrope_source_state{source=\"idle\",state=\"live\"}")).isZero();
      assertThat(value(metrics, "zoetrope_sources")).isEqualTo(2);
      assertThat(value(metrics, "zoetrope_refused_total")).isZero();
      assertThat(value(metrics, "zoetrope_capture_restarts_total{source=\"kept\"}")).isZero();
      assertThat(metrics)
          .contains("zoetrope_skipped_total{", "zoetrope_stalled_total{")
          .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads", "process_uptime_seconds");

      double sentThen = value(metrics, sent);
      viewer.leave();
      Awaitility.await("no viewer")
          .atMost(LIMIT)
          .until(() -> value(metrics(), "zoetrope_viewers{format=\"mjpeg\",source=\"kept\"}") == 0);
      Awaitility.await("the rendition has stopped")
          .atMost(LIMIT)
          .until(
              () ->
                  operator
                      .get("sources/kept/stats")
                      .asJsonObject()
                      .getJsonObject("renditions")
                      .isEmpty());
      Awaitility.await("a tick after it")
          .pollDelay(Duration.ofSeconds(2))
          .atMost(LIMIT)
          .until(() -> value(metrics(), sent) >= sentThen);
    }
  }

  @Test
  void metricsAreForOperatorsUnlessTheyArePublic() throws Exception {
    HttpResponse<String> denied = plain(server, "metrics");
    assertThat(denied.statusCode()).isEqualTo(401);
    assertThat(denied.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(denied.body()).doesNotContain("zoetrope_viewers");
    assertThat(operator.call("POST", server.uri("metrics")).statusCode()).isEqualTo(405);

    TestHome home = new TestHome(folder.resolve("public"));
    home.settings("metrics: public");
    try (TestServer other = TestServer.at(home.folder())) {
      assertThat(plain(other, "metrics").statusCode()).isEqualTo(200);
      assertThat(plain(other, "api/v1/server").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void healthIsForAnybody() throws Exception {
    HttpResponse<String> ready = plain(server, "health/ready");
    HttpResponse<String> live = plain(server, "health/live");

    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).isEqualTo("{\"status\":\"live\"}");
  }

  @Test
  void serverIsDescribed() throws Exception {
    JsonObject described = operator.get("server").asJsonObject();

    assertThat(described.getString("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    assertThat(described.getString("java")).contains(Runtime.version().feature() + "");
    assertThat(described.getString("container")).contains("Tomcat");
    assertThat(described.getString("os")).contains(System.getProperty("os.name"));
    assertThat(Instant.parse(described.getString("startedAt"))).isBefore(Instant.now());
    assertThat(described.getInt("uptimeSeconds")).isBetween(0, 600);
    assertThat(described.getInt("cpus")).isPositive();
    assertThat(described.getJsonNumber("load").doubleValue()).isNotNegative();
    assertThat(described.getJsonNumber("heapUsed").longValue())
        .isBetween(1L, described.getJsonNumber("heapMost").longValue());
    assertThat(described.getJsonNumber("directUsed").longValue()).isNotNegative();
    assertThat(described.getJsonNumber("files").longValue())
        .isBetween(1L, described.getJsonNumber("filesMost").longValue());
    assertThat(Path.of(described.getString("home"))).isEqualTo(server.home());
    assertThat(described.getJsonNumber("diskFree").longValue()).isPositive();
    JsonObject ffmpeg = described.getJsonObject("ffmpeg");
    assertThat(Files.isExecutable(Path.of(ffmpeg.getString("path")))).isTrue();
    assertThat(ffmpeg.getString("version")).matches("[nN0-9].*");
    assertThat(ffmpeg.getString("encoder")).isNotEmpty();
    assertThat(ffmpeg.getJsonArray("hardwareEncoders")).hasSize(4);
    assertThat(described.getJsonObject("limits").getInt("viewers")).isEqualTo(5000);
    assertThat(described.getJsonObject("limits").getInt("sources")).isEqualTo(200);
    assertThat(described.getInt("stalled")).isZero();
    assertThat(described.getInt("refused")).isZero();
    assertThat(described.getInt("viewers")).isNotNegative();
    assertThat(described.getInt("rtmpPort")).isZero();
    assertThat(described.getBoolean("fastDoor"))
        .isEqualTo(!System.getProperty("fastDoor", "auto").equals("off"));
  }

  @Test
  void lastHourIsKept() throws Exception {
    SourceList.awaitState(server, "kept", "live");
    JsonObject hour =
        Awaitility.await("two points")
            .atMost(LIMIT)
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> operator.get("history?source=kept").asJsonObject(),
                kept -> kept.getJsonArray("fps").size() >= 2);

    assertThat(hour.getInt("stepSeconds")).isEqualTo(10);
    assertThat(Instant.parse(hour.getString("from")))
        .isBetween(Instant.now().minusSeconds(200), Instant.now().minusSeconds(15));
    for (String row : List.of("viewers", "bytesIn", "bytesOut", "fps", "cpu")) {
      assertThat(hour.getJsonArray(row)).hasSameSizeAs(hour.getJsonArray("fps"));
    }
    int last = hour.getJsonArray("fps").size() - 1;
    assertThat(hour.getJsonArray("fps").getJsonNumber(last).doubleValue()).isBetween(15.0, 35.0);
    assertThat(hour.getJsonArray("bytesIn").getJsonNumber(last).longValue()).isPositive();
    assertThat(hour.getJsonArray("cpu").getValuesAs(JsonNumber.class))
        .as("by ticks of 10 ms: one of the points may have none")
        .anyMatch(cpu -> cpu.doubleValue() > 0);
    JsonObject sum = operator.get("history").asJsonObject();
    assertThat(sum.getJsonArray("fps").size()).isGreaterThanOrEqualTo(2);

    assertThat(operator.call("GET", "history?source=nobody").statusCode()).isEqualTo(404);
    assertThat(operator.call("GET", "history?source=A%20B").statusCode()).isEqualTo(400);
  }
}
