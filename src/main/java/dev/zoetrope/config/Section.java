package dev.zoetrope.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The keys and values at one level of a file. What cannot be read goes to the list of mistakes and
 * counts as absent.
 */
final class Section {
  private record Entry(int line, Node value) {}

  private final String prefix;
  private final int line;
  private final MistakeList mistakes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Nothing written at all. */
  Section(MistakeList mistakes) {
    this("", 1, mistakes);
  }

  /** A whole file. */
  Section(MappingNode node, MistakeList mistakes) {
    this("", node, mistakes);
  }

  private Section(String prefix, MappingNode node, MistakeList mistakes) {
    this(prefix, line(node), mistakes);
    node.getValue().forEach(this::add);
  }

  private Section(String prefix, int line, MistakeList mistakes) {
    this.prefix = prefix;
    this.line = line;
    this.mistakes = mistakes;
  }

  private void add(NodeTuple tuple) {
    Node keyNode = tuple.getKeyNode();
    if (keyNode.getNodeType() != NodeType.SCALAR) {
      mistakes.add(line(keyNode), prefix, "", "expected a word as the key");
      return;
    }
    String key = ((ScalarNode) keyNode).getValue();
    Entry entry = new Entry(line(keyNode), tuple.getValueNode());
    Entry first = entries.putIfAbsent(key, entry);
    if (first != null) {
      mistakes.add(
          entry.line(),
          prefix + key,
          Shown.node(key, entry.value()),
          "the key is already in line " + first.line() + "; leave one of them");
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  Set<String> keys() {
    return new LinkedHashSet<>(entries.keySet());
  }

  /** The value of {@code key}; empty if it is absent or wrong. */
  <T> Optional<T> value(String key, Form<T> form) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.value().getNodeType() != NodeType.SCALAR) {
      String found = entry.value().getNodeType() == NodeType.SEQUENCE ? "a list" : "a section";
      refuse(key, "expected a single value, not " + found);
      return Optional.empty();
    }
    boolean blank = isBlank(entry.value());
    String text = blank ? "" : ((ScalarNode) entry.value()).getValue();
    try {
      return Optional.of(form.read(text));
    } catch (WrongValue e) {
      refuse(key, (blank ? "has no value; " : "") + e.getMessage());
      return Optional.empty();
    }
  }

  /** The same as {@link #value}, of a key whose value is never shown. */
  <T> Optional<T> hiddenValue(String key, Form<T> form) {
    Entry entry = entries.get(key);
    try {
      if (entry.value().getNodeType() != NodeType.SCALAR || isBlank(entry.value())) {
        throw new WrongValue("expected a single value; in quotes, where it has signs of YAML");
      }
      return Optional.of(form.read(((ScalarNode) entry.value()).getValue()));
    } catch (WrongValue e) {
      refuseHidden(key, e.getMessage());
      return Optional.empty();
    }
  }

  /** Notes that {@code key} cannot be as it is, without its value. */
  void refuseHidden(String key, String remedy) {
    mistakes.add(entries.get(key).line(), prefix + key, StreamUrl.HIDDEN, remedy);
  }

  /** The values of a list, at least one; empty, with a mistake noted, if one of them is wrong. */
  <T> Optional<List<T>> values(String key, Form<T> form, String remedy) {
    return values(key, remedy, node -> value(key, node, form));
  }

  /** The same as {@link #values}, of a list whose items may have keys of their own. */
  <T> Optional<List<T>> values(
      String key, Form<T> form, Function<Section, Optional<T>> sections, String remedy) {
    AtomicInteger count = new AtomicInteger();
    return values(
        key,
        remedy,
        node -> {
          String own = prefix + key + "." + count.incrementAndGet() + ".";
          return node instanceof MappingNode mapping
              ? sections.apply(new Section(own, mapping, mistakes))
              : value(key, node, form);
        });
  }

  private <T> Optional<List<T>> values(
      String key, String remedy, Function<Node, Optional<T>> reader) {
    Entry entry = entries.get(key);
    if (!(entry.value() instanceof SequenceNode list) || list.getValue().isEmpty()) {
      refuse(key, remedy);
      return Optional.empty();
    }
    List<T> values = new ArrayList<>();
    for (Node node : list.getValue()) {
      reader.apply(node).ifPresent(values::add);
    }
    return values.size() == list.getValue().size() ? Optional.of(values) : Optional.empty();
  }

  private <T> Optional<T> value(String key, Node node, Form<T> form) {
    String text = node.getNodeType() == NodeType.SCALAR ? ((ScalarNode) node).getValue() : "";
    try {
      return Optional.of(form.read(text));
    } catch (WrongValue e) {
      mistakes.add(line(node), prefix + key, Shown.node(key, node), e.getMessage());
      return Optional.empty();
    }
  }

  /** The same as {@link #value}, where a value is required. */
  <T> Optional<T> required(String key, Form<T> form, String remedy) {
    if (!has(key)) {
      mistakes.add(line, prefix + key, "", "missing; " + remedy);
    }
    return value(key, form);
  }

  /** The keys under {@code key}: none if it is absent or blank; empty if it is wrong. */
  Optional<Section> section(String key) {
    Entry entry = entries.get(key);
    if (entry == null || isBlank(entry.value())) {
      return Optional.of(
          new Section(prefix + key + ".", entry == null ? line : entry.line(), mistakes));
    }
    if (entry.value().getNodeType() != NodeType.MAPPING) {
      refuse(key, "expected keys of its own, such as {key: value}, or nothing");
      return Optional.empty();
    }
    Section section = new Section(prefix + key + ".", entry.line(), mistakes);
    ((MappingNode) entry.value()).getValue().forEach(section::add);
    return Optional.of(section);
  }

  /** Whether {@code key} has a list, be it empty. */
  boolean isList(String key) {
    Entry entry = entries.get(key);
    return entry != null && entry.value().getNodeType() == NodeType.SEQUENCE;
  }

  /** Whether {@code key} is switched off: YAML 1.1 tools write {@code off} as false. */
  boolean isOff(String key) {
    Entry entry = entries.get(key);
    return entry != null
        && entry.value().getNodeType() == NodeType.SCALAR
        && Set.of("off", "false").contains(((ScalarNode) entry.value()).getValue());
  }

  /** Notes that {@code key} cannot be as it is. */
  void refuse(String key, String remedy) {
    Entry entry = entries.get(key);
    mistakes.add(entry.line(), prefix + key, Shown.node(key, entry.value()), remedy);
  }

  /**
   * Notes every key that is not known.
   *
   * @param elsewhere where a key belongs that is known, but not here
   */
  void refuseOthers(Set<String> known, Function<String, Optional<String>> elsewhere) {
    for (String key : entries.keySet()) {
      if (!known.contains(key)) {
        String remedy = elsewhere.apply(key).orElseGet(() -> unknown(key, known));
        if (Nearest.to(key, known).map(Shown::isSecret).orElse(false)) { // mistyped
          refuseHidden(key, remedy);
        } else {
          refuse(key, remedy);
        }
      }
    }
  }

  /** The same section as if it had no other keys than {@code known}. */
  Section only(Set<String> known) {
    Section section = new Section(prefix, line, mistakes);
    section.entries.putAll(entries);
    section.entries.keySet().retainAll(known);
    return section;
  }

  private static String unknown(String key, Set<String> known) {
    String question = Nearest.question(key, known);
    return "unknown key"
        + (question.isEmpty() ? "; known here: " + String.join(", ", known) : question);
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static boolean isBlank(Node node) {
    return node.getTag().equals(Tag.NULL);
  }
}
