package dev.zoetrope.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads one file of keys and values, in YAML 1.2 (core schema) as UTF-8.
 *
 * <p>At most 1 MiB, levels at most 8 deep, no anchors, aliases or tags: nobody needs them here, and
 * so no file can cost more than its size.
 */
final class YamlFile {
  static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 8;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private YamlFile() {}

  /** The file's keys; empty, with a mistake noted, if it has none that could be read. */
  static Optional<Section> read(Path file, MistakeList mistakes) {
    return content(file, mistakes).flatMap(content -> parse(content, mistakes));
  }

  /**
   * What the file holds; empty, with a mistake noted, if it cannot be read. At most a byte too
   * long.
   */
  static Optional<byte[]> content(Path file, MistakeList mistakes) {
    // Asked first: opening a pipe would wait for someone to write to it.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      mistakes.add(0, "", "", "expected a file; remove or rename what is there");
      return Optional.empty();
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      mistakes.add(0, "", "", "cannot be read: " + Unreadable.why(e));
      return Optional.empty();
    }
    return Optional.of(bytes);
  }

  /** The keys in what a file holds; empty, with a mistake noted, if it has none. */
  static Optional<Section> parse(byte[] content, MistakeList mistakes) {
    return text(content, mistakes).flatMap(text -> parse(text, mistakes));
  }

  static Optional<String> text(byte[] bytes, MistakeList mistakes) {
    if (bytes.length > MAX_BYTES) {
      mistakes.add(0, "", "", "larger than 1 MiB; expected a few lines of settings");
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
      return Optional.of(marked ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      mistakes.add(0, "", "", "not text in UTF-8; save it as such");
      return Optional.empty();
    }
  }

  private static Optional<Section> parse(String text, MistakeList mistakes) {
    return mapping(text, mistakes)
        .map(
            mapping ->
                mapping.getValue().isEmpty()
                    ? new Section(mistakes)
                    : new Section(mapping, mistakes));
  }

  /** The tree of a file's keys, with marks; empty, with a mistake noted, if there is none. */
  static Optional<MappingNode> mapping(String text, MistakeList mistakes) {
    if (!isPrintable(text, mistakes)) {
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_BYTES)
            // All in one window: the library fails on a surrogate pair between two of them.
            .setBufferSize(text.length() + 2)
            .setUseMarks(true)
            .build();
    Optional<Node> root;
    try {
      if (!isPlain(text, settings, mistakes)) {
        return Optional.empty();
      }
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      // The exception's message would quote the line, with any password in it.
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      mistakes.add(line, "", "", "not YAML: " + Shown.problem(e.getProblem()));
      return Optional.empty();
    } catch (NumberFormatException e) { // the library's, at the end of a file
      mistakes.add(0, "", "", "not YAML: expected hexadecimal digits after \\u or \\x");
      return Optional.empty();
    } catch (YamlEngineException e) {
      mistakes.add(0, "", "", "not YAML: " + Shown.problem(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
    if (root.isEmpty()) {
      return Optional.of(new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
    }
    if (root.get() instanceof MappingNode mapping) {
      return Optional.of(mapping);
    }
    mistakes.add(Section.line(root.get()), "", "", "expected lines of the form key: value");
    return Optional.empty();
  }

  private static boolean isPrintable(String text, MistakeList mistakes) {
    int line = 1;
    int c;
    for (int i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        String name = String.format("character U+%04X", c);
        mistakes.add(line, "", "", name + " cannot stand in a text; remove it");
        return false;
      }
      if (c == '\n') {
        line++;
      }
    }
    return true;
  }

  /** Goes through the events first, which costs no memory, before a tree is made of them. */
  private static boolean isPlain(String text, LoadSettings settings, MistakeList mistakes) {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      Optional<String> refusal = Optional.empty();
      if (event instanceof NodeEvent node) {
        refusal = refusal(node);
      }
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        refusal = Optional.of("more than " + MAX_DEPTH + " levels deep; expected at most three");
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (refusal.isPresent()) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        mistakes.add(line, "", "", refusal.get());
        return false;
      }
    }
    return true;
  }

  private static Optional<String> refusal(NodeEvent event) {
    if (event.getEventId() == Event.ID.Alias) {
      return Optional.of("aliases (*name) are not taken; write the value, or put it in quotes");
    }
    if (event.getAnchor().isPresent()) {
      return Optional.of("anchors (&name) are not taken; leave it out, or put the value in quotes");
    }
    Optional<String> tag = Optional.empty();
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof CollectionStartEvent start) {
      tag = start.getTag();
    }
    return tag.map(t -> "tags (!name) are not taken; leave it out, or put the value in quotes");
  }
}
