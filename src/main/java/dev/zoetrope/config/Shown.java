package dev.zoetrope.config;

import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What a message may show of keys and values: one short line, no credentials. */
final class Shown {
  private static final int MOST_OF_A_VALUE = 60;
  private static final int MOST_OF_A_PROBLEM = 200;
  private static final List<String> SECRETS =
      List.of("pass", "secret", "token", "pwd", "phrase", "credential");

  private Shown() {}

  static String node(String key, Node node) {
    if (node.getNodeType() == NodeType.SCALAR) {
      return value(key, ((ScalarNode) node).getValue());
    }
    return node.getNodeType() == NodeType.SEQUENCE ? "[…]" : "{…}";
  }

  static String value(String key, String text) {
    if (!text.isEmpty() && isSecret(key)) {
      return StreamUrl.HIDDEN;
    }
    return word(key).contains("url") ? line(StreamUrl.masked(text), MOST_OF_A_VALUE) : text(text);
  }

  /** Whether what stands under such a key may be a secret; it need not be a key of ours. */
  static boolean isSecret(String key) {
    String word = word(key);
    return word.endsWith("key") || SECRETS.stream().anyMatch(word::contains);
  }

  private static String word(String key) {
    return key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
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
