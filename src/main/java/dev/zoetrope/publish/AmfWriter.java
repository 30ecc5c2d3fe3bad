package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes values in AMF 0. One thread at a time.
 *
 * @see "Adobe AMF 0 specification, 2"
 */
final class AmfWriter {
  private static final int MOST_SHORT_BYTES = 65535;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private AmfWriter() {}

  /** All values, one after the other. */
  static Bytes write(Amf... values) {
    AmfWriter writer = new AmfWriter();
    for (Amf value : values) {
      writer.add(value);
    }
    return Bytes.owning(writer.out.toByteArray());
  }

  private void add(Amf value) {
    if (value instanceof Amf.Numeral number) {
      out.write(AmfReader.NUMBER);
      out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number.value()).array());
    } else if (value instanceof Amf.Flag flag) {
      out.write(AmfReader.BOOLEAN);
      out.write(flag.value() ? 1 : 0);
    } else if (value instanceof Amf.Text text) {
      addText(text.value().getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof Amf.Table table) {
      out.write(AmfReader.OBJECT);
      table.entries().forEach(this::addEntry);
      u16(0);
      out.write(AmfReader.OBJECT_END);
    } else if (value instanceof Amf.Row row) {
      out.write(AmfReader.STRICT_ARRAY);
      u32(row.values().size());
      row.values().forEach(this::add);
    } else if (value instanceof Amf.Nothing) {
      out.write(AmfReader.NULL);
    } else {
      throw new AssertionError(value);
    }
  }

  private void addText(byte[] text) {
    if (text.length > MOST_SHORT_BYTES) {
      out.write(AmfReader.LONG_STRING);
      u32(text.length);
    } else {
      out.write(AmfReader.STRING);
      u16(text.length);
    }
    out.writeBytes(text);
  }

  private void addEntry(String key, Amf value) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    u16(name.length);
    out.writeBytes(name);
    add(value);
  }

  private void u16(int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private void u32(int value) {
    u16(value >> 16);
    u16(value);
  }
}
