package dev.zoetrope;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server as cameras and encoders have one: endless responses made by an ffmpeg each, and
 * the files of folders.
 */
final class StreamingServer implements AutoCloseable {
  private static final int CHUNK = 16 << 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  StreamingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  /** What ffmpeg, started for each request, writes to its stdout. */
  StreamingServer stream(String path, String type, List<String> ffmpegArguments) {
    server.createContext(path, exchange -> stream(exchange, type, ffmpegArguments));
    return this;
  }

  /** The files of {@code folder}. */
  StreamingServer files(String path, Path folder) {
    server.createContext(path, exchange -> file(exchange, path, folder));
    return this;
  }

  /** The address of {@code path}, which begins with a slash. */
  String uri(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void stream(HttpExchange exchange, String type, List<String> arguments)
      throws IOException {
    Process ffmpeg =
        new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    running.add(ffmpeg);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    try (InputStream in = ffmpeg.getInputStream();
        OutputStream out = exchange.getResponseBody()) {
      byte[] chunk = new byte[CHUNK];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        out.write(chunk, 0, count);
        out.flush();
      }
    } finally {
      ffmpeg.destroyForcibly();
      running.remove(ffmpeg);
    }
  }

  private static void file(HttpExchange exchange, String path, Path folder) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(path.length());
    Path file = folder.resolve(name.replaceFirst("^/", ""));
    if (!Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    running.forEach(Process::destroyForcibly);
    threads.shutdownNow();
  }
}
