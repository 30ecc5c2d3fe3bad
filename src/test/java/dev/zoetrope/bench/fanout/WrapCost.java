package dev.zoetrope.bench.fanout;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLEngine;

/**
 * What the JDK takes to encrypt a frame: {@code SSLEngine.wrap} and nothing else, on the heap,
 * where it costs least, and with one connection's keys. One thread.
 */
final class WrapCost {
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofMillis(500);
  private static final int FRAMES_AT_ONCE = 100;

  private final SSLEngine engine;
  private final ByteBuffer frame;
  private final ByteBuffer record;

  /** With keys agreed upon with the server at that port of 127.0.0.1. */
  static WrapCost against(int port, int frameBytes) throws IOException {
    InetAddress address = InetAddress.getLoopbackAddress();
    try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(address, port))) {
      TlsChannel channel = new TlsChannel(socket);
      ByteBuffer buffer = ByteBuffer.allocate(1 << 17);
      channel.write(ByteBuffer.allocate(0));
      while (!channel.isShaken()) {
        if (channel.read(buffer.clear()) < 0) {
          throw new IOException("the TLS handshake was broken off");
        }
      }
      return new WrapCost(channel.engine(), frameBytes);
    }
  }

  private WrapCost(SSLEngine engine, int frameBytes) throws IOException {
    this.engine = engine;
    frame = ByteBuffer.allocate(frameBytes);
    record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    micros(WARM_UP);
  }

  /** Of CPU time, for each frame, just now. */
  double micros() throws IOException {
    return micros(WINDOW);
  }

  private double micros(Duration window) throws IOException {
    long begin = cpuNanos();
    long nanos = 0;
    long frames = 0;
    while (nanos < window.toNanos()) {
      for (int i = 0; i < FRAMES_AT_ONCE; i++) {
        encrypt();
      }
      frames += FRAMES_AT_ONCE;
      nanos = cpuNanos() - begin;
    }
    return nanos / 1e3 / frames;
  }

  private void encrypt() throws IOException {
    frame.clear();
    while (frame.hasRemaining()) {
      engine.wrap(frame, record.clear());
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
