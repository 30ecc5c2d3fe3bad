package dev.zoetrope.web;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What stands in a client's JSON; empty where it is missing, or of another shape. Stateless. */
public final class JsonShape {
  private JsonShape() {}

  /** A text. */
  public static Optional<String> text(JsonValue value) {
    return value instanceof JsonString text ? Optional.of(text.getString()) : Optional.empty();
  }

  /** An array of nothing but texts. */
  public static Optional<List<String>> texts(JsonValue value) {
    if (!(value instanceof JsonArray array)) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (JsonValue each : array) {
      if (!(each instanceof JsonString text)) {
        return Optional.empty();
      }
      texts.add(text.getString());
    }
    return Optional.of(List.copyOf(texts));
  }

  /** A whole number in that range. */
  public static OptionalInt whole(JsonValue value, int least, int most) {
    try {
      if (value instanceof JsonNumber number
          && number.intValueExact() >= least
          && number.intValueExact() <= most) {
        return OptionalInt.of(number.intValueExact());
      }
    } catch (ArithmeticException | UnsupportedOperationException e) {
      // a fraction, or far too many digits for the parser
    }
    return OptionalInt.empty();
  }
}
