package dev.zoetrope.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A camera of loopback: plays an FLV file over HTTP in real time, each tag at its time, and
 * remembers when. Whoever connects gets it from the beginning.
 */
public final class FlvCamera implements AutoCloseable {
  private static final int FILE_HEADER = 13; // with PreviousTagSize0
  private static final int TAG_HEADER = 11;
  private static final int TAG_VIDEO = 9;
  private static final int PREVIOUS_TAG_SIZE = 4;
  private static final int AVC_NALU = 1; // AVCPacketType, the second byte of a video tag's data

  static {
    // Else the end of a picture may wait for the receiver's acknowledgement, up to 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final NavigableMap<Long, Boolean> sent = new ConcurrentSkipListMap<>(); // wall micros
  private final Map<Integer, Long> sentByNumber = new ConcurrentHashMap<>();

  /** Plays {@code clip}, whose picture is H.264. */
  public FlvCamera(Path clip) throws IOException {
    byte[] flv = Files.readAllBytes(clip);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/camera.flv",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "video/x-flv");
          if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
          }
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            play(flv, out);
          }
        });
    server.start();
  }

  private void play(byte[] flv, OutputStream out) throws IOException {
    out.write(flv, 0, FILE_HEADER);
    long start = System.nanoTime();
    int number = 0;
    for (int at = FILE_HEADER; at + TAG_HEADER <= flv.length; ) {
      int size = u24(flv, at + 1);
      long due = start + 1_000_000L * (u24(flv, at + 4) | (flv[at + 7] & 0xff) << 24);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      int length = TAG_HEADER + size + PREVIOUS_TAG_SIZE;
      if (flv[at] == TAG_VIDEO) {
        long now = wallMicros();
        sent.put(now, true);
        if (flv[at + TAG_HEADER + 1] == AVC_NALU) {
          sentByNumber.put(number++, now);
        }
      }
      out.write(flv, at, Math.min(length, flv.length - at));
      out.flush();
      at += length;
    }
  }

  private static int u24(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/camera.flv");
  }

  /** When the picture left that was captured at {@code captureMicros}: the last one before. */
  public Optional<Long> sentBefore(long captureMicros) {
    return Optional.ofNullable(sent.floorKey(captureMicros));
  }

  /** When the picture of that number left, unix microseconds; the clip's first has number 0. */
  public Optional<Long> sentMicros(int number) {
    return Optional.ofNullable(sentByNumber.get(number));
  }

  private static long wallMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
