package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that has a source's own packets from another one, and makes renditions of its own: real
 * servers, a chain of three, pictures with B-frames.
 */
class RelayPacketsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static TestServer ingress;
  private static TestServer edge;
  private static TestServer far;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("ingress")).media("b-frames.mp4");
    home.settings("node: ingress", "rtmpPort: 0");
    home.source("gate", "title: The gate", "kind: file", "path: b-frames.mp4", "linger: 1s");
    ingress = TestServer.at(home.folder());
    home = follower("edge", ingress);
    home.source(
        "gate",
        relay(
            ingress,
            "form: packets",
            "renditions:",
            "  mjpeg: {width: 160}",
            "  gif: {width: 120, fps: 5}",
            "  mpeg1: {width: 200}"));
    home.source("plain", relay(ingress, "source: gate"));
    home.source("other", relay(ingress, "source: gate"));
    edge = TestServer.at(home.folder());
    home = follower("far", edge);
    home.source("gate", relay(edge, "form: packets"));
    home.source("plain", relay(edge, "form: packets"));
    far = TestServer.at(home.folder());
  }

  private static TestHome follower(String name, TestServer origin) throws Exception {
    String key =
        new TestAdmin(origin)
            .call("POST", "nodes/keys", "{\"title\":\"" + name + "\"}", 201)
            .getString("key");
    return new TestHome(folder.resolve(name))
        .settings("node: " + name, "rtmpPort: 0")
        .secrets("origin-key: \"" + key + "\"");
  }

  private static String relay(TestServer origin, String... lines) {
    String address = origin.uri().toString().replaceAll("/$", "");
    return "kind: relay\norigin: "
        + address
        + "\nkey: origin-key\nlinger: 1s\n"
        + String.join("\n", lines);
  }

  @AfterAll
  static void stop() throws Exception {
    for (TestServer server : List.of(far, edge, ingress)) {
      server.close();
    }
  }

  @BeforeEach
  void awaitThatNothingComes() {
    for (TestServer origin : List.of(edge, ingress)) {
      SourceList.awaitState(origin, "gate", "idle");
    }
    assertThat(viewers(ingress)).isEmpty();
  }

  /** The renditions of the source that somebody has, each as often as it is had. */
  private static List<String> viewers(TestServer at) {
    try {
      String list = new TestAdmin(at).text("GET", "sources/gate/viewers", "", 200);
      return Json.createReader(new StringReader(list)).readArray().stream()
          .map(viewer -> viewer.asJsonObject().getString("rendition"))
          .toList();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachRenditionIsMadeHereOfWhatComesOnce() throws Exception {
    byte[] mpeg1;
    byte[] film;
    byte[] parts;
    byte[] images;
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/gate.mjpeg"));
        LiveStream gif = LiveStream.open(edge.uri("live/gate.gif"));
        LiveStream ts = LiveStream.open(edge.uri("live/gate.ts"));
        LiveStream mp4 = LiveStream.open(edge.uri("live/gate.mp4"))) {
      parts = mjpeg.await("20 pictures", body -> MultipartCut.parts(body).size() >= 20);
      images = gif.await("10 images", body -> GifCut.images(body) >= 10);
      mpeg1 = ts.await("400 transport packets", body -> body.length > 400 * 188);
      film = mp4.await("100,000 bytes", body -> body.length > 100_000);
      assertThat(viewers(ingress)).containsExactly("packets");
    }

    Seen copied = Seen.of("mp4", film);
    assertThat(copied.videoCodec()).isEqualTo("h264");
    assertThat(copied.width()).isEqualTo(320);
    assertThat(copied.audioCodec()).isEqualTo(Optional.of("aac"));
    assertThat(copied.distinctPictures()).isGreaterThan(20);
    assertThat(copied.distinctSounds()).isGreaterThan(20);
    assertThat(copied.complaints()).isEmpty();
    assertThat(kindsOfFrames(film)).contains("B");
    Seen encoded = Seen.of("mpegts", mpeg1);
    assertThat(encoded.videoCodec()).isEqualTo("mpeg1video");
    assertThat(encoded.width()).isEqualTo(200);
    assertThat(encoded.audioCodec()).isEqualTo(Optional.of("mp2"));
    assertThat(encoded.distinctPictures()).isGreaterThan(10);
    assertThat(width(parts)).isEqualTo(160);
    assertThat(ByteBuffer.wrap(images).order(ByteOrder.LITTLE_ENDIAN).getShort(6))
        .isEqualTo((short) 120);
    assertThat(SourceList.source(edge, "gate").getString("title")).isEqualTo("The gate");
  }

  private static byte[] last(byte[] multipart) {
    List<byte[]> parts = MultipartCut.parts(multipart);
    return parts.get(parts.size() - 1);
  }

  private static String kindsOfFrames(byte[] film) throws Exception {
    Path file = Files.write(folder.resolve("film.mp4"), film);
    return Program.run(
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "frame=pict_type",
        "-of",
        "csv=p=0",
        file.toString());
  }

  @Test
  void viewersStayWhenPacketsAreTakenInPlaceOfRenditions() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/other.mjpeg"))) {
      mjpeg.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
      assertThat(width(mjpeg.bytes())).isEqualTo(320);

      new TestHome(edge.home())
          .source(
              "other",
              relay(ingress, "source: gate", "form: packets", "renditions: {mjpeg: {width: 160}}"));

      mjpeg.await("smaller pictures", body -> width(body) == 160);
      await("only packets").atMost(LIMIT).until(() -> viewers(ingress).equals(List.of("packets")));
      assertThat(mjpeg.hasEnded()).isFalse();
    }
  }

  /** Of the newest picture. */
  private static int width(byte[] multipart) {
    try {
      return ImageIO.read(new ByteArrayInputStream(last(multipart))).getWidth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theCardIsShownWhileTheIngressIsReplaced() throws Exception {
    try (ManySocket socket = ManySocket.open(edge.uri("live"))) {
      socket.subscribe(1, "gate", ",'tracks':'both'");
      socket.subscribe(2, "gate", ",'format':'mjpeg'");
      for (int format = 1; format <= 2; format++) {
        socket.awaitFrames(format, frames -> frames.size() > 20);
      }
      int port = ingress.uri().getPort();
      ingress.signal("KILL");
      ingress.awaitEnd();
      for (int format = 1; format <= 2; format++) {
        socket.awaitFrames(format, frames -> frames.get(frames.size() - 1).has(ManySocket.CARD));
      }

      ingress = TestServer.at(ingress.home(), "--port", Integer.toString(port));

      for (int format = 1; format <= 2; format++) {
        socket.awaitFrames(format, frames -> isMoving(frames));
        assertThat(socket.texts("end", format)).isEmpty();
      }
      assertThat(SourceList.state(edge, "gate")).isEqualTo("live");
    }
  }

  /** Whether the newest fragments are of the source. */
  private static boolean isMoving(List<ManySocket.Frame> frames) {
    return frames.subList(Math.max(0, frames.size() - 20), frames.size()).stream()
        .noneMatch(frame -> frame.has(ManySocket.CARD));
  }

  @Test
  void nextNodeHasThePacketsWhereThisOneHasThem() throws Exception {
    try (LiveStream mp4 = LiveStream.open(far.uri("live/gate.mp4"))) {
      byte[] film = mp4.await("50,000 bytes", body -> body.length > 50_000);
      assertThat(viewers(edge)).containsExactly("packets");
      assertThat(viewers(ingress)).containsExactly("packets");
      assertThat(Seen.of("mp4", film).complaints()).isEmpty();
    }
  }

  @Test
  void whereThereAreOnlyRenditionsThatIsSaid() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(far.uri("live/plain.mjpeg"))) {
      mjpeg.await("the card", body -> MultipartCut.parts(body).size() >= 1);
      String cause =
          await("why it is not there")
              .atMost(LIMIT)
              .until(() -> cause("plain"), words -> words.contains("no packets of source plain"));
      assertThat(cause).contains("form: renditions");
    }
  }

  private static String cause(String id) throws Exception {
    JsonObject source = new TestAdmin(far).call("GET", "sources/" + id, "", 200);
    return source.toString();
  }
}
