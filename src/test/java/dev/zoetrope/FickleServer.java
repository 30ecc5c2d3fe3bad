package dev.zoetrope;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** An HTTP server that plays a clip for ever, and can fall silent without closing a connection. */
final class FickleServer implements AutoCloseable {
  private static final int CHUNK = 188 * 20;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Path clip;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean isSilent; // guarded by lock
  private boolean isClosed; // guarded by lock

  FickleServer(Path clip) throws IOException {
    this.clip = clip;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::play);
    server.setExecutor(threads);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/live.ts";
  }

  private void play(HttpExchange exchange) throws IOException {
    Process ffmpeg =
        new ProcessBuilder(
                List.of(
                    "ffmpeg",
                    "-nostdin",
                    "-v",
                    "error",
                    "-re",
                    "-stream_loop",
                    "-1",
                    "-i",
                    clip.toString(),
                    "-c",
                    "copy",
                    "-f",
                    "mpegts",
                    "pipe:1"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    exchange.getResponseHeaders().set("Content-Type", "video/mp2t");
    exchange.sendResponseHeaders(200, 0);
    try (InputStream in = ffmpeg.getInputStream();
        OutputStream out = exchange.getResponseBody()) {
      byte[] chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0 && awaitVoice(); count = in.read(chunk)) {
        out.write(chunk, 0, count);
        out.flush();
      }
    } finally {
      ffmpeg.destroyForcibly();
    }
  }

  /** Whether to go on. */
  private boolean awaitVoice() {
    lock.lock();
    try {
      while (isSilent && !isClosed) {
        changed.awaitUninterruptibly();
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing is sent, to nobody. */
  void fallSilent() {
    set(true);
  }

  /** From now on all is sent again. */
  void speak() {
    set(false);
  }

  private void set(boolean silent) {
    lock.lock();
    try {
      isSilent = silent;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
