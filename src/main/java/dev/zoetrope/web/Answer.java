package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;

/**
 * A short answer without a picture: text, or JSON if asked for. Immutable.
 *
 * @param retryAfterSeconds when it is of use to ask again; 0 for never
 */
public record Answer(int status, long retryAfterSeconds, String contentType, Bytes body) {

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

  static Answer of(Form form, OutcomeException why) {
    int status = why.outcome().httpStatus();
    String message = why.getMessage();
    JsonObject json =
        Json.createObjectBuilder().add("status", status).add("error", message).build();
    String body = form == Form.JSON ? json.toString() : message + "\n";
    return new Answer(
        status,
        why.retryAfterSeconds(),
        form == Form.JSON ? "application/json" : "text/plain;charset=UTF-8",
        Bytes.owning(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Status and headers; the body is the caller's to write. */
  public void writeHead(HttpServletResponse response) {
    response.setStatus(status);
    if (retryAfterSeconds > 0) {
      response.setHeader("Retry-After", Long.toString(retryAfterSeconds));
    }
    if (status == HttpServletResponse.SC_UNAUTHORIZED) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    response.setContentType(contentType);
    response.setContentLength(body.size());
  }
}
