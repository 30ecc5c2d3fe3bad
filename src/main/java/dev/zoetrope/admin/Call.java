package dev.zoetrope.admin;

import dev.zoetrope.access.Caller;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.web.WholeBody;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;

/**
 * One request of the API, from somebody who may make it.
 *
 * @param variables what stands in its path at the places with braces
 */
record Call(
    HttpServletRequest request,
    HttpServletResponse response,
    Visitor visitor,
    Caller caller,
    Map<String, String> variables) {
  /** What stands in the path at the place of {@code {name}}. */
  String variable(String name) {
    return Optional.ofNullable(variables.get(name))
        .orElseThrow(() -> new IllegalArgumentException("the route has no {" + name + "}"));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(request.getParameter(name));
  }

  /** The body: an object in JSON. */
  JsonObject body() throws Problem {
    String type = Optional.ofNullable(request.getContentType()).orElse("").split(";", 2)[0].strip();
    if (!type.equals("application/json") && !type.equals("application/merge-patch+json")) {
      throw new Problem(415, "expected Content-Type: application/json");
    }
    byte[] bytes = WholeBody.of(request);
    try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new Problem(400, "expected an object in JSON");
    }
  }
}
