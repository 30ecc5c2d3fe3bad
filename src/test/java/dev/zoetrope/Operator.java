package dev.zoetrope;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;

/** Who may do all, with the token of the server's home. */
final class Operator {
  private final TestServer server;

  Operator(TestServer server) {
    this.server = server;
  }

  /** The value of the header {@code Authorization}. */
  String authorization() throws IOException {
    return "Bearer "
        + Files.readAllLines(server.home().resolve("secrets.yaml")).stream()
            .filter(line -> line.startsWith("admin-token:"))
            .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
            .findFirst()
            .orElseThrow();
  }

  URI api(String path) {
    return server.uri("api/v1/" + path);
  }

  /**
   * @param path below {@code /api/v1/}
   * @param headers names and values by turns
   */
  HttpResponse<String> call(String method, String path, String... headers) throws Exception {
    return call(method, api(path), headers);
  }

  HttpResponse<String> call(String method, URI uri, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", authorization());
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
}
