package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who watches, and who is cut: on the container's doors and the fast one. */
class ViewersIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** What cutting may take. */
  private static final Duration SOON = Duration.ofSeconds(2);

  @TempDir private Path folder;

  private TestServer start(String fastDoor) throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("gate", "kind: test-pattern", "width: 320", "height: 180", "linger: 1m");
    return TestServer.at(home.folder(), List.of("-Dzoetrope.fastDoor=" + fastDoor));
  }

  private static JsonArray viewers(Operator operator) throws Exception {
    return operator.get("sources/gate/viewers").asJsonArray();
  }

  private static List<JsonObject> viewers(Operator operator, String way) throws Exception {
    return viewers(operator).stream()
        .map(one -> one.asJsonObject())
        .filter(one -> one.getString("way").equals(way))
        .toList();
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void viewerIsCutOnEachDoorAndTheOthersGoOn(String fastDoor) throws Exception {
    try (TestServer server = start(fastDoor);
        LiveStream gif = LiveStream.open(server.uri("live/gate.gif"));
        LiveStream mjpeg = LiveStream.open(server.uri("live/gate.mjpeg"));
        LiveStream strict = LiveStream.open(server.uri("live/gate.mjpeg?strict=1"));
        LiveStream ts = LiveStream.open(server.uri("live/gate.ts"));
        LiveStream mp4 = LiveStream.open(server.uri("live/gate.mp4"));
        LiveSocket mpeg1 = LiveSocket.open(server.uri("live/gate/mpeg1"));
        LiveSocket fmp4 = LiveSocket.open(server.uri("live/gate/fmp4"));
        LiveStream other = LiveStream.open(server.uri("live/gate.mjpeg"))) {
      Operator operator = new Operator(server);
      for (LiveStream stream : List.of(gif, mjpeg, strict, ts, mp4, other)) {
        stream.awaitMore(5_000);
      }
      mpeg1.await("messages", messages -> messages.size() > 5);
      fmp4.await("messages", messages -> messages.size() > 5);

      JsonArray all = viewers(operator);
      assertThat(all).hasSize(8);
      assertThat(all.stream().map(one -> one.asJsonObject().getString("way")))
          .containsExactlyInAnyOrder(
              "gif", "mjpeg", "mjpeg", "mjpeg", "ts", "mp4", "mpeg1", "fmp4");
      for (int i = 0; i < all.size(); i++) {
        JsonObject one = all.getJsonObject(i);
        assertThat(one.getString("address")).as(one.toString()).isIn("127.0.0.1", "");
        assertThat(Instant.parse(one.getString("since")))
            .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(one.getJsonNumber("bytes").longValue()).isPositive();
      }

      for (LiveStream stream : List.of(gif, ts, mp4)) {
        String way = stream.head().uri().getPath().replaceAll(".*\\.", "");
        cut(operator, viewers(operator, way).get(0).getString("id"));
        Awaitility.await("end of " + way).atMost(SOON).until(stream::hasEnded);
      }
      for (JsonObject one : viewers(operator, "mjpeg").subList(0, 2)) {
        cut(operator, one.getString("id"));
      }
      cut(operator, viewers(operator, "mpeg1").get(0).getString("id"));
      cut(operator, viewers(operator, "fmp4").get(0).getString("id"));

      assertThat(mpeg1.awaitClose().code()).isEqualTo(1008);
      assertThat(fmp4.awaitClose().code()).isEqualTo(1008);
      Awaitility.await("two of three").atMost(SOON).until(() -> ended(mjpeg, strict, other) == 2);
      assertThat(viewers(operator)).hasSize(1);
      LiveStream rest =
          List.of(mjpeg, strict, other).stream()
              .filter(stream -> !stream.hasEnded())
              .findFirst()
              .orElseThrow();
      rest.awaitMore(50_000);
    }
  }

  private static long ended(LiveStream... streams) {
    return List.of(streams).stream().filter(LiveStream::hasEnded).count();
  }

  private static void cut(Operator operator, String id) throws Exception {
    HttpResponse<String> answer = operator.call("DELETE", "sources/gate/viewers/" + id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    Awaitility.await("gone from the list")
        .atMost(LIMIT)
        .until(
            () ->
                viewers(operator).stream()
                    .noneMatch(one -> one.asJsonObject().getString("id").equals(id)));
  }

  @Test
  void listsComeInPartsAndMistakesAreTold() throws Exception {
    try (TestServer server = start("auto");
        LiveStream first = LiveStream.open(server.uri("live/gate.mjpeg"));
        LiveStream second = LiveStream.open(server.uri("live/gate.mjpeg"))) {
      Operator operator = new Operator(server);
      first.awaitMore(5_000);
      second.awaitMore(5_000);

      HttpResponse<String> part = operator.call("GET", "sources/gate/viewers?offset=1&limit=5");
      assertThat(part.headers().firstValue("X-Total-Count")).hasValue("2");
      assertThat(Operator.json(part.body()).asJsonArray()).hasSize(1);
      HttpResponse<String> timeline = operator.call("GET", "sources/gate/timeline?limit=1");
      assertThat(Operator.json(timeline.body()).asJsonArray()).hasSize(1);
      assertThat(timeline.body()).contains("STARTED");
      assertThat(Integer.parseInt(timeline.headers().firstValue("X-Total-Count").orElseThrow()))
          .isGreaterThanOrEqualTo(2);
      assertThat(operator.call("GET", "sources/gate/log?limit=1").statusCode()).isEqualTo(200);

      assertThat(operator.call("GET", "sources/gate/viewers?limit=0").statusCode()).isEqualTo(400);
      assertThat(operator.call("GET", "sources/gate/viewers?offset=x").body())
          .contains("offset: expected a whole number");
      for (String id : List.of("0", "x", "99999999", "-1")) {
        assertThat(operator.call("DELETE", "sources/gate/viewers/" + id).statusCode())
            .as(id)
            .isEqualTo(404);
      }
      HttpResponse<String> got = operator.call("GET", "sources/gate/viewers/1");
      assertThat(got.statusCode()).isEqualTo(405);
      assertThat(got.headers().firstValue("Allow")).hasValue("DELETE");
    }
  }
}
