package dev.zoetrope.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

  /** A part of a list, and in a header how long the whole of it is. */
  static <T> Reply list(List<T> all, Slice slice, Function<T, ? extends JsonValue> describe) {
    JsonArrayBuilder some = Json.createArrayBuilder();
    slice.of(all).forEach(one -> some.add(describe.apply(one)));
    Map<String, String> headers = Map.of("X-Total-Count", Integer.toString(all.size()));
    return new Reply(200, headers, Optional.of(some.build()));
  }

  static Reply nothing() {
    return new Reply(204, Map.of(), Optional.empty());
  }
}
