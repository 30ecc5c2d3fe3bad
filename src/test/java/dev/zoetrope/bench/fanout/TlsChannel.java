package dev.zoetrope.bench.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A client's end of TLS 1.3 over a socket, with the suite that browsers ask for first; trusts
 * whomever it meets. The handshake begins with the first write, which waits for its end, and is
 * done by {@link #read}. One thread.
 *
 * <p>Each read takes at most 64 KiB from the socket, and needs room for that in its target. Does
 * not say good-bye when it is closed.
 */
final class TlsChannel implements ByteChannel {
  static final String PROTOCOL = "TLSv1.3";
  static final String SUITE = "TLS_AES_128_GCM_SHA256";

  private static final int ENCRYPTED_BYTES = 64 << 10;
  private static final SSLContext CONTEXT = trusting();

  private final SocketChannel socket;
  private final SSLEngine engine = CONTEXT.createSSLEngine();
  private final ByteBuffer encrypted = ByteBuffer.allocate(ENCRYPTED_BYTES);
  private ByteBuffer held = ByteBuffer.allocate(0); // until the handshake is over
  private boolean isShaken;

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(null, new TrustManager[] {new Trust()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e); // each JDK has it
    }
  }

  TlsChannel(SocketChannel socket) {
    this.socket = socket;
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {PROTOCOL});
    engine.setEnabledCipherSuites(new String[] {SUITE});
  }

  /** What encrypts, for a caller that takes it over once the handshake is over. */
  SSLEngine engine() {
    return engine;
  }

  /** Whether the handshake is over. */
  boolean isShaken() {
    return isShaken;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int begin = target.position();
    boolean hasEnded = socket.read(encrypted) < 0;
    encrypted.flip();
    Status status = Status.OK;
    while (status == Status.OK && encrypted.hasRemaining()) {
      status = engine.unwrap(encrypted, target).getStatus();
      shake();
    }
    encrypted.compact();
    if (status == Status.BUFFER_OVERFLOW) {
      throw new IOException("expected room for a TLS record, found " + target.remaining());
    }
    return hasEnded || engine.isInboundDone() ? -1 : target.position() - begin;
  }

  /** All of {@code source}, which is little. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = source.remaining();
    if (isShaken) {
      send(source);
    } else {
      held = source;
      engine.beginHandshake();
      shake();
    }
    return count;
  }

  /** As far as it goes without the server. */
  private void shake() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> send(ByteBuffer.allocate(0));
        case NOT_HANDSHAKING, FINISHED -> {
          isShaken = true;
          if (held.hasRemaining()) {
            send(held);
          }
          return;
        }
        default -> {
          return; // waits for the server
        }
      }
    }
  }

  private void send(ByteBuffer source) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(source, record);
    socket.write(record.flip());
    if (source.hasRemaining() || record.hasRemaining()) {
      throw new IOException("expected a socket with room");
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** In everybody. */
  private static final class Trust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
