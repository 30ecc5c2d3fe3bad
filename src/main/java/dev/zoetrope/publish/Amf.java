package dev.zoetrope.publish;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the Action Message Format, version 0, as commands and metadata are made of.
 *
 * @see "Adobe AMF 0 specification, 2"
 */
sealed interface Amf {
  /** number. */
  record Numeral(double value) implements Amf {}

  /** boolean. */
  record Flag(boolean value) implements Amf {}

  /** string or long string. */
  record Text(String value) implements Amf {}

  /** object, typed object or ECMA array. */
  record Table(Map<String, Amf> entries) implements Amf {
    public Table {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** A text entry; empty if there is none. */
    Optional<String> text(String key) {
      return entries.get(key) instanceof Text found ? Optional.of(found.value()) : Optional.empty();
    }

    /** A number entry, cut to an int; 0 if there is none. */
    int number(String key) {
      return entries.get(key) instanceof Numeral found ? (int) found.value() : 0;
    }
  }

  /** strict array. */
  record Row(List<Amf> values) implements Amf {
    public Row {
      values = List.copyOf(values);
    }
  }

  /** null, undefined, unsupported; and references and dates, which no command of ours needs. */
  record Nothing() implements Amf {}

  /** The one value of its kind. */
  Nothing NOTHING = new Nothing();

  static Amf of(String value) {
    return new Text(value);
  }

  static Amf of(double value) {
    return new Numeral(value);
  }

  /** An object of alternating keys and values. */
  static Table table(Object... keysAndValues) {
    Map<String, Amf> entries = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      entries.put(
          (String) keysAndValues[i],
          value instanceof Amf amf
              ? amf
              : value instanceof Number number ? of(number.doubleValue()) : of((String) value));
    }
    return new Table(entries);
  }
}
