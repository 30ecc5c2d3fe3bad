package dev.zoetrope.admin;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON to the keys and values of files, and back. */
final class JsonTree {
  private JsonTree() {}

  /** Keys that are null count as absent. */
  static Map<String, Object> map(JsonObject object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object.forEach(
        (key, value) -> {
          if (value != JsonValue.NULL) {
            map.put(key, value(value));
          }
        });
    return map;
  }

  private static Object value(JsonValue value) {
    return switch (value.getValueType()) {
      case OBJECT -> map((JsonObject) value);
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        ((JsonArray) value).forEach(item -> list.add(value(item)));
        yield list;
      }
      case STRING -> ((JsonString) value).getString();
      case NUMBER -> number((JsonNumber) value);
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> "null"; // in a list, where it means nothing
    };
  }

  /** As it was written: a number too large to be one is told as such. */
  private static Object number(JsonNumber number) {
    boolean isSmall = number.isIntegral() && number.bigDecimalValue().precision() < 18;
    return isSmall ? (Object) number.bigDecimalValue().longValue() : number.toString();
  }

  /** What is there, with a patch in it (RFC 7396). */
  static Map<String, Object> merged(Map<?, ?> old, JsonObject patch) {
    Map<String, Object> merged = new LinkedHashMap<>();
    old.forEach((key, value) -> merged.put(key.toString(), value));
    patch.forEach(
        (key, value) -> {
          if (value == JsonValue.NULL) {
            merged.remove(key);
          } else if (value instanceof JsonObject inner) {
            Object before = merged.get(key);
            merged.put(key, merged(before instanceof Map<?, ?> map ? map : Map.of(), inner));
          } else {
            merged.put(key, value(value));
          }
        });
    return merged;
  }

  static JsonObject json(Map<?, ?> map) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    map.forEach((key, value) -> object.add(key.toString(), json(value)));
    return object.build();
  }

  private static JsonValue json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return json(map);
    }
    if (value instanceof List<?> list) {
      JsonArrayBuilder array = Json.createArrayBuilder();
      list.forEach(item -> array.add(json(item)));
      return array.build();
    }
    if (value instanceof Long number) {
      return Json.createValue(number);
    }
    if (value instanceof Boolean yes) {
      return yes ? JsonValue.TRUE : JsonValue.FALSE;
    }
    return value == null ? JsonValue.NULL : Json.createValue(value.toString());
  }
}
