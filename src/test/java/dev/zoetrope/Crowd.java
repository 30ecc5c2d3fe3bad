package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;

/**
 * Viewers of one source in every format: GIF, MJPEG, MPEG-TS by HTTP, MPEG-1 and fMP4 by WebSocket.
 * (The endless {@code .mp4} may end when the source is lost, and is not among them.)
 */
final class Crowd implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<LiveStream> streams = new ArrayList<>();
  private final List<LiveSocket> sockets = new ArrayList<>();
  private final List<IntSupplier> counts = new ArrayList<>();

  /** Some of each format, all of whom have seen pictures. */
  static Crowd of(TestServer server, String id, int ofEach) throws Exception {
    Crowd crowd = new Crowd();
    for (int i = 0; i < ofEach; i++) {
      for (String extension : List.of("gif", "mjpeg", "ts")) {
        LiveStream stream = LiveStream.open(server.uri("live/" + id + "." + extension));
        crowd.streams.add(stream);
        crowd.counts.add(new Tally(stream, extension)::count);
      }
      for (String way : List.of("mpeg1", "fmp4")) {
        LiveSocket socket = LiveSocket.open(server.uri("live/" + id + "/" + way));
        crowd.sockets.add(socket);
        crowd.counts.add(socket::count);
      }
    }
    crowd.awaitMore("first pictures", 1);
    return crowd;
  }

  /** Waits until each viewer has got so many pictures more. */
  void awaitMore(String what, int pictures) {
    Map<Integer, Integer> missing = new TreeMap<>();
    for (int i = 0; i < counts.size(); i++) {
      missing.put(i, counts.get(i).getAsInt() + pictures);
    }
    Awaitility.await(what + ", of the viewers (5 n: gif, mjpeg, ts, mpeg1, fmp4)")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              missing.entrySet().removeIf(viewer -> hasSeen(viewer.getKey(), viewer.getValue()));
              assertThat(missing).isEmpty();
            });
  }

  private boolean hasSeen(int viewer, int pictures) {
    return counts.get(viewer).getAsInt() >= pictures;
  }

  /** Nobody was thrown out. */
  void isComplete() {
    for (LiveStream stream : streams) {
      assertThat(stream.hasEnded()).as("%s", stream.head().request().uri()).isFalse();
    }
    assertThat(sockets).noneMatch(LiveSocket::isClosed);
  }

  /** The sockets, MPEG-1 and fMP4 by turns. */
  List<LiveSocket> sockets() {
    return List.copyOf(sockets);
  }

  /** The HTTP streams, GIF, MJPEG and MPEG-TS by turns. */
  List<LiveStream> streams() {
    return List.copyOf(streams);
  }

  @Override
  public void close() {
    streams.forEach(LiveStream::close);
    sockets.forEach(LiveSocket::close);
  }

  /** Counts the pieces of a stream, each once. */
  private static final class Tally {
    private static final String PICTURE_HEADER = "\0\0\1\u00e0"; // start code and stream id, PES

    private final LiveStream stream;
    private final String extension;
    private int from; // the first byte that was not counted
    private int counted; // of the bytes from there on
    private int count;

    Tally(LiveStream stream, String extension) {
      this.stream = stream;
      this.extension = extension;
    }

    /** Pictures, or what stands for one: parts, GIF images, packets of MPEG-TS that begin one. */
    int count() {
      if (stream.head().statusCode() != 200) {
        throw new AssertionError(extension + " was refused: " + stream.text());
      }
      byte[] fresh = stream.bytes(from);
      switch (extension) {
        case "mjpeg" -> {
          for (MultipartCut.Part part : MultipartCut.read(fresh)) {
            next(part.end());
          }
        }
        case "gif" -> {
          List<GifCut.Image> images = count == 0 ? GifCut.read(fresh) : GifCut.readBlocks(fresh, 0);
          for (GifCut.Image image : images) {
            next(image.end());
          }
        }
        default -> {
          String text = new String(fresh, ISO_8859_1);
          for (int at = text.indexOf(PICTURE_HEADER);
              at >= 0;
              at = text.indexOf(PICTURE_HEADER, at + 4)) {
            next(at + 4);
          }
        }
      }
      from += counted;
      counted = 0;
      return count;
    }

    private void next(int end) {
      count++;
      counted = end;
    }
  }
}
