package dev.zoetrope.admin;

import jakarta.json.JsonStructure;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered when all is well.
 *
 * @param body empty for none
 */
record Reply(int status, Map<String, String> headers, Optional<JsonStructure> body) {
  Reply {
    headers = Map.copyOf(headers);
  }

  static Reply of(JsonStructure body) {
    return new Reply(200, Map.of(), Optional.of(body));
  }

  /** The request was answered by whoever took it, or will be. */
  static Reply given() {
    return new Reply(0, Map.of(), Optional.empty());
  }

  boolean isGivenAlready() {
    return status == 0;
  }

  static Reply nothing() {
    return new Reply(204, Map.of(), Optional.empty());
  }
}
