package dev.zoetrope.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import java.nio.ByteBuffer;

/**
 * The header of a binary message between nodes, and where its payload begins. It tells by itself
 * what it is of, so that any carrier of messages will do. Immutable.
 *
 * @param source id of the source, as the node calls it that sends
 * @param rendition its name, or {@link Rendition#STILL}, or {@link Rendition#PACKETS}
 * @param run when it began at the node where it was made, microseconds since 1970
 * @param sequence of the fragment at that node; of an init, that of the first fragment to follow
 * @param flags of {@link #JOIN} and the others; those that are not known here are left as they are
 * @param ptsMicros when it is shown, on the clock of the run
 * @param captureMicros when it was captured, microseconds since 1970 by the sender's clock
 * @param leadMicros of {@link Rendition#PACKETS}: how much earlier than it is shown it is decoded;
 *     else 0
 * @param part which part of the payload this is, from 0
 * @param parts in how many it comes, 1 to 65535
 * @see "docs/PROTOCOL.md, 5.4"
 */
public record RelayMessage(
    String source,
    String rendition,
    long run,
    long sequence,
    int flags,
    long ptsMicros,
    long captureMicros,
    int leadMicros,
    int part,
    int parts) {

  /** Of the form of these messages. */
  public static final int VERSION = 1;

  /** A payload has at most so many bytes; a larger one comes in parts. */
  public static final int MOST_PAYLOAD = 512 << 10;

  // Flags.
  /** A decoder can start here. */
  public static final int JOIN = 1;

  /** A run begins: the payload is a {@link RunDescription}. */
  public static final int INIT = 2;

  /** What was between this and the message before was left out, or another run begins. */
  public static final int DISCONTINUITY = 4;

  /** Nothing more of this rendition; without a payload. */
  public static final int END = 8;

  /** A frame of sound. */
  public static final int SOUND = 16;

  /** It shows a card in the place of a source that is not there. */
  public static final int CARD = 32;

  /** The whole picture of a GIF's fragment, whose changes follow under the same sequence. */
  public static final int WHOLE = 64;

  private static final int FIXED_BYTES = 44;
  private static final int MOST_NAME = 64;

  public RelayMessage {
    if (!SourceId.isValid(source) || !SourceId.isValid(rendition)) {
      throw new IllegalArgumentException("expected names of 1 to 64 of a-z, 0-9 and -");
    }
    if (parts < 1 || parts > 0xffff || part < 0 || part >= parts) {
      throw new IllegalArgumentException("part " + part + " of " + parts);
    }
  }

  /** Whether all these flags are set. */
  public boolean is(int wanted) {
    return (flags & wanted) == wanted;
  }

  /** Its bytes. */
  public Bytes bytes() {
    byte[] array = new byte[FIXED_BYTES + 2 + source.length() + rendition.length()];
    ByteBuffer out = ByteBuffer.wrap(array);
    out.put((byte) VERSION).put((byte) array.length).putShort((short) flags);
    out.putShort((short) part).putShort((short) parts);
    out.putLong(run).putLong(sequence).putLong(ptsMicros).putLong(captureMicros);
    out.putInt(leadMicros);
    putName(out, source);
    putName(out, rendition);
    return Bytes.owning(array);
  }

  private static void putName(ByteBuffer out, String name) {
    out.put((byte) name.length()).put(name.getBytes(US_ASCII));
  }

  /** How many bytes of {@code message} are header. */
  public static int size(Bytes message) throws MalformedMediaException {
    int size = message.size() < 2 ? 0 : message.at(1);
    if (size < FIXED_BYTES + 4 || size > message.size()) {
      throw new MalformedMediaException(
          "a message of " + message.size() + " bytes with a header of " + size);
    }
    return size;
  }

  /**
   * The header at the beginning of {@code message}. Another version has at least what this has, in
   * the same places.
   *
   * @throws MalformedMediaException if it is none
   */
  public static RelayMessage read(Bytes message) throws MalformedMediaException {
    int size = size(message);
    ByteBuffer in = message.slice(0, size).asByteBuffer();
    int version = in.get();
    if (version < 1) {
      throw new MalformedMediaException("a message of version " + version);
    }
    in.get(); // the size
    int flags = in.getShort() & 0xffff;
    int part = in.getShort() & 0xffff;
    int parts = in.getShort() & 0xffff;
    long run = in.getLong();
    long sequence = in.getLong();
    long pts = in.getLong();
    long capture = in.getLong();
    int lead = in.getInt();
    String source = name(in);
    String rendition = name(in);
    if (part >= parts || sequence < 0 || run < 0) {
      throw new MalformedMediaException(
          "part " + part + " of " + parts + ", sequence " + sequence + ", run " + run);
    }
    return new RelayMessage(
        source, rendition, run, sequence, flags, pts, capture, lead, part, parts);
  }

  private static String name(ByteBuffer in) throws MalformedMediaException {
    int size = in.hasRemaining() ? in.get() & 0xff : 0;
    if (size == 0 || size > MOST_NAME || size > in.remaining()) {
      throw new MalformedMediaException("a name of " + size + " bytes");
    }
    byte[] name = new byte[size];
    in.get(name);
    String text = new String(name, US_ASCII);
    if (!SourceId.isValid(text)) {
      throw new MalformedMediaException("a name that is none");
    }
    return text;
  }
}
