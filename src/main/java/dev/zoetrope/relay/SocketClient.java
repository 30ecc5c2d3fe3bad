package dev.zoetrope.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client of a WebSocket on a thread of its own: what comes is read straight into the array that
 * is handed on, and one wake of one thread stands between the network and who gets it.
 *
 * <p>{@link #read} belongs to one thread; the rest is for any.
 *
 * @see "RFC 6455, 4.1 (handshake), 5 (frames)"
 */
final class SocketClient implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
  private static final int MOST_HEAD = 16 << 10;
  private static final int MOST_CONTROL = 125;
  private static final int BUFFER = 16 << 10;

  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  /** What is heard. */
  interface Listener {
    void text(String text) throws IOException;

    void binary(Bytes message) throws IOException;
  }

  private static final Logger LOG = System.getLogger(SocketClient.class.getName());

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out; // guarded by itself
  private final int mostBytes; // of a message

  private SocketClient(Socket socket, DataInputStream in, int mostBytes) throws IOException {
    this.socket = socket;
    this.in = in;
    this.mostBytes = mostBytes;
    out = socket.getOutputStream();
  }

  /**
   * Connects.
   *
   * @param address http or https
   * @param headers of the handshake
   * @param tls for https
   * @param connectMillis for each step until the handshake's answer
   * @param silenceMillis nothing heard for so long ends {@link #read}
   * @param mostBytes of a message
   * @throws HandshakeException if somebody answered, but not as wished
   */
  static SocketClient connect(
      URI address,
      Map<String, String> headers,
      Tls tls,
      int connectMillis,
      int silenceMillis,
      int mostBytes)
      throws IOException {
    boolean isTls = "https".equalsIgnoreCase(address.getScheme());
    int port = address.getPort() >= 0 ? address.getPort() : isTls ? 443 : 80;
    Socket socket = new Socket();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.connect(new InetSocketAddress(address.getHost(), port), connectMillis);
      socket.setSoTimeout(connectMillis);
      Socket spoken = isTls ? secured(socket, address.getHost(), port, tls) : socket;
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(spoken.getInputStream(), BUFFER));
      shakeHands(spoken.getOutputStream(), in, address, port, isTls, headers);
      spoken.setSoTimeout(silenceMillis);
      return new SocketClient(spoken, in, mostBytes);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket secured(Socket plain, String host, int port, Tls tls) throws IOException {
    SSLSocket secured = (SSLSocket) tls.factory().createSocket(plain, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    boolean isName = !host.matches("[0-9.]+|\\[.*\\]");
    if (isName) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    if (tls.checksName()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static void shakeHands(
      OutputStream out,
      DataInputStream in,
      URI address,
      int port,
      boolean isTls,
      Map<String, String> headers)
      throws IOException {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    boolean isUsual = port == (isTls ? 443 : 80);
    String target =
        address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
    StringBuilder request = new StringBuilder(300);
    request.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(address.getHost());
    request.append(isUsual ? "" : ":" + port);
    request.append("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13");
    request.append("\r\nSec-WebSocket-Key: ").append(key).append("\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    out.write(request.append("\r\n").toString().getBytes(ISO_8859_1));
    out.flush();
    checkAnswer(head(in), key);
  }

  /** Status line and headers, each with its line end. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(300);
    while (head.length() < MOST_HEAD) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection was closed before the answer");
      }
      head.append((char) next);
      if (next == '\n' && head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    throw new HandshakeException(0, "expected an answer of a WebSocket server");
  }

  private static void checkAnswer(String head, String key) throws HandshakeException {
    String[] lines = head.split("\r\n", -1);
    String[] status = lines[0].split(" ", 3);
    boolean isHttp = status.length >= 2 && status[0].startsWith("HTTP/1.1");
    int code = isHttp && status[1].matches("[0-9]{3}") ? Integer.parseInt(status[1]) : 0;
    if (code != 101) {
      throw new HandshakeException(
          code, code == 0 ? "expected a WebSocket server" : "it answers with status " + code);
    }
    boolean isAccepted = Arrays.stream(lines).anyMatch(line -> isAccept(line, accept(key)));
    if (!isAccepted) {
      throw new HandshakeException(0, "expected a WebSocket server");
    }
  }

  private static boolean isAccept(String line, String expected) {
    int colon = line.indexOf(':');
    return colon > 0
        && line.substring(0, colon).toLowerCase(Locale.ROOT).equals("sec-websocket-accept")
        && line.substring(colon + 1).strip().equals(expected);
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }

  /** Tells all that is heard, until the end. */
  void read(Listener listener) throws IOException {
    byte[] message = new byte[0];
    int size = 0;
    int kind = CONTINUATION;
    while (true) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      int opcode = first & 0xf;
      long length = length(second);
      if ((first & 0x70) != 0 || (second & 0x80) != 0) {
        throw refuse(1002, "expected frames as RFC 6455 has them");
      }
      if (opcode >= CLOSE) {
        control(opcode, length);
        continue;
      }
      boolean isBegun = kind != CONTINUATION;
      if ((opcode == CONTINUATION) != isBegun || opcode > BINARY) {
        throw refuse(1002, "expected frames as RFC 6455 has them");
      }
      if (size + length > mostBytes) {
        throw refuse(1009, "expected messages of at most " + mostBytes + " bytes");
      }
      kind = isBegun ? kind : opcode;
      message = Arrays.copyOf(message, size + (int) length);
      in.readFully(message, size, (int) length);
      size = message.length;
      if ((first & FIN) != 0) {
        if (kind == TEXT) {
          listener.text(new String(message, UTF_8));
        } else {
          listener.binary(Bytes.owning(message));
        }
        message = new byte[0];
        size = 0;
        kind = CONTINUATION;
      }
    }
  }

  private long length(int second) throws IOException {
    int seven = second & 0x7f;
    return switch (seven) {
      case 126 -> in.readUnsignedShort();
      case 127 -> {
        long length = in.readLong();
        yield length < 0 ? Long.MAX_VALUE / 2 : length;
      }
      default -> seven;
    };
  }

  private void control(int opcode, long length) throws IOException {
    if (length > MOST_CONTROL) {
      throw refuse(1002, "expected control frames of at most 125 bytes");
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    if (opcode == PING) {
      send(PONG, payload);
    } else if (opcode == CLOSE) {
      ByteBuffer words = ByteBuffer.wrap(payload);
      int code = payload.length >= 2 ? words.getShort() & 0xffff : 1005;
      String reason = UTF_8.decode(words).toString();
      throw new ClosedException(code, reason);
    }
  }

  /** Tells the other end that it is the fault, and ends. */
  private IOException refuse(int code, String reason) {
    sendClose(code, reason);
    return new IOException(reason);
  }

  private void sendClose(int code, String reason) {
    byte[] words = reason.getBytes(UTF_8);
    int most = Math.min(words.length, MOST_CONTROL - 2);
    ByteBuffer payload = ByteBuffer.allocate(2 + most).putShort((short) code);
    try {
      send(CLOSE, payload.put(words, 0, most).array());
    } catch (IOException e) { // it is gone, which is what is wanted
      close();
    }
  }

  void sendText(String text) throws IOException {
    send(TEXT, text.getBytes(UTF_8));
  }

  void sendBinary(byte[] bytes) throws IOException {
    send(BINARY, bytes);
  }

  private void send(int opcode, byte[] payload) throws IOException {
    int size = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(size + 14).put((byte) (FIN | opcode));
    if (size < 126) {
      frame.put((byte) (0x80 | size));
    } else if (size <= 0xffff) {
      frame.put((byte) (0x80 | 126)).putShort((short) size);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(size);
    }
    int mask = ThreadLocalRandom.current().nextInt();
    frame.putInt(mask);
    for (int at = 0; at < size; at++) {
      frame.put((byte) (payload[at] ^ (mask >> (24 - 8 * (at & 3)))));
    }
    synchronized (out) {
      out.write(frame.array(), 0, frame.position());
      out.flush();
    }
  }

  /** Ends it with a word. Idempotent. */
  void close(int code, String reason) {
    sendClose(code, reason);
    close();
  }

  /** Ends it; {@link #read} fails. Idempotent. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a socket could not be closed", e);
    }
  }

  /** Somebody answered, but not as wished. */
  static final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    HandshakeException(int status, String words) {
      super(words);
      this.status = status;
    }

    /** Of HTTP; 0 where it is none. */
    int status() {
      return status;
    }
  }

  /** The other end has closed it. */
  static final class ClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ClosedException(int code, String reason) {
      super(reason.isEmpty() ? "closed with code " + code : reason);
      this.code = code;
    }

    /** Of RFC 6455, 7.4, or of docs/PROTOCOL.md, 1. */
    int code() {
      return code;
    }
  }
}
