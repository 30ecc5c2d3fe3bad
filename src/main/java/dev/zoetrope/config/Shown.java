package dev.zoetrope.config;

import java.util.Locale;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What a message may show of keys and values: one short line, no credentials. */
final class Shown {
  private static final int MOST_OF_A_VALUE = 60;
  private static final int MOST_OF_A_PROBLEM = 200;

  private Shown() {}

  static String node(String key, Node node) {
    if (node.getNodeType() == NodeType.SCALAR) {
      return value(key, ((ScalarNode) node).getValue());
    }
    return node.getNodeType() == NodeType.SEQUENCE ? "[…]" : "{…}";
  }

  static String value(String key, String text) {
    String word = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean isSecret =
        word.equals("key") || Stream.of("pass", "secret", "token").anyMatch(word::contains);
    if (!text.isEmpty() && isSecret) {
      return StreamUrl.HIDDEN;
    }
    return word.contains("url") ? line(StreamUrl.masked(text), MOST_OF_A_VALUE) : text(text);
  }

  /** Text of no known key, or a key. */
  static String text(String text) {
    return line(withoutAddress(text), MOST_OF_A_VALUE);
  }

  /** What a parser says, which may quote the file. */
  static String problem(String text) {
    return line(withoutAddress(text), MOST_OF_A_PROBLEM);
  }

  private static String withoutAddress(String text) {
    boolean address = text.contains("://") || text.contains("@");
    return address ? StreamUrl.masked(text) : text;
  }

  private static String line(String text, int most) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(most + 1L)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(line::appendCodePoint);
    if (line.codePointCount(0, line.length()) > most) {
      line.setLength(line.offsetByCodePoints(0, most));
      line.append('…');
    }
    return line.toString();
  }
}
