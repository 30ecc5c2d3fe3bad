package dev.zoetrope.publish;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of a stream or an application with what follows its question mark: {@code
 * gate?key=secret}.
 *
 * @param name without the query, without slashes at its ends
 * @param key the query's key without percent-encoding; empty if there is none
 */
record StreamName(String name, Optional<String> key) {
  private static final String KEY = "key=";

  static StreamName parse(String text) {
    int mark = text.indexOf('?');
    String name = mark < 0 ? text : text.substring(0, mark);
    Optional<String> key = Optional.empty();
    if (mark >= 0) {
      for (String parameter : text.substring(mark + 1).split("&", -1)) {
        if (parameter.startsWith(KEY)) {
          key = Optional.of(decoded(parameter.substring(KEY.length())));
        }
      }
    }
    return new StreamName(withoutSlashes(name), key);
  }

  private static String decoded(String text) {
    try {
      // A plus is a plus in addresses; only forms mean a space by it.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a key with a percent sign of its own
    }
  }

  private static String withoutSlashes(String name) {
    int from = 0;
    int to = name.length();
    while (from < to && name.charAt(from) == '/') {
      from++;
    }
    while (to > from && name.charAt(to - 1) == '/') {
      to--;
    }
    return name.substring(from, to);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return name;
  }
}
