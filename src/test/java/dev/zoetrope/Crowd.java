package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** Some of each format, all of whom have seen pictures. */
  static Crowd of(TestServer server, String id, int ofEach) throws Exception {
    Crowd crowd = new Crowd();
    for (int i = 0; i < ofEach; i++) {
      for (String extension : List.of("gif", "mjpeg", "ts")) {
        crowd.streams.add(LiveStream.open(server.uri("live/" + id + "." + extension)));
      }
      for (String way : List.of("mpeg1", "fmp4")) {
        crowd.sockets.add(LiveSocket.open(server.uri("live/" + id + "/" + way)));
      }
    }
    crowd.awaitMore("first pictures", 1);
    return crowd;
  }

  private List<IntSupplier> counts() {
    List<IntSupplier> counts = new ArrayList<>();
    streams.forEach(stream -> counts.add(() -> pieces(stream)));
    sockets.forEach(socket -> counts.add(() -> socket.messages().size()));
    return counts;
  }

  /** Pictures, or what stands for one: parts, GIF images, packets of MPEG-TS that begin one. */
  private static int pieces(LiveStream stream) {
    String path = stream.head().request().uri().getPath();
    byte[] bytes = stream.bytes();
    if (stream.head().statusCode() != 200) {
      throw new AssertionError(path + " was refused: " + stream.text());
    }
    if (path.endsWith(".mjpeg")) {
      return MultipartCut.parts(bytes).size();
    }
    return path.endsWith(".gif") ? GifCut.images(bytes) : pictureHeaders(bytes);
  }

  private static int pictureHeaders(byte[] ts) {
    int count = 0;
    String text = new String(ts, ISO_8859_1);
    for (int at = text.indexOf("\0\0\1\u00e0");
        at >= 0;
        at = text.indexOf("\0\0\1\u00e0", at + 4)) {
      count++;
    }
    return count;
  }

  /** Waits until each viewer has got so many pictures more. */
  void awaitMore(String what, int pictures) {
    List<IntSupplier> counts = counts();
    List<Integer> before = counts.stream().map(IntSupplier::getAsInt).toList();
    for (int i = 0; i < counts.size(); i++) {
      IntSupplier count = counts.get(i);
      int least = before.get(i) + pictures;
      Awaitility.await(what + ", viewer " + i % 5 + " of gif, mjpeg, ts, mpeg1, fmp4")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> count.getAsInt() >= least);
    }
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
}
