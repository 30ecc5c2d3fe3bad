package dev.zoetrope;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a server and one client, and gives the client no more than so many bytes a second;
 * what the client says passes at once. It holds next to nothing itself.
 */
final class SlowLink implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int TICK_MILLIS = 5;

  private final ServerSocket entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket server = new Socket();
  private final byte[] tick;
  private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(2);

  /**
   * @param to the server's address
   */
  SlowLink(URI to, int bytesPerSecond) throws IOException {
    tick = new byte[bytesPerSecond * TICK_MILLIS / 1000];
    server.setReceiveBufferSize(BUFFER_BYTES);
    server.setTcpNoDelay(true);
    server.connect(new InetSocketAddress(to.getHost(), to.getPort()));
    workers.execute(this::serve);
  }

  /** The address of {@code path} by this way. */
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + entrance.getLocalPort() + "/" + path);
  }

  private void serve() {
    try (Socket client = entrance.accept()) {
      client.setSendBufferSize(BUFFER_BYTES);
      InputStream from = server.getInputStream();
      OutputStream to = client.getOutputStream();
      var unused =
          workers.scheduleAtFixedRate(
              () -> pass(from, to), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      client.getInputStream().transferTo(server.getOutputStream());
    } catch (IOException e) {
      close(); // one of the two has gone: the other will see
    }
  }

  private void pass(InputStream from, OutputStream to) {
    try {
      int count = from.read(tick, 0, Math.min(tick.length, from.available()));
      to.write(tick, 0, Math.max(0, count));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no further tick
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    try {
      server.close();
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
