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

  /** How the body is written. */
  enum Form {
    TEXT,
    JSON;

    /** As the request wants it; to be asked while the container is in it. */
    static Form of(HttpServletRequest request) {
      String accept = String.valueOf(request.getHeader("Accept"));
      return accept.contains("application/json") || accept.contains("+json") ? JSON : TEXT;
    }
  }

  static Answer of(Form form, Outcome outcome, String message) {
    JsonObject json =
        Json.createObjectBuilder()
            .add("status", outcome.httpStatus())
            .add("error", message)
            .build();
    String body = form == Form.JSON ? json.toString() : message + "\n";
    return new Answer(
        outcome.httpStatus(),
        outcome.isTemporary(),
        form == Form.JSON ? "application/json" : "text/plain;charset=UTF-8",
        Bytes.owning(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Status and headers; the body is the caller's to write. */
  void writeHead(HttpServletResponse response) {
    response.setStatus(status);
    if (isTemporary) {
      response.setHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
    }
    if (status == HttpServletResponse.SC_UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    response.setContentType(contentType);
    response.setContentLength(body.size());
  }
}
