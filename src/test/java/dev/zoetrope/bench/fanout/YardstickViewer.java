package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;

/** One viewer of the yardstick. Confined to its thread. */
final class YardstickViewer {
  private static final ByteBuffer INPUT = ByteBuffer.allocateDirect(4096); // all viewers'

  private final SocketChannel channel;
  private final SelectionKey key;
  private final StringBuilder request = new StringBuilder();
  private YardstickStream stream; // null until it has asked
  private ByteBuffer head; // null once it is sent
  private YardstickFrame frame; // begun and not sent whole; else null
  private int sent; // bytes of it
  private long sequence; // of the frame that was begun last

  YardstickViewer(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /** The request; then what clients say is thrown away, until they leave. */
  void read(List<YardstickStream> streams) throws IOException {
    if (channel.read(INPUT.clear()) < 0) {
      throw new EOFException();
    }
    if (stream != null) {
      return;
    }
    request.append(ISO_8859_1.decode(INPUT.flip()));
    if (request.indexOf("\r\n\r\n") >= 0) {
      String lines = request.toString();
      stream =
          streams.stream()
              .filter(candidate -> lines.startsWith("GET " + candidate.path() + " "))
              .findFirst()
              .orElseThrow(() -> new EOFException("no such path"));
      head = stream.head(lines);
      stream.add(this);
      write();
    }
  }

  /** The newest frame has come: it is sent at once, unless an older one is still on its way. */
  void offer() {
    if (head != null || frame != null) {
      return;
    }
    try {
      write();
    } catch (IOException e) {
      close(); // it left
    }
  }

  /** What can be sent now. */
  void write() throws IOException {
    if (head != null) {
      channel.write(head);
      if (head.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      head = null;
    }
    if (frame == null) {
      frame = stream.newestAfter(sequence);
      if (frame == null) {
        return;
      }
      frame.users++;
      sequence = frame.sequence;
      sent = 0;
    }
    boolean wasPartial = sent > 0;
    sent += channel.write(frame.bytes.position(sent));
    if (sent < frame.bytes.limit()) {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      return;
    }
    frame.users--;
    frame = null;
    if (wasPartial || key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(SelectionKey.OP_READ);
      offer();
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  void close() {
    if (frame != null) {
      frame.users--;
      frame = null;
    }
    try {
      channel.close();
    } catch (IOException e) {
      System.err.println("yardstick cannot close: " + e.getMessage());
    }
  }
}
