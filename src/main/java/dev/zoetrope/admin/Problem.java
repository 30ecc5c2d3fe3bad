package dev.zoetrope.admin;

import dev.zoetrope.access.RefusedException;
import dev.zoetrope.config.EditRefusedException;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.web.Answer;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer that is an error: RFC 9457. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Mistake> mistakes;
  private long retryAfterSeconds;

  /**
   * @param detail what was expected, for people
   */
  Problem(int status, String detail) {
    this(status, detail, List.of());
  }

  /**
   * @param mistakes each with a key of the body
   */
  Problem(int status, String detail, List<Mistake> mistakes) {
    super(detail);
    this.status = status;
    this.mistakes = mistakes;
  }

  static Problem of(EditRefusedException refused) {
    int status =
        switch (refused.reason()) {
          case MISTAKES -> 422;
          case NOT_THERE -> 404;
          case CHANGED_SINCE -> 412;
          case CONDITION_MISSING -> 428;
          case BUSY, TOO_MANY, DOES_NOT_START -> 409;
          case NOT_WRITTEN -> 507;
        };
    return new Problem(status, refused.getMessage(), refused.mistakes());
  }

  static Problem of(RefusedException refused) {
    int status =
        switch (refused.reason()) {
          case MISTAKES -> 422;
          case WRONG -> 401;
          case TOO_SOON -> 429;
          case NOT_THERE -> 404;
          case CHANGED_SINCE -> 412;
          case CONFLICT -> 409;
          case NOT_WRITTEN -> 507;
        };
    List<Mistake> mistakes =
        refused.faults().stream()
            .map(fault -> Fields.mistake(fault.key(), fault.value(), fault.expected()))
            .toList();
    return new Problem(status, refused.getMessage(), mistakes)
        .after(refused.patience().toSeconds());
  }

  /** With the header {@code Retry-After}; without, if there is nothing to wait for. */
  Problem after(long seconds) {
    retryAfterSeconds = seconds;
    return this;
  }

  static Problem of(String detail, List<Mistake> mistakes) {
    return new Problem(422, detail, mistakes);
  }

  /** As a client gets it. */
  Answer answer() {
    byte[] body = json().toString().getBytes(StandardCharsets.UTF_8);
    return new Answer(status, retryAfterSeconds, "application/problem+json", Bytes.owning(body));
  }

  private JsonObject json() {
    JsonObjectBuilder json =
        Json.createObjectBuilder().add("status", status).add("detail", getMessage());
    if (!mistakes.isEmpty()) {
      JsonArrayBuilder errors = Json.createArrayBuilder();
      for (Mistake mistake : mistakes) {
        errors.add(
            Json.createObjectBuilder()
                .add("file", mistake.file().toString().replace('\\', '/'))
                .add("line", mistake.line())
                .add("key", mistake.key())
                .add("value", mistake.value())
                .add("expected", mistake.remedy()));
      }
      json.add("errors", errors);
    }
    return json.build();
  }
}
