package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the AMF 0 values of one message. Values nest 8 deep and number 4096 at most; beyond that,
 * and for anything broken, {@link MalformedMediaException}. One thread at a time.
 *
 * @see "Adobe AMF 0 specification, 2.1 to 2.18"
 */
final class AmfReader {
  static final int NUMBER = 0;
  static final int BOOLEAN = 1;
  static final int STRING = 2;
  static final int OBJECT = 3;
  static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int REFERENCE = 7;
  private static final int ECMA_ARRAY = 8;
  static final int OBJECT_END = 9;
  static final int STRICT_ARRAY = 10;
  private static final int DATE = 11;
  static final int LONG_STRING = 12;
  private static final int UNSUPPORTED = 13;
  private static final int XML_DOCUMENT = 15;
  private static final int TYPED_OBJECT = 16;

  private static final int MOST_DEPTH = 8;
  private static final int MOST_VALUES = 4096;

  private final Fields in;
  private int values;

  private AmfReader(Fields in) {
    this.in = in;
  }

  /** All values of a message. */
  static List<Amf> readAll(String what, Bytes payload) throws MalformedMediaException {
    Fields in = new Fields(what, payload);
    AmfReader reader = new AmfReader(in);
    List<Amf> all = new ArrayList<>();
    while (in.left() > 0) {
      all.add(reader.value(0));
    }
    return all;
  }

  private Amf value(int depth) throws MalformedMediaException {
    if (depth > MOST_DEPTH || ++values > MOST_VALUES) {
      throw in.malformed(
          "AMF values nest " + MOST_DEPTH + " deep and number " + MOST_VALUES + " at most");
    }
    int marker = in.u8();
    return switch (marker) {
      case NUMBER -> new Amf.Numeral(in.float64());
      case BOOLEAN -> new Amf.Flag(in.u8() != 0);
      case STRING -> new Amf.Text(text(in.u16()));
      case LONG_STRING, XML_DOCUMENT -> new Amf.Text(text(in.u32()));
      case OBJECT -> table(depth);
      case ECMA_ARRAY -> {
        in.u32(); // associative-count: a hint, often wrong; the end marker counts
        yield table(depth);
      }
      case TYPED_OBJECT -> {
        text(in.u16()); // class-name
        yield table(depth);
      }
      case STRICT_ARRAY -> row(depth);
      case DATE -> {
        in.float64(); // milliseconds
        in.u16(); // time-zone
        yield Amf.NOTHING;
      }
      case REFERENCE -> {
        in.u16();
        yield Amf.NOTHING;
      }
      case NULL, UNDEFINED, UNSUPPORTED -> Amf.NOTHING;
      default -> throw in.malformed("AMF type marker " + marker);
    };
  }

  private String text(int size) throws MalformedMediaException {
    return new String(in.bytes(size).toArray(), StandardCharsets.UTF_8);
  }

  private Amf table(int depth) throws MalformedMediaException {
    Map<String, Amf> entries = new LinkedHashMap<>();
    while (true) {
      String key = text(in.u16());
      if (key.isEmpty()) {
        int marker = in.u8();
        if (marker != OBJECT_END) {
          throw in.malformed("AMF object ends with marker " + marker + ", expected " + OBJECT_END);
        }
        return new Amf.Table(entries);
      }
      entries.put(key, value(depth + 1));
    }
  }

  private Amf row(int depth) throws MalformedMediaException {
    int count = in.u32(); // array-count
    if (count < 0 || count > MOST_VALUES) {
      throw in.malformed("AMF array of " + Integer.toUnsignedString(count) + " values");
    }
    List<Amf> row = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      row.add(value(depth + 1));
    }
    return new Amf.Row(row);
  }
}
