package dev.zoetrope;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;

/** One who uses the API of a server with a token: may do all, where the token is right. */
final class Operator {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final TestServer server;
  private final String token;

  /** With the token of the server's home. */
  Operator(TestServer server) throws IOException {
    this(
        server,
        Files.readAllLines(server.home().resolve("secrets.yaml")).stream()
            .filter(line -> line.startsWith("admin-token:"))
            .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
            .findFirst()
            .orElseThrow());
  }

  Operator(TestServer server, String token) {
    this.server = server;
    this.token = token;
  }

  /** The value of the header {@code Authorization}. */
  String authorization() {
    return "Bearer " + token;
  }

  URI api(String path) {
    return server.uri("api/v1/" + path);
  }

  /**
   * Asks without a body.
   *
   * @param path below {@code /api/v1/}
   * @param headers names and values by turns
   */
  HttpResponse<String> call(String method, String path, String... headers) throws Exception {
    return call(method, api(path), headers);
  }

  HttpResponse<String> call(String method, URI uri, String... headers) throws Exception {
    return ask(HttpRequest.newBuilder(uri), method, BodyPublishers.noBody(), headers);
  }

  /**
   * Asks with {@code body}, JSON.
   *
   * @param path below {@code /api/v1/}
   * @param headers names and values by turns
   */
  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api(path)).header("Content-Type", "application/json");
    return ask(request, method, BodyPublishers.ofString(body), headers);
  }

  private HttpResponse<String> ask(
      HttpRequest.Builder request, String method, BodyPublisher body, String... headers)
      throws Exception {
    request.method(method, body).timeout(LIMIT).header("Authorization", authorization());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** What is answered to GET, as JSON. */
  JsonStructure get(String path) throws Exception {
    HttpResponse<String> answer = call("GET", path);
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return json(answer.body());
  }

  static JsonStructure json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.read();
    }
  }

  static JsonObject object(String text) {
    return json(text).asJsonObject();
  }

  static JsonObject object(HttpResponse<String> answer) {
    return object(answer.body());
  }
}
