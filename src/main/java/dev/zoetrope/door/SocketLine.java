package dev.zoetrope.door;

import dev.zoetrope.door.ClientFrames.Messages;
import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * WebSocket messages over a {@link Line}, the server's side. What the client says is taken apart;
 * pings and the end are answered, messages given to a listener, or dropped. Threads as of {@link
 * Line}; {@link #received} belongs to one at a time.
 *
 * @see "RFC 6455, 5 (framing), 7 (closing)"
 */
public final class SocketLine {
  /**
   * What a client says: whole messages, one at a time, on the container's thread, which must not be
   * held up. Nothing after the end.
   */
  public interface Listener {
    /** A text message. */
    void text(String text);

    /** A binary message. */
    void binary(Bytes bytes);
  }

  private static final Listener UNHEARD =
      new Listener() {
        @Override
        public void text(String text) {
          // passed over before
        }

        @Override
        public void binary(Bytes bytes) {
          // the same
        }
      };

  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int FIN = 0x80;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MOST_OF_16 = 0xffff;

  /** Frames of the fragments that the worker's viewers get just now: made once, not for each. */
  private static final int SLOTS = 16;

  private static final ThreadLocal<Recent<Bytes>> FRAMES =
      ThreadLocal.withInitial(
          () -> new Recent<>(SLOTS, (payload, givenUp) -> frame(BINARY, payload)));

  /** The same as what follows a tag. */
  private static final ThreadLocal<Recent<Bytes>> CONTINUATIONS =
      ThreadLocal.withInitial(
          () -> new Recent<>(SLOTS, (payload, givenUp) -> frame(CONTINUATION, payload)));

  /** A client that was sent nothing for so many ticks is asked whether it is there. */
  private static final int QUIET_TICKS = 5;

  /** So many ticks a client has to answer a close. */
  private static final int CLOSING_TICKS = 2;

  private final Line line;
  private volatile int ticks; // since the newest message, or since the close
  private volatile boolean closing;
  private final ClientFrames client;
  private final Listener listener;

  /** What the client says is passed over. */
  public SocketLine(Line line) {
    this.line = line;
    client = new ClientFrames(Messages.PASSED_OVER, ClientFrames.USUAL_BYTES);
    listener = UNHEARD;
  }

  /**
   * What the client says is told to {@code listener}.
   *
   * @param mostBytes of a message of the client's; who sends a larger one is closed
   */
  public SocketLine(Line line, Listener listener, int mostBytes) {
    this.line = line;
    client = new ClientFrames(Messages.KEPT, mostBytes);
    this.listener = listener;
  }

  /** As of the line. */
  public boolean isReady() {
    return line.isReady();
  }

  /** One binary message; sent to many viewers, it is framed once. On the viewer's worker. */
  public void sendBinary(Bytes payload) {
    line.send(FRAMES.get().of(payload));
    if (ticks != 0) {
      ticks = 0;
    }
  }

  /** One text message. On the viewer's worker. */
  public void sendText(String text) {
    line.send(frame(TEXT, utf8(text)));
  }

  /**
   * One text message, out with the next {@link #flush} or {@link #push}. Any thread; calls nobody.
   *
   * @return whether it is time for that
   */
  public boolean addText(String text) {
    return line.add(frame(TEXT, utf8(text)));
  }

  /**
   * One binary message of {@code tag} and {@code payload}, of which only the tag is this client's
   * own: the payload is framed once for all that get it. Out with the next {@link #flush} or {@link
   * #push}. On a viewer's worker; calls nobody.
   *
   * @return whether it is time for that
   * @see "RFC 6455, 5.4 (fragmentation)"
   */
  public boolean addTagged(Bytes tag, Bytes payload) {
    boolean isTime = line.add(framed(BINARY, tag), CONTINUATIONS.get().of(payload));
    if (ticks != 0) {
      ticks = 0;
    }
    return isTime;
  }

  /** About once a second: asks a client that was sent nothing for long whether it is there. */
  public void tick() {
    int now = ticks + 1; // a message in between is at most a ping too many
    ticks = now;
    if (closing) {
      if (now > CLOSING_TICKS) {
        line.cut();
      }
    } else if (now > QUIET_TICKS) {
      ticks = 0;
      line.interject(frame(PING, Bytes.EMPTY));
    }
  }

  /** As of the line. */
  public void flush() {
    line.flush();
  }

  /** As of the line. */
  public void push() {
    line.push();
  }

  /**
   * The end, with a reason; what waits is dropped. The client answers, or is cut a moment later.
   *
   * @param reason at most 123 bytes
   */
  public void close(int code, String reason) {
    Bytes status = Bytes.of(code >> 8, code & 0xff);
    line.last(frame(CLOSE, Bytes.concat(status, utf8(reason))));
    ticks = 0;
    closing = true;
  }

  /** Closes now. */
  public void cut() {
    line.cut();
  }

  /** Takes what the client said: answers pings, and ends when the client ends or breaks rules. */
  public void received(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      ClientFrames.Event event = client.read(bytes);
      switch (event) {
        case NOTHING -> {
          // all was read
        }
        case TEXT -> {
          if (!closing) {
            listener.text(client.text());
          }
        }
        case BINARY -> {
          if (!closing) {
            listener.binary(client.message());
          }
        }
        case PING -> line.interject(frame(PONG, client.payload()));
        case CLOSE -> {
          line.last(frame(CLOSE, client.payload())); // unless we have closed first
          line.end();
          return;
        }
        case WRONG -> {
          close(client.closeCode(), client.mistake());
          line.end();
          return;
        }
      }
    }
  }

  private static Bytes utf8(String text) {
    return Bytes.owning(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The last or only frame of a message, unmasked. */
  static Bytes frame(int opcode, Bytes payload) {
    return framed(FIN | opcode, payload);
  }

  /**
   * @param first the frame's first byte
   */
  private static Bytes framed(int first, Bytes payload) {
    int size = payload.size();
    ByteBuffer frame = ByteBuffer.allocate(10 + size);
    frame.put((byte) first);
    if (size < LENGTH_16) {
      frame.put((byte) size);
    } else if (size <= MOST_OF_16) {
      frame.put((byte) LENGTH_16).putShort((short) size);
    } else {
      frame.put((byte) LENGTH_64).putLong(size);
    }
    frame.put(payload.asByteBuffer());
    return Bytes.owning(frame.array()).slice(0, frame.position());
  }
}
