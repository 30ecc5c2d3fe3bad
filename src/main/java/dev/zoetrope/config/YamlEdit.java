package dev.zoetrope.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Changes a file that people write: only the lines of keys that change. Comments, order and layout
 * of all others stay. What comes out is read again; where that is not what was wanted, or the file
 * cannot be edited line by line, it is written anew.
 */
final class YamlEdit {
  /**
   * @param isWrittenAnew whether comments and layout are lost
   */
  record Edited(String text, boolean isWrittenAnew) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Text in the place of some; positions count code points. */
  private record Patch(int from, int to, String text) {}

  private static final class Odd extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final int[] text;
  private final String lineEnd;
  private final List<Patch> patches = new ArrayList<>();

  private YamlEdit(String text) {
    this.text = text.codePoints().toArray();
    lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** The file that holds {@code before}, with what is wanted in it. */
  static Edited edit(Optional<byte[]> before, Map<String, Object> wanted) {
    Optional<String> inPlace = before.flatMap(content -> inPlace(content, wanted));
    boolean hadContent = before.isPresent() && before.get().length > 0;
    return inPlace
        .map(edited -> new Edited(edited, false))
        .orElseGet(() -> new Edited(YamlTree.written(wanted), hadContent));
  }

  private static Optional<String> inPlace(byte[] content, Map<String, Object> wanted) {
    MistakeList unheard = new MistakeList(Path.of(""));
    Optional<String> text = YamlFile.text(content, unheard);
    Optional<MappingNode> root = text.flatMap(known -> YamlFile.mapping(known, unheard));
    if (root.isEmpty()) {
      return Optional.empty();
    }
    String edited;
    try {
      YamlEdit edit = new YamlEdit(text.get());
      if (root.get().getValue().isEmpty()) {
        edit.append(edit.text.length, wanted, "");
      } else {
        edit.change(root.get(), wanted);
      }
      edited = edit.result();
    } catch (Odd e) {
      return Optional.empty();
    }
    boolean isRight =
        YamlTree.of(edited.getBytes(StandardCharsets.UTF_8))
            .filter(tree -> YamlTree.isSame(tree, wanted))
            .isPresent();
    return isRight ? Optional.of(edited) : Optional.empty();
  }

  private void change(MappingNode mapping, Map<?, ?> wanted) throws Odd {
    if (mapping.getFlowStyle() == FlowStyle.FLOW) {
      throw new Odd();
    }
    Map<Object, Object> added = new LinkedHashMap<>(wanted);
    int end = 0;
    int column = 0;
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new Odd();
      }
      column = key.getStartMark().orElseThrow(Odd::new).getColumn();
      end = end(tuple);
      if (!wanted.containsKey(key.getValue())) {
        patches.add(new Patch(lineStart(start(key)), nextLine(end), ""));
        continue;
      }
      Object value = added.remove(key.getValue());
      if (!YamlTree.isSame(YamlTree.value(tuple.getValueNode()), value)) {
        change(key, tuple, value, " ".repeat(column));
      }
    }
    append(nextLine(end), added, " ".repeat(column));
  }

  private void change(ScalarNode key, NodeTuple tuple, Object value, String indent) throws Odd {
    Node old = tuple.getValueNode();
    boolean isBlock =
        old instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.BLOCK;
    if (isBlock && old instanceof MappingNode mapping && value instanceof Map<?, ?> map) {
      if (!map.isEmpty()) {
        change(mapping, map);
        return;
      }
    }
    int from = start(old);
    int to = end(tuple);
    if (!isBlock && from < to && value != null) {
      patches.add(new Patch(from, to, YamlTree.flow(value)));
    } else { // what follows on the last line, such as a comment, stays there
      String lines = YamlTree.lines(key.getValue(), value, indent, lineEnd);
      String entry = lines.substring(indent.length(), lines.length() - lineEnd.length());
      patches.add(new Patch(start(key), to, entry));
    }
  }

  private void append(int at, Map<?, ?> added, String indent) {
    if (added.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    if (at > 0 && text[at - 1] != '\n') {
      lines.append(lineEnd);
    }
    added.forEach((key, value) -> lines.append(YamlTree.lines(key, value, indent, lineEnd)));
    patches.add(new Patch(at, at, lines.toString()));
  }

  private int start(Node node) throws Odd {
    return node.getStartMark().orElseThrow(Odd::new).getIndex();
  }

  private int end(NodeTuple tuple) throws Odd {
    return Math.max(end(tuple.getKeyNode()), end(tuple.getValueNode()));
  }

  /** Behind its last character: the mark of a block is behind the comments that follow. */
  private int end(Node node) throws Odd {
    boolean isBlock =
        node instanceof CollectionNode<?> collection
            && collection.getFlowStyle() == FlowStyle.BLOCK;
    if (isBlock && node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
      return end(mapping.getValue().get(mapping.getValue().size() - 1));
    }
    if (isBlock && node instanceof SequenceNode list && !list.getValue().isEmpty()) {
      return end(list.getValue().get(list.getValue().size() - 1));
    }
    if (node instanceof ScalarNode scalar
        && (scalar.getScalarStyle() == ScalarStyle.LITERAL
            || scalar.getScalarStyle() == ScalarStyle.FOLDED)) {
      throw new Odd();
    }
    return node.getEndMark().orElseThrow(Odd::new).getIndex();
  }

  private int lineStart(int at) {
    int start = at;
    while (start > 0 && text[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private int nextLine(int at) {
    int end = at;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return Math.min(text.length, end + 1);
  }

  /** The text with all patches in it. */
  private String result() throws Odd {
    List<Patch> ordered = new ArrayList<>(patches);
    ordered.sort(Comparator.comparingInt(Patch::from).thenComparingInt(Patch::to));
    StringBuilder result = new StringBuilder();
    int done = 0;
    for (Patch patch : ordered) {
      if (patch.from() < done) {
        throw new Odd();
      }
      result.append(new String(text, done, patch.from() - done)).append(patch.text());
      done = patch.to();
    }
    return result.append(new String(text, done, text.length - done)).toString();
  }
}
