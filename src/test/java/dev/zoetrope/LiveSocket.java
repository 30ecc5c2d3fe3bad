package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A viewer on a WebSocket: all messages until now. Written on a plain socket, strict about what RFC
 * 6455 asks of a server; the JDK 17's client takes frames that come fast behind the handshake for
 * others than they are.
 */
final class LiveSocket implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MOST_BYTES = 64 << 20;

  /**
   * A message: a text, or bytes.
   *
   * @param arrivedMicros when it was whole, since 1970
   */
  record Message(Optional<String> text, Bytes bytes, long arrivedMicros) {}

  /** How the server closed; 1006 where it did not do so by the protocol. */
  record Closed(int code, String reason) {}

  private final Socket socket;
  private final DataInputStream in;
  private final List<Message> messages = new ArrayList<>(); // guarded by itself
  private volatile Optional<Closed> closed = Optional.empty();
  private volatile Optional<String> pong = Optional.empty(); // the newest

  private LiveSocket(URI uri, List<String> headers) throws IOException {
    socket = new Socket(uri.getHost(), uri.getPort());
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    socket.setSoTimeout((int) LIMIT.toMillis());
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String request =
        "GET "
            + uri.getRawPath()
            + query
            + " HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + headers.stream().map(line -> line + "\r\n").collect(Collectors.joining())
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    String head = readHead();
    // The key and its answer are those of RFC 6455, 1.3.
    if (!head.startsWith("HTTP/1.1 101 ") || !head.contains(" s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")) {
      throw new IOException("no WebSocket: " + head);
    }
    socket.setSoTimeout(0);
    Thread reader = new Thread(this::read, "live socket");
    reader.setDaemon(true);
    reader.start();
  }

  private String readHead() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(in.readUnsignedByte());
    }
    return head.toString(ISO_8859_1);
  }

  /** Connects to an {@code http} address. */
  static LiveSocket open(URI uri) throws IOException {
    return new LiveSocket(uri, List.of());
  }

  /** The same with further lines in the head: {@code Origin: https://page.example}. */
  static LiveSocket open(URI uri, String... headers) throws IOException {
    return new LiveSocket(uri, List.of(headers));
  }

  List<Message> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  /** How many messages there were. */
  int count() {
    synchronized (messages) {
      return messages.size();
    }
  }

  /** The bytes of all binary messages from number {@code from} on. */
  byte[] bytes(int from) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    messages().stream().skip(from).forEach(message -> all.writeBytes(message.bytes.toArray()));
    return all.toByteArray();
  }

  /** All messages, once they fit; fails after 20 s. */
  List<Message> await(String what, Predicate<List<Message>> fits) {
    Awaitility.await(what)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> fits.test(messages()));
    return messages();
  }

  /** How the server closed, once it has; fails after 20 s. */
  Closed awaitClose() {
    Awaitility.await("close").atMost(LIMIT).until(() -> closed.isPresent());
    return closed.orElseThrow();
  }

  boolean isClosed() {
    return closed.isPresent();
  }

  private void read() {
    try {
      while (closed.isEmpty()) {
        readMessage();
      }
    } catch (EOFException e) {
      closed = Optional.of(new Closed(1006, "the connection ended"));
    } catch (IOException e) {
      closed = Optional.of(new Closed(1006, e.toString()));
    }
  }

  /** A whole message, or a control frame (RFC 6455, 5.2). */
  private void readMessage() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int kind = -1;
    boolean isLast;
    do {
      int first = in.readUnsignedByte();
      int opcode = first & 0x0f;
      isLast = (first & 0x80) != 0;
      byte[] payload = in.readNBytes(length());
      if ((first & 0x70) != 0 || (kind < 0) == (opcode == 0) || !(isLast || opcode < 8)) {
        throw new IOException("not a frame that may come here: " + Integer.toHexString(first));
      }
      kind = kind < 0 ? opcode : kind;
      message.writeBytes(payload);
    } while (!isLast);
    take(kind, message.toByteArray());
  }

  private int length() throws IOException {
    int second = in.readUnsignedByte(); // a server masks nothing, so the highest bit is 0
    long length =
        switch (second) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> second;
        };
    if (second > 127 || length < 0 || length > MOST_BYTES) {
      throw new IOException("not the length of a frame: " + second + ", " + length);
    }
    return (int) length;
  }

  private void take(int opcode, byte[] payload) throws IOException {
    switch (opcode) {
      case 1 -> add(Optional.of(new String(payload, UTF_8)), Bytes.EMPTY);
      case 2 -> add(Optional.empty(), Bytes.owning(payload));
      case 8 -> {
        boolean hasCode = payload.length >= 2;
        int code = hasCode ? ((payload[0] & 0xff) << 8) | (payload[1] & 0xff) : 1005;
        byte[] reason = hasCode ? Arrays.copyOfRange(payload, 2, payload.length) : new byte[0];
        closed = Optional.of(new Closed(code, new String(reason, UTF_8)));
        socket.close();
      }
      case 9 -> pong(payload);
      case 10 -> pong = Optional.of(new String(payload, UTF_8));
      default -> throw new IOException("opcode " + opcode);
    }
  }

  private void pong(byte[] payload) throws IOException {
    say(0x8a, payload);
  }

  /**
   * A frame to the server, masked by zeros, as a client has to mask.
   *
   * @param first its first byte: 128 for the last of a message, and the opcode
   * @param payload at most 65535 bytes
   */
  void say(int first, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    sayRaw(frame.toByteArray());
  }

  /** Bytes to the server, whatever they mean. Any thread. */
  synchronized void sayRaw(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** What the server answered to the newest ping, if it has. */
  Optional<String> pong() {
    return pong;
  }

  private void add(Optional<String> text, Bytes bytes) {
    Message message =
        new Message(text, bytes, Instant.EPOCH.until(Instant.now(), ChronoUnit.MICROS));
    synchronized (messages) {
      messages.add(message);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
