package dev.zoetrope.web;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The fields of a client's message. Mistakes are BAD_REQUEST and name what was expected. */
record Fields(JsonObject message) {
  private static final int MOST_NUMBER = 65_535;
  private static final int MOST_WIDTH = 99_999;
  static final String WIDTH = "width: expected a whole number of 1 to " + MOST_WIDTH;
  private static final int MOST_ID_LENGTH = 40;
  private static final int MOST_LENGTH = 1000; // of a text: requests may have to wait
  private static final int MOST_TEXTS = 10;

  /** What we understand needs three; a parser calls itself for each. */
  private static final int MOST_BRACKETS = 100;

  /** A mistake, for who reads further. */
  static OutcomeException bad(String words) {
    return new OutcomeException(Outcome.BAD_REQUEST, words);
  }

  /** Of a text message: an object in JSON. */
  static Fields of(String json) throws OutcomeException {
    if (json.chars().filter(c -> c == '[' || c == '{').count() > MOST_BRACKETS) {
      throw bad("expected a message with fewer brackets");
    }
    return parsed(json);
  }

  /** The same of one that may hold long lists. */
  static Fields ofLong(String json) throws OutcomeException {
    if (depth(json) > MOST_BRACKETS) {
      throw bad("expected a message with fewer brackets in others");
    }
    return parsed(json);
  }

  /** How many brackets are open at most at the same time, those in texts not counted. */
  private static int depth(String json) {
    int depth = 0;
    int most = 0;
    boolean isInText = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (isInText) {
        i += c == '\\' ? 1 : 0; // what is escaped ends no text
        isInText = c != '"';
      } else if (c == '"') {
        isInText = true;
      } else if (c == '[' || c == '{') {
        depth++;
        most = Math.max(most, depth);
      } else if (c == ']' || c == '}') {
        depth--;
      }
    }
    return most;
  }

  private static Fields parsed(String json) throws OutcomeException {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return new Fields(reader.readObject());
    } catch (JsonException e) {
      throw bad("expected an object in JSON");
    } catch (UnsupportedOperationException e) { // as some parsers say
      throw bad("expected numbers with fewer digits");
    }
  }

  /** The text of that name, if it is there. */
  Optional<String> text(String name) throws OutcomeException {
    JsonValue value = message.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<String> text = JsonShape.text(value).filter(one -> one.length() <= MOST_LENGTH);
    if (text.isEmpty()) {
      throw bad(name + ": expected a text of at most " + MOST_LENGTH + " characters");
    }
    return text;
  }

  /** One text of that name, or an array of them, if it is there. */
  Optional<List<String>> texts(String name) throws OutcomeException {
    JsonValue value = message.get(name);
    if (value == null || value.getValueType() != JsonValue.ValueType.ARRAY) {
      return text(name).map(List::of);
    }
    List<String> texts = JsonShape.texts(value).orElseThrow(() -> bad(name + ": expected texts"));
    if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
      throw bad(name + ": expected 1 to " + MOST_TEXTS + " texts, got " + texts.size());
    }
    return Optional.of(texts);
  }

  /** Not, where there is none of that name. */
  boolean isTrue(String name) throws OutcomeException {
    JsonValue value = message.getOrDefault(name, JsonValue.FALSE);
    return switch (value.getValueType()) {
      case TRUE -> true;
      case FALSE -> false;
      case ARRAY, OBJECT, STRING, NUMBER, NULL -> throw bad(name + ": expected true or false");
    };
  }

  /** About so many pixels across. */
  OptionalInt width() throws OutcomeException {
    JsonValue value = message.get("width");
    return value == null ? OptionalInt.empty() : OptionalInt.of(whole(value, MOST_WIDTH, WIDTH));
  }

  /** That of a subscription. */
  int number() throws OutcomeException {
    return number(message.get("n"));
  }

  private static int number(JsonValue value) throws OutcomeException {
    return whole(value, MOST_NUMBER, "n: expected a whole number of 1 to " + MOST_NUMBER);
  }

  private static int whole(JsonValue value, int most, String expected) throws OutcomeException {
    return JsonShape.whole(value, 1, most).orElseThrow(() -> bad(expected));
  }

  /** Those of subscriptions: one, or an array of them. */
  List<Integer> numbers() throws OutcomeException {
    JsonValue value = message.get("n");
    if (value == null || value.getValueType() != JsonValue.ValueType.ARRAY) {
      return List.of(number(value));
    }
    int count = value.asJsonArray().size();
    if (count == 0 || count > Request.MOST) {
      throw bad("n: expected 1 to " + Request.MOST + " numbers, got " + count);
    }
    List<Integer> numbers = new ArrayList<>();
    for (JsonValue each : value.asJsonArray()) {
      numbers.add(number(each));
    }
    return List.copyOf(numbers);
  }

  /** What a client knows its question by. */
  JsonNumber id() throws OutcomeException {
    try {
      if (message.get("id") instanceof JsonNumber id && id.toString().length() <= MOST_ID_LENGTH) {
        return id;
      }
    } catch (UnsupportedOperationException e) {
      // far too many digits for the parser
    }
    throw bad("id: expected a number of at most " + MOST_ID_LENGTH + " digits");
  }
}
