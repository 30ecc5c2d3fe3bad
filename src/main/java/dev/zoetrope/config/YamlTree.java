package dev.zoetrope.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Keys and values as plain objects: maps in the order of their keys, lists, texts, whole numbers,
 * booleans; null where a key has no value. Two values are the same when they are written the same.
 */
final class YamlTree {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

  /** What needs no quotes in any place, and is text then. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*|[0-9]{1,9}[A-Za-z]{1,2}");

  private static final List<String> NULLS = List.of("null", "Null", "NULL");

  private YamlTree() {}

  /** That of a file; empty if it cannot be read as keys and values. */
  static Optional<Map<String, Object>> of(byte[] content) {
    MistakeList unheard = new MistakeList(Path.of(""));
    return YamlFile.text(content, unheard)
        .flatMap(text -> YamlFile.mapping(text, unheard))
        .map(YamlTree::map);
  }

  private static Map<String, Object> map(MappingNode mapping) {
    Map<String, Object> map = new LinkedHashMap<>();
    mapping
        .getValue()
        .forEach(
            tuple -> {
              String key =
                  tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
              map.put(key, value(tuple.getValueNode()));
            });
    return map;
  }

  static Object value(Node node) {
    if (node instanceof MappingNode mapping) {
      return map(mapping);
    }
    if (node instanceof SequenceNode sequence) {
      List<Object> list = new ArrayList<>();
      sequence.getValue().forEach(item -> list.add(value(item)));
      return list;
    }
    ScalarNode scalar = (ScalarNode) node;
    if (scalar.getTag().equals(Tag.NULL)) {
      return null;
    }
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.BOOL)) {
      return text.equalsIgnoreCase("true");
    }
    boolean isNumber = scalar.getTag().equals(Tag.INT) && WHOLE_NUMBER.matcher(text).matches();
    return isNumber ? (Object) Long.valueOf(text) : text;
  }

  /** Whether both are written the same, in any order of keys. */
  static boolean isSame(Object a, Object b) {
    return canonical(a).equals(canonical(b));
  }

  private static Object canonical(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> same = new LinkedHashMap<>();
      map.forEach((key, each) -> same.put(key, canonical(each)));
      return same;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(YamlTree::canonical).toList();
    }
    return value == null ? Optional.empty() : value.toString();
  }

  /** A whole file, one line for each key, one more for each key of a section of sections. */
  static String written(Map<?, ?> tree) {
    return tree.entrySet().stream()
        .map(entry -> lines(entry.getKey(), entry.getValue(), "", "\n"))
        .collect(Collectors.joining());
  }

  /** The lines of one key, each with its end. */
  static String lines(Object key, Object value, String indent, String lineEnd) {
    String head = indent + scalar(key) + ":";
    boolean hasSections =
        value instanceof Map<?, ?> map && map.values().stream().anyMatch(Map.class::isInstance);
    if (!hasSections) {
      return head + (value == null ? "" : " " + flow(value)) + lineEnd;
    }
    StringBuilder lines = new StringBuilder(head + lineEnd);
    ((Map<?, ?>) value)
        .forEach((inner, each) -> lines.append(lines(inner, each, indent + "  ", lineEnd)));
    return lines.toString();
  }

  /** On one line. */
  static String flow(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> scalar(entry.getKey()) + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(YamlTree::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    return value == null ? "null" : scalar(value);
  }

  private static String scalar(Object value) {
    String text = value.toString();
    boolean isPlain =
        WHOLE_NUMBER.matcher(text).matches()
            || (PLAIN.matcher(text).matches() && !NULLS.contains(text));
    return isPlain ? text : quoted(text);
  }

  /** In double quotes, which can hold anything. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0xFEFF) {
                quoted.append(String.format("\\u%04x", c));
              } else if (c == 0x2028 || c == 0x2029 || (c >= 0xD800 && c < 0xE000) || c == 0xFFFE) {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
