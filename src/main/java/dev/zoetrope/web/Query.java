package dev.zoetrope.web;

import java.util.List;
import java.util.Optional;

/** The query of a request; names that nobody asks for are ignored. */
@FunctionalInterface
interface Query {
  /** The first value of {@code name}. */
  Optional<String> value(String name);

  /**
   * One of {@code choices}, or {@code otherwise} if {@code name} does not stand in the query.
   *
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  default String choice(String name, String otherwise, List<String> choices)
      throws OutcomeException {
    String value = value(name).orElse(otherwise);
    if (!choices.contains(value)) {
      throw new OutcomeException(
          Outcome.BAD_REQUEST,
          name + ": expected " + String.join(" or ", choices) + ", got \"" + clean(value) + "\"");
    }
    return value;
  }

  /** What a client sent, fit to be said back. */
  static String clean(String value) {
    String printable = value.replaceAll("[^ -~]", "?");
    return printable.length() > 40 ? printable.substring(0, 40) + "..." : printable;
  }
}
