package dev.zoetrope.bench.fanout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What a WebSocket server sends: binary messages go on to {@code content}, text is left out, pings
 * are handed to be answered.
 *
 * @see "RFC 6455, 5.2"
 */
final class WebSocketFrames extends FrameReader {
  private static final int FIN = 0x80;
  private static final int MASK = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private enum Part {
    HEADER,
    LENGTH,
    CONTROL,
    AFTER_PAYLOAD
  }

  private final FrameReader content;
  private final Consumer<byte[]> pings;
  private Part part = Part.HEADER;
  private int flags;
  private boolean isBinary; // the message that has begun

  WebSocketFrames(FrameReader content, Consumer<byte[]> pings) throws BadStreamException {
    this.content = content;
    this.pings = pings;
    take(2);
  }

  @Override
  void step() throws BadStreamException {
    switch (part) {
      case HEADER -> readHeader();
      case LENGTH -> readPayload(taken() == 2 ? (u8(0) << 8) | u8(1) : (u32(0) << 32) | u32(4));
      case CONTROL -> readControl();
      case AFTER_PAYLOAD -> {
        if ((flags & FIN) != 0 && isBinary) {
          content.endOfMessage();
        }
        next(Part.HEADER, 2);
      }
    }
  }

  private void readHeader() throws BadStreamException {
    flags = u8(0);
    int length = u8(1);
    expect((flags & 0x70) == 0 && (length & MASK) == 0, "frame without extension and mask");
    switch (opcode()) {
      case CLOSE, PING, PONG -> {
        expect(length <= 125, "short control frame");
        next(Part.CONTROL, length);
      }
      case CONTINUATION, TEXT, BINARY -> {
        if (opcode() != CONTINUATION) {
          isBinary = opcode() == BINARY;
        }
        if (length < 126) {
          readPayload(length);
        } else {
          next(Part.LENGTH, length == 126 ? 2 : 8);
        }
      }
      default -> throw new BadStreamException("opcode " + opcode());
    }
  }

  private void readPayload(long length) throws BadStreamException {
    skip(length);
    next(Part.AFTER_PAYLOAD, 0);
  }

  private void readControl() throws BadStreamException {
    if (opcode() == CLOSE) {
      throw new BadStreamException(
          "closed by the server, " + (taken() >= 2 ? (u8(0) << 8) | u8(1) : 1005));
    }
    if (opcode() == PING) {
      pings.accept(Arrays.copyOf(held, taken()));
    }
    next(Part.HEADER, 2);
  }

  /** The payload of a message. */
  @Override
  void skipped(ByteBuffer bytes, int count) throws BadStreamException {
    if (isBinary) {
      int limit = bytes.limit();
      int end = bytes.position() + count;
      int begin = bytes.position();
      content.read(bytes.limit(end));
      bytes.limit(limit).position(begin);
    }
  }

  private int opcode() {
    return flags & 0x0f;
  }

  private void next(Part next, int count) throws BadStreamException {
    part = next;
    take(count);
  }
}
