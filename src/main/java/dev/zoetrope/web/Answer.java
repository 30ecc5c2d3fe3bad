package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;

/** A short answer without a picture: text, or JSON if asked for. Immutable. */
record Answer(int status, boolean isTemporary, String contentType, Bytes body) {
  private static final int RETRY_AFTER_SECONDS = 5;

  static Answer of(HttpServletRequest request, Outcome outcome, String message) {
    String accept = String.valueOf(request.getHeader("Accept"));
    boolean wantsJson = accept.contains("application/json") || accept.contains("+json");
    JsonObject json =
        Json.createObjectBuilder()
            .add("status", outcome.httpStatus())
            .add("error", message)
            .build();
    String body = wantsJson ? json.toString() : message + "\n";
    return new Answer(
        outcome.httpStatus(),
        outcome.isTemporary(),
        wantsJson ? "application/json" : "text/plain;charset=UTF-8",
        Bytes.owning(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Status and headers; the body is the caller's to write. */
  void writeHead(HttpServletResponse response) {
    response.setStatus(status);
    if (isTemporary) {
      response.setHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
    }
    response.setContentType(contentType);
    response.setContentLength(body.size());
  }
}
