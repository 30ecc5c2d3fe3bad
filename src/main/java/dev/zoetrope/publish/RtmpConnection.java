package dev.zoetrope.publish;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;

/**
 * One publisher's connection: messages in and out, with what keeps a connection going done in
 * between (acknowledgements, pings).
 *
 * <p>Read by one thread at a time; {@link #close} and {@link #out} belong to any.
 *
 * @see "Adobe RTMP 1.0, 5.4.3 to 5.4.5, 7.1.7"
 */
final class RtmpConnection implements AutoCloseable {
  /** What a publisher may send before it hears from us, unless it wants to hear more often. */
  static final int WINDOW_BYTES = 2_500_000;

  private static final int LEAST_WINDOW_BYTES = 1024;
  private static final int PING_REQUEST = 6;
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final Socket socket;
  private final TimedInput in;
  private final ChunkReader chunks;
  private final ChunkWriter out;

  // Confined to the reading thread.
  private long window = WINDOW_BYTES;
  private long acknowledged;

  RtmpConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new TimedInput(socket);
    chunks = new ChunkReader(in);
    out = new ChunkWriter(socket.getOutputStream());
  }

  /** Who it is, for people. */
  String peer() {
    InetSocketAddress address = (InetSocketAddress) socket.getRemoteSocketAddress();
    return address.getAddress().getHostAddress();
  }

  /**
   * All that is read until {@link #acceptMedia} must be here within {@code limit}, and be small.
   */
  void beginWithin(Duration limit, int mostMessageBytes) {
    in.endWithin(limit);
    chunks.limitMessages(mostMessageBytes);
  }

  void shakeHands(Random random) throws IOException {
    Handshake.accept(in, socket.getOutputStream(), random);
  }

  /** From now on media come: large messages, for as long as it likes, but not silence. */
  void acceptMedia(Duration mostSilence) throws IOException {
    in.allowSilence(mostSilence);
    chunks.unlimitMessages();
  }

  ChunkWriter out() {
    return out;
  }

  /** The next message that is about the stream, not about the connection. */
  Message read() throws IOException {
    while (true) {
      Message message = chunks.read();
      acknowledge();
      switch (message.type()) {
        case Message.WINDOW_ACKNOWLEDGEMENT_SIZE -> {
          long wanted = new Fields("RTMP window size", message.payload()).u32() & 0xffff_ffffL;
          window = Math.max(LEAST_WINDOW_BYTES, wanted);
        }
        case Message.USER_CONTROL ->
            answer(new Fields("RTMP user control message", message.payload()));
        case Message.SET_CHUNK_SIZE,
            Message.ABORT,
            Message.ACKNOWLEDGEMENT,
            Message.SET_PEER_BANDWIDTH -> {
          // Done by the chunk reader; and what we send needs no window.
        }
        default -> {
          return message;
        }
      }
    }
  }

  private void acknowledge() throws IOException {
    if (in.received() - acknowledged >= window) {
      acknowledged = in.received();
      out.acknowledge(acknowledged);
    }
  }

  private void answer(Fields event) throws IOException {
    if (event.u16() == PING_REQUEST) {
      out.pong(event.u32());
    }
  }

  /** Waits a little for the other side to read what we said last and to go, then closes. */
  void closeGently() {
    try (this) {
      socket.shutdownOutput();
      in.endWithin(LAST_WORDS);
      socket.setSoTimeout((int) LAST_WORDS.toMillis());
      InputStream rest = socket.getInputStream();
      long end = System.nanoTime() + LAST_WORDS.toNanos();
      byte[] ignored = new byte[4096];
      while (System.nanoTime() < end && rest.read(ignored) >= 0) {
        // Unread bytes would make the system reset the connection, and our words be lost.
      }
    } catch (IOException e) {
      // It has gone without: the same end.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // A socket that cannot be closed is closed already.
    }
  }
}
