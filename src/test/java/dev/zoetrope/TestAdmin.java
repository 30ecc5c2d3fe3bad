package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;

/** Who may do everything by the API: by the token that a server makes at its first start. */
final class TestAdmin {
  private final TestServer server;
  private final String token;

  TestAdmin(TestServer server) throws IOException {
    this.server = server;
    token =
        Files.readAllLines(server.home().resolve("secrets.yaml")).stream()
            .filter(line -> line.startsWith("admin-token:"))
            .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
            .findFirst()
            .orElseThrow();
  }

  String token() {
    return token;
  }

  /** The answer's text; fails where its status is another. */
  String text(String method, String path, String body, int status)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("api/v1/" + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .build();
    HttpResponse<String> answer = LiveStream.CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body();
  }

  /** The same where an object is answered, or nothing. */
  JsonObject call(String method, String path, String body, int status)
      throws IOException, InterruptedException {
    String text = text(method, path, body, status);
    return text.isEmpty()
        ? JsonValue.EMPTY_JSON_OBJECT
        : Json.createReader(new StringReader(text)).readObject();
  }

  /** A share link for an hour: {@code link} is its value. */
  JsonObject link(List<String> sources, List<String> ways)
      throws IOException, InterruptedException {
    String body =
        Json.createObjectBuilder()
            .add("title", "Test")
            .add("sources", Json.createArrayBuilder(sources))
            .add("ways", Json.createArrayBuilder(ways))
            .add("hours", 1)
            .build()
            .toString();
    return call("POST", "links", body, 201);
  }

  void revoke(JsonObject link) throws IOException, InterruptedException {
    call("DELETE", "links/" + link.getString("id"), "", 204);
  }
}
