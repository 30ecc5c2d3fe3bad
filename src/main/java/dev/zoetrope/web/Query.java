package dev.zoetrope.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The query of a request; names that nobody asks for are ignored. */
@FunctionalInterface
interface Query {
  /** The first value of {@code name}. */
  Optional<String> value(String name);

  /**
   * That of a request that may have a body: the container's getParameter would wait for all of a
   * body that says it is a form, as that of {@code curl --data-binary} does. What is not encoded as
   * it should be is taken as it is.
   */
  static Query of(HttpServletRequest request) {
    String query = Optional.ofNullable(request.getQueryString()).orElse("");
    return name ->
        Arrays.stream(query.split("&", -1))
            .filter(pair -> pair.startsWith(name + "="))
            .map(pair -> decoded(pair.substring(name.length() + 1)))
            .findFirst();
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

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
