package dev.zoetrope.media;

import java.util.regex.Pattern;

/**
 * Who a node is, to other nodes and to people.
 *
 * @param id 1 to 64 of a-z, 0-9 and -; drawn when the node first started, kept since
 * @param name what people call it, 1 to 64 printable characters
 */
public record NodeIdentity(String id, String name) {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");
  private static final int MOST_OF_A_NAME = 64;

  public NodeIdentity {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "node id \"" + id + "\": expected 1 to 64 of a-z, 0-9 and -");
    }
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "name of node " + id + ": expected 1 to " + MOST_OF_A_NAME + " printable characters");
    }
  }

  /** Whether {@code text} has the form of a node's id. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Whether {@code text} can be shown as a node's name. */
  public static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= MOST_OF_A_NAME
        && text.codePoints().noneMatch(Character::isISOControl);
  }
}
