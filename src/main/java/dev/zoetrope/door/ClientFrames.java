package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes apart what a WebSocket client sends, in whatever pieces it comes. Data messages are kept
 * whole or passed over, up to a size. For one thread.
 *
 * @see "RFC 6455, 5.2 to 5.5, 7.4.1"
 */
final class ClientFrames {
  /** The most bytes of a message that browsers may send; Tomcat's limit as well. */
  static final int USUAL_BYTES = 8 << 10;

  private static final int MOST_CONTROL_BYTES = 125; // RFC 6455, 5.5
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int WRONG_DATA = 1007;
  private static final int TOO_BIG = 1009;

  /** What there is to do. */
  enum Event {
    NOTHING,
    TEXT,
    BINARY,
    PING,
    CLOSE,
    WRONG
  }

  private enum State {
    OPCODE,
    LENGTH,
    LONG_LENGTH,
    MASK,
    PAYLOAD
  }

  /** What becomes of the data messages that a client sends. */
  enum Messages {
    KEPT,
    PASSED_OVER
  }

  private final Messages messages;
  private final int mostBytes; // of a message
  private State state = State.OPCODE;
  private int opcode;
  private boolean isFinal;
  private int missing; // bytes of the long length or the mask
  private long length; // of the frame's payload
  private long read; // of it
  private int mask;
  private long messageBytes; // of the data message under way, over its frames
  private boolean isInMessage; // which is to be continued
  private boolean isText; // the message is
  private byte[] message = {}; // what is kept of it so far
  private Bytes whole = Bytes.EMPTY; // the newest message
  private String text = ""; // the same, if it was text
  private final byte[] control = new byte[MOST_CONTROL_BYTES];
  private Bytes payload = Bytes.EMPTY;
  private int closeCode;
  private String mistake = "";

  /**
   * @param mostBytes of a message
   */
  ClientFrames(Messages messages, int mostBytes) {
    this.messages = messages;
    this.mostBytes = mostBytes;
  }

  /** Reads up to the next event, or all there is. After WRONG there is nothing more to read. */
  Event read(ByteBuffer bytes) {
    Event event = Event.NOTHING;
    while (event == Event.NOTHING && bytes.hasRemaining()) {
      event =
          switch (state) {
            case OPCODE -> opcode(bytes.get() & 0xff);
            case LENGTH -> length(bytes.get() & 0xff);
            case LONG_LENGTH -> longLength(bytes.get() & 0xff);
            case MASK -> mask(bytes.get() & 0xff);
            case PAYLOAD -> payload(bytes);
          };
    }
    return event;
  }

  private Event opcode(int octet) {
    opcode = octet & 0x0f;
    isFinal = (octet & 0x80) != 0;
    boolean isKnown = opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
    if ((octet & 0x70) != 0 || !isKnown) {
      return wrong(PROTOCOL_ERROR, "expected a frame without extensions and of a known opcode");
    }
    if (isControl()) {
      if (!isFinal) {
        return wrong(PROTOCOL_ERROR, "expected control frames in one piece");
      }
    } else if (isInMessage != (opcode == CONTINUATION)) {
      return wrong(PROTOCOL_ERROR, "expected each message to be finished before the next");
    } else if (!isInMessage) {
      isText = opcode == TEXT;
    }
    state = State.LENGTH;
    return Event.NOTHING;
  }

  private boolean isControl() {
    return opcode >= CLOSE;
  }

  private Event length(int octet) {
    if ((octet & 0x80) == 0) {
      return wrong(PROTOCOL_ERROR, "expected masked frames");
    }
    int given = octet & 0x7f;
    if (given <= MOST_CONTROL_BYTES) {
      return lengthIs(given);
    }
    if (isControl()) {
      return wrong(PROTOCOL_ERROR, "expected control frames of at most 125 bytes");
    }
    length = 0;
    missing = given == MOST_CONTROL_BYTES + 1 ? 2 : 8;
    state = State.LONG_LENGTH;
    return Event.NOTHING;
  }

  private Event longLength(int octet) {
    length = (length << 8) | octet;
    missing--;
    return missing == 0 ? lengthIs(length) : Event.NOTHING;
  }

  private Event lengthIs(long known) {
    length = known;
    if (!isControl()) {
      messageBytes = (isInMessage ? messageBytes : 0) + length;
      if (length < 0 || messageBytes > mostBytes) {
        return wrong(TOO_BIG, "expected messages of at most " + mostBytes + " bytes");
      }
      if (messages == Messages.KEPT) {
        message = Arrays.copyOf(message, (int) messageBytes);
      }
    }
    missing = 4;
    state = State.MASK;
    return Event.NOTHING;
  }

  private Event mask(int octet) {
    mask = (mask << 8) | octet;
    missing--;
    if (missing > 0) {
      return Event.NOTHING;
    }
    read = 0;
    state = State.PAYLOAD;
    return length == 0 ? finished() : Event.NOTHING;
  }

  private Event payload(ByteBuffer bytes) {
    if (isControl()) {
      control[(int) read] = unmasked(bytes.get());
      read++;
    } else if (messages == Messages.KEPT) {
      message[(int) (messageBytes - length + read)] = unmasked(bytes.get());
      read++;
    } else {
      int count = (int) Math.min(length - read, bytes.remaining());
      bytes.position(bytes.position() + count);
      read += count;
    }
    return read == length ? finished() : Event.NOTHING;
  }

  private byte unmasked(byte octet) {
    int shift = 24 - 8 * (int) (read & 3);
    return (byte) (octet ^ (mask >> shift));
  }

  private Event finished() {
    state = State.OPCODE;
    if (!isControl()) {
      isInMessage = !isFinal;
      return isFinal && messages == Messages.KEPT ? finishedMessage() : Event.NOTHING;
    }
    payload = Bytes.copyOf(control, 0, (int) length);
    return switch (opcode) {
      case PING -> Event.PING;
      case CLOSE -> length == 1 ? wrong(PROTOCOL_ERROR, "expected a whole code") : Event.CLOSE;
      default -> Event.NOTHING; // a pong tells nothing that its arrival does not
    };
  }

  private Event finishedMessage() {
    whole = Bytes.owning(message);
    message = new byte[0];
    if (!isText) {
      return Event.BINARY;
    }
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(whole.asByteBuffer()).toString();
      return Event.TEXT;
    } catch (CharacterCodingException e) {
      return wrong(WRONG_DATA, "expected text in UTF-8");
    }
  }

  private Event wrong(int code, String words) {
    closeCode = code;
    mistake = words;
    return Event.WRONG;
  }

  /** Of the PING or CLOSE just read. */
  Bytes payload() {
    return payload;
  }

  /** The TEXT just read. */
  String text() {
    return text;
  }

  /** The BINARY just read. */
  Bytes message() {
    return whole;
  }

  /** After WRONG, for the closing frame. */
  int closeCode() {
    return closeCode;
  }

  /** After WRONG: what was expected. */
  String mistake() {
    return mistake;
  }
}
