package dev.zoetrope;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** One who uses the API of a server, with its token. */
final class Administrator {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final TestServer server;
  private final String token;

  Administrator(TestServer server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * Calls {@code /api/v1/<path>}.
   *
   * @param body JSON; empty for none
   */
  HttpResponse<String> call(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("api/v1/" + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token)
            .timeout(LIMIT);
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  static JsonObject json(HttpResponse<String> answer) {
    return json(answer.body());
  }

  static JsonObject json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
