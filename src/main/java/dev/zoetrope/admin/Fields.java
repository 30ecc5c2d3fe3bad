package dev.zoetrope.admin;

import dev.zoetrope.access.Role;
import dev.zoetrope.config.Mistake;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.web.JsonShape;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The keys of a body, each with what it may be. What is wrong is noted, and told by {@link #check};
 * until then, something harmless stands in its place.
 */
final class Fields {
  private static final Path BODY = Path.of("body");
  private static final int MOST_SHOWN = 60;
  private static final int MOST_SOURCES = 500;

  private final JsonObject body;
  private final List<Mistake> mistakes = new ArrayList<>();

  /**
   * @param known all that may be there
   */
  Fields(JsonObject body, Set<String> known) {
    this.body = body;
    for (String key : body.keySet()) {
      if (!known.contains(key)) {
        mistakes.add(
            mistake(shown(key), "", "unknown key; known here: " + String.join(", ", known)));
      }
    }
  }

  static Mistake mistake(String key, String value, String expected) {
    return new Mistake(BODY, 0, key, value, expected);
  }

  private static String shown(String text) {
    return text.length() <= MOST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MOST_SHOWN / 2)) + "…";
  }

  private void refuse(String key, String expected) {
    JsonValue value = body.get(key);
    String text = JsonShape.text(value).orElseGet(() -> String.valueOf(value));
    mistakes.add(mistake(key, value == null ? "" : shown(text), expected));
  }

  /** Whether it is missing, or null. */
  boolean isAbsent(String key) {
    return body.get(key) == null || body.get(key) == JsonValue.NULL;
  }

  /** For people: 1 to 100 characters on one line. */
  String title() {
    String text = JsonShape.text(body.get("title")).orElse("");
    boolean isPlain =
        text.codePoints()
            .allMatch(
                c ->
                    Character.isDefined(c)
                        && !Character.isISOControl(c)
                        && Character.getType(c) != Character.SURROGATE);
    if (text.isBlank() || text.length() > 100 || !isPlain) {
      refuse("title", "expected 1 to 100 characters on one line");
    }
    return text.strip();
  }

  /** A text that is not shown. */
  String secret(String key) {
    Optional<String> text = JsonShape.text(body.get(key));
    if (text.isEmpty()) {
      mistakes.add(mistake(key, "", "expected a text"));
    }
    return text.orElse("");
  }

  /** The same, where it may be missing. */
  Optional<String> optionalSecret(String key) {
    return isAbsent(key) ? Optional.empty() : Optional.of(secret(key));
  }

  /** A text that may be missing. */
  String text(String key, String otherwise) {
    if (isAbsent(key)) {
      return otherwise;
    }
    Optional<String> text = JsonShape.text(body.get(key));
    if (text.isEmpty()) {
      refuse(key, "expected a text");
    }
    return text.orElse(otherwise);
  }

  Role role() {
    Optional<Role> role = Role.ofWord(text("role", ""));
    if (role.isEmpty()) {
      refuse("role", "expected viewer, operator or admin");
    }
    return role.orElse(Role.VIEWER);
  }

  /** Ids of sources, which need not be there yet. */
  Set<SourceId> sources() {
    Set<SourceId> ids = new LinkedHashSet<>();
    for (String text : texts("sources", "expected a list of ids of sources")) {
      if (SourceId.isValid(text)) {
        ids.add(new SourceId(text));
      } else {
        String expected = "expected ids of sources: 1 to 64 of a-z, 0-9 and -";
        mistakes.add(mistake("sources", shown(text), expected));
      }
    }
    if (ids.size() > MOST_SOURCES) {
      refuse("sources", "expected at most " + MOST_SOURCES);
    }
    return ids;
  }

  Set<String> words(String key, List<String> known) {
    String expected = "expected a list of " + String.join(", ", known);
    Set<String> words = new LinkedHashSet<>(texts(key, expected));
    for (String word : words) {
      if (!known.contains(word)) {
        mistakes.add(mistake(key, shown(word), expected));
      }
    }
    return words;
  }

  private List<String> texts(String key, String expected) {
    Optional<List<String>> texts = JsonShape.texts(body.get(key));
    if (texts.isEmpty() && !isAbsent(key)) {
      refuse(key, expected);
    }
    return texts.orElse(List.of());
  }

  /** A whole number; empty if it is missing. */
  Optional<Integer> number(String key, int least, int most) {
    if (isAbsent(key)) {
      return Optional.empty();
    }
    OptionalInt number = JsonShape.whole(body.get(key), least, most);
    if (number.isEmpty()) {
      refuse(key, "expected a whole number, " + least + " to " + most);
      return Optional.empty();
    }
    return Optional.of(number.getAsInt());
  }

  /** The same, where it may not be missing. */
  int required(String key, int least, int most) {
    if (isAbsent(key)) {
      refuse(key, "expected a whole number, " + least + " to " + most);
    }
    return number(key, least, most).orElse(least);
  }

  /** What is there, or else a mistake of its own. */
  void need(boolean isSo, String key, String expected) {
    if (!isSo && mistakes.stream().noneMatch(mistake -> mistake.key().equals(key))) {
      refuse(key, expected);
    }
  }

  /** Tells all that is wrong. */
  void check() throws Problem {
    if (!mistakes.isEmpty()) {
      Mistake first = mistakes.get(0);
      throw new Problem(422, first.key() + ": " + first.remedy(), mistakes);
    }
  }
}
