package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.bench.fanout.Load.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** One viewer's connection. Confined to its client's thread. */
final class LoadViewer {
  private static final String BOUNDARY = "boundary=";
  private static final int MAX_HEAD = 4096;

  /** So that what waits for a slow viewer waits at the server, as behind a slow network. */
  private static final int SLOW_BUFFER_BYTES = 16 << 10;

  private static final String UPGRADE =
      """
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
      """;

  final Pace pace;
  private final Load load;
  private final SocketChannel socket;
  private final ByteChannel channel; // decrypted, if there is TLS
  private final long connectNanos = System.nanoTime();
  private final StringBuilder head = new StringBuilder();
  private FrameReader reader; // null until the response's head is here
  private long firstNanos; // of its first frame; 0 without one

  private final Latencies latencies;

  // Since the window began.
  long frames;
  long bytes;

  LoadViewer(Load load, Pace pace, Latencies latencies, Selector selector) throws IOException {
    this.load = load;
    this.pace = pace;
    this.latencies = latencies;
    socket = SocketChannel.open();
    channel = load.tls() ? new TlsChannel(socket) : socket;
    socket.configureBlocking(false);
    if (pace == Pace.SLOW) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, SLOW_BUFFER_BYTES);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), load.port()));
    socket.register(selector, SelectionKey.OP_CONNECT, this);
  }

  /** Asks, once it is connected. */
  void ask(SelectionKey key) throws IOException {
    socket.finishConnect();
    String upgrade = load.way().transport == Way.Transport.WEB_SOCKET ? UPGRADE : "";
    String request =
        "GET " + load.path() + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n" + upgrade + "\r\n";
    channel.write(ByteBuffer.wrap(request.getBytes(US_ASCII))); // a new socket has room for it
    key.interestOps(SelectionKey.OP_READ);
  }

  /** Reads once, into {@code buffer}, at most what it has room for. */
  void read(ByteBuffer buffer) throws IOException, BadStreamException {
    int count = channel.read(buffer.clear());
    if (count < 0) {
      throw new BadStreamException("the stream ended");
    }
    bytes += count;
    buffer.flip();
    if (reader == null) {
      readHead(buffer);
    }
    if (reader != null) {
      reader.read(buffer);
    }
  }

  private void readHead(ByteBuffer buffer) throws BadStreamException {
    while (buffer.hasRemaining()) {
      head.append((char) buffer.get());
      if (head.length() > MAX_HEAD) {
        throw new BadStreamException("a head of over " + MAX_HEAD + " bytes");
      }
      if (head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        begin(head.toString());
        return;
      }
    }
  }

  private void begin(String lines) throws BadStreamException {
    String status = load.way().transport == Way.Transport.WEB_SOCKET ? "101" : "200";
    String lower = lines.toLowerCase(Locale.ROOT);
    if (!lines.startsWith("HTTP/1.1 " + status) || lower.contains("transfer-encoding:")) {
      throw new BadStreamException(
          "expected " + status + " without coding, found " + lines.lines().findFirst().orElse(""));
    }
    reader = load.way().reader(boundary(lines), this::count, this::pong);
    head.setLength(0);
    head.trimToSize();
  }

  private static String boundary(String lines) {
    int at = lines.indexOf(BOUNDARY);
    return at < 0 ? "" : lines.substring(at + BOUNDARY.length()).split("[\r;]", 2)[0];
  }

  private void count(long captureMicros) {
    frames++;
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
    }
    if (captureMicros > 0) {
      latencies.add(WallClock.micros() - captureMicros);
    }
  }

  private void pong(byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(6 + payload.length);
    frame.put((byte) 0x8a).put((byte) (0x80 | payload.length)).putInt(0).put(payload).flip();
    try {
      channel.write(frame); // masked by zero; if it does not fit, the server finds out
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasBegun() {
    return reader != null;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** The window begins. */
  void forget() {
    frames = 0;
    bytes = 0;
  }

  long ageNanos() {
    return System.nanoTime() - connectNanos;
  }

  /** From connecting to the first frame; 0 without one. */
  long firstMicros() {
    return firstNanos == 0 ? 0 : (firstNanos - connectNanos) / 1000;
  }

  void close() throws IOException {
    channel.close();
  }
}
