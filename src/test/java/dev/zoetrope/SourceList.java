package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;

/** What {@code GET /live/} of a server says. */
final class SourceList {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private SourceList() {}

  /** What it says now of the source {@code id}, to anybody. */
  static JsonObject source(TestServer server, String id) throws IOException {
    return source(server, id, "");
  }

  /** The same, to those who have a share link. */
  static JsonObject source(TestServer server, String id, String link) throws IOException {
    try (InputStream body = server.uri("live/?link=" + link).toURL().openStream()) {
      return source(new String(body.readAllBytes(), UTF_8), id);
    }
  }

  /** Why the source is not live, as it tells an operator. */
  static String causeFor(Operator operator, String id) throws Exception {
    URI list = operator.api("../../live/").normalize();
    return source(operator.call("GET", list).body(), id).getString("cause");
  }

  private static JsonObject source(String list, String id) {
    return Json.createReader(new StringReader(list)).readObject().getJsonArray("sources").stream()
        .map(value -> value.asJsonObject())
        .filter(source -> source.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  static String state(TestServer server, String id) throws IOException {
    return source(server, id).getString("state");
  }

  /** Waits until the source is in that state; fails after 30 s. */
  static void awaitState(TestServer server, String id, String state) {
    Awaitility.await(id + " " + state)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> state(server, id), state::equals);
  }

  /** Waits until the cause shown contains {@code words}; fails after 30 s. */
  static JsonObject awaitCause(TestServer server, String id, String words) {
    return Awaitility.await("cause of " + id)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> source(server, id), source -> source.getString("cause").contains(words));
  }
}
