package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What addresses, headers, status and close codes promise to clients. */
class ContractIT {
  private static final int TS_PACKET = 188;

  @TempDir private static Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestHome home =
        new TestHome(folder)
            .source(
                "gate",
                "title: The gate",
                "kind: test-pattern",
                "width: 320",
                "height: 180",
                "linger: 0s",
                "renditions:",
                "  mjpeg-small: {format: mjpeg, width: 160}")
            .source("warm", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true")
            .source("untouched", "kind: test-pattern", "linger: 0s")
            .source("dead", "kind: file", "path: missing.mp4")
            .source("nogif", "kind: test-pattern", "renditions:", "  gif: off");
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void socketAnswersPingsAndPassesOverMessagesWhileItStreams() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/fmp4"))) {
      socket.await("fragments", messages -> messages.size() > 5);
      socket.say(0x01, "a message in ".getBytes(UTF_8));
      socket.say(0x89, "are you there".getBytes(UTF_8));
      socket.say(0x80, "pieces".getBytes(UTF_8));
      socket.say(0x82, new byte[5000]);
      int before = socket.count();

      Awaitility.await("pong").until(() -> socket.pong().equals(Optional.of("are you there")));
      socket.await("more fragments", messages -> messages.size() > before + 20);

      socket.say(0x88, new byte[] {3, (byte) 0xe8});
      assertThat(socket.awaitClose().code()).isEqualTo(1000);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "810568656c6c6f, 1002", // not masked
    "c18000000000, 1002", // an extension's bit
    "838000000000, 1002", // no such opcode
    "81fe7fff00000000, 1009", // 32 KB to come
  })
  void socketThatBreaksTheProtocolIsClosedWithACode(String hex, int code) throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/mpeg1"))) {
      socket.await("fragments", messages -> messages.size() > 5);

      socket.sayRaw(HexFormat.of().parseHex(hex));
      if (code == 1009) {
        socket.sayRaw(new byte[0x7fff]);
      }

      assertThat(socket.awaitClose().code()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gate.gif,   image/gif",
    "gate.jpg,   image/jpeg",
    "gate.mjpeg, multipart/x-mixed-replace;boundary=",
    "gate.ts,    video/mp2t",
    "gate.mp4,   video/mp4",
  })
  void headersArePromised(String path, String type) {
    try (LiveStream stream = LiveStream.open(server.uri("live/" + path))) {
      HttpResponse<LiveStream> head = stream.head();

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(header(head, "Content-Type").replace("; ", ";")).startsWith(type);
      assertThat(header(head, "Cache-Control")).isEqualTo("no-store");
      assertThat(header(head, "Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(head.headers().firstValue("Set-Cookie")).isEmpty();
      stream.await("bytes", bytes -> bytes.length > 1000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gif", "jpg", "mjpeg", "ts", "mp4"})
  void headStartsNothing(String extension) throws Exception {
    HttpResponse<String> head =
        send(
            HttpRequest.newBuilder(server.uri("live/untouched." + extension))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Type")).isNotEmpty();
    assertThat(header(head, "Cache-Control")).isEqualTo("no-store");
    assertThat(source("untouched").getString("state")).isEqualTo("idle");
  }

  @Test
  void headOfAnUnknownSourceIs404() throws Exception {
    HttpResponse<String> head =
        send(
            HttpRequest.newBuilder(server.uri("live/nobody.gif"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(404);
  }

  @Test
  void preflightIsAnswered() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(server.uri("live/gate.gif"))
                .header("Origin", "http://elsewhere.example")
                .header("Access-Control-Request-Method", "GET")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @ParameterizedTest
  @CsvSource({
    "gate.gif?stamp=2,           'stamp: expected 0 or 1, got \"2\"'",
    "gate.ts?framing=mp4,        'framing: expected ts or jsmp, got \"mp4\"'",
    "gate.mp4?tracks=smell,      'tracks: expected both or video or audio, got \"smell\"'",
    "gate.mjpeg?rendition=large, 'rendition: expected mjpeg or mjpeg-small, got \"large\"'",
  })
  void badValueIs400WithWhatWasExpected(String path, String message) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(message + "\n");
    assertThat(header(answer, "Content-Type")).startsWith("text/plain");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void unknownQueryNamesAreIgnored() {
    try (LiveStream stream = LiveStream.open(server.uri("live/gate.gif?cache-buster=17&_"))) {
      assertThat(stream.head().statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody.gif", "nobody.jpg", "GATE.gif", "..%2Fgate.gif", "nogif.gif"})
  void unknownSourceIs404(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isIn(400, 404); // the container refuses an encoded slash
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void mistakesAreJsonIfAskedFor() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(server.uri("live/nobody.gif"))
                .header("Accept", "application/json"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    JsonObject json = json(answer.body());
    assertThat(json.getInt("status")).isEqualTo(404);
    assertThat(json.getString("error")).isEqualTo("there is no source \"nobody\"");
  }

  @Test
  @Execution(CONCURRENT)
  void strictViewersOfASourceWithoutPictureGet503EverywhereWithinTenSeconds() throws Exception {
    try (LiveStream gif = LiveStream.open(server.uri("live/dead.gif?strict=1"));
        LiveStream still = LiveStream.open(server.uri("live/dead.jpg?strict=1"));
        LiveStream mp4 =
            LiveStream.open(server.uri("live/dead.mp4?strict=1"), "Accept", "application/json");
        LiveSocket socket = LiveSocket.open(server.uri("live/dead/fmp4?strict=1"))) {
      for (LiveStream stream : List.of(gif, still, mp4)) {
        HttpResponse<LiveStream> head = stream.head();
        assertThat(head.statusCode()).isEqualTo(503);
        assertThat(Integer.parseInt(header(head, "Retry-After"))).isPositive();
        stream.await("reason", bytes -> stream.hasEnded());
        // A still is refused at once where the source is known to be lost.
        assertThat(stream.text())
            .containsPattern(
                "source dead (gave no picture within 10 s|is lost): its file or folder is not"
                    + " there");
      }
      assertThat(json(mp4.text()).getInt("status")).isEqualTo(503);
      LiveSocket.Closed closed = socket.awaitClose();
      assertThat(closed.code()).isEqualTo(1013);
      assertThat(closed.reason()).startsWith("source dead ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nobody/fmp4,            4404, 'there is no source \"nobody\"'",
    "gate/smoke-signals,     4404, expected /live/{id}/mpeg1 or /live/{id}/fmp4",
    "gate/fmp4?tracks=smell, 4400, 'tracks: expected both or video or audio, got \"smell\"'",
  })
  void handshakeSucceedsAndTheCloseTellsWhy(String path, int code, String reason) throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/" + path))) {
      assertThat(socket.awaitClose()).isEqualTo(new LiveSocket.Closed(code, reason));
    }
  }

  @Test
  void gifHasNoStampsUnlessAskedFor() {
    try (LiveStream plain = LiveStream.open(server.uri("live/warm.gif"));
        LiveStream stamped = LiveStream.open(server.uri("live/warm.gif?stamp=1"))) {
      byte[] gif = stamped.await("images", bytes -> GifCut.images(bytes) >= 5);
      byte[] other = plain.await("images", bytes -> GifCut.images(bytes) >= 5);

      assertThat(new String(gif, 0, 6, US_ASCII)).isEqualTo("GIF89a");
      List<Double> stamps = GifCut.read(gif).stream().map(image -> stamp(image.comment())).toList();
      assertThat(stamps).isSorted().doesNotHaveDuplicates();
      assertThat(stamps.get(0)).isCloseTo(System.currentTimeMillis() / 1000.0, within(20.0));
      assertThat(GifCut.read(other)).allSatisfy(image -> assertThat(image.comment()).isEmpty());
    }
  }

  private static double stamp(String comment) {
    Matcher matcher = Pattern.compile("X-Timestamp: (\\d+\\.\\d{6})").matcher(comment);
    assertThat(matcher.matches()).as(comment).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void mjpegPartsTellLengthAndTime() throws Exception {
    try (LiveStream stream = LiveStream.open(server.uri("live/warm.mjpeg"))) {
      byte[] body = stream.await("parts", bytes -> MultipartCut.parts(bytes).size() >= 10);

      String text = new String(body, ISO_8859_1);
      int headEnd = text.indexOf("\r\n\r\n", 4);
      assertThat(text.substring(0, headEnd))
          .contains("Content-Type: image/jpeg")
          .containsPattern("X-Timestamp: \\d+\\.\\d{6}");
      List<byte[]> parts = MultipartCut.parts(body);
      for (byte[] part : parts) {
        assertThat(ImageIO.read(new ByteArrayInputStream(part)).getWidth()).isEqualTo(320);
      }
      Set<Integer> different = parts.stream().map(Arrays::hashCode).collect(Collectors.toSet());
      assertThat(different).hasSizeGreaterThanOrEqualTo(9);
    }
  }

  /** Browsers show a part when the boundary after it has come. */
  @Test
  void imageElementsGetTheBoundaryBehindEachPicture() {
    try (LiveStream stream =
        LiveStream.open(
            server.uri("live/warm.mjpeg"), "Accept", "image/avif,image/webp,image/*,*/*;q=0.8")) {
      byte[] body = stream.await("some pictures", bytes -> bytes.length > 60_000);

      String type = header(stream.head(), "Content-Type");
      String boundary = "--" + type.substring(type.indexOf("boundary=") + 9).replace("\"", "");
      String text = new String(body, ISO_8859_1);
      assertThat(text).doesNotContain("Content-Length");
      int end = text.lastIndexOf("\u00ff\u00d9\r\n" + boundary);
      assertThat(end).isPositive();
      assertThat(text.substring(end + 4)).startsWith(boundary + "\r\nContent-Type: image/jpeg");
    }
  }

  @Test
  void renditionsAreAskedForByName() throws Exception {
    try (LiveStream small = LiveStream.open(server.uri("live/gate.mjpeg?rendition=mjpeg-small"))) {
      byte[] body = small.await("a part", bytes -> !MultipartCut.parts(bytes).isEmpty());

      byte[] jpeg = MultipartCut.parts(body).get(0);
      assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(160);
    }
  }

  @Test
  void stillIsFreshWhileTheCaptureRuns() throws Exception {
    for (int i = 0; i < 20; i++) {
      HttpResponse<byte[]> answer =
          LiveStream.CLIENT.send(
              HttpRequest.newBuilder(server.uri("live/warm.jpg"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              BodyHandlers.ofByteArray());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(ImageIO.read(new ByteArrayInputStream(answer.body())).getWidth()).isEqualTo(320);
      assertThat(header(answer, "X-Timestamp")).matches("\\d+\\.\\d{6}");
      double age =
          System.currentTimeMillis() / 1000.0 - Double.parseDouble(header(answer, "X-Timestamp"));
      assertThat(age).isBetween(-0.001, 5.0); // keyframes come once a second
    }
  }

  @Test
  void transportStreamComesInWholePackets() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/mpeg1"));
        LiveStream stream = LiveStream.open(server.uri("live/warm.ts"))) {
      List<LiveSocket.Message> messages = socket.await("units", all -> all.size() >= 40);

      for (LiveSocket.Message message : messages) {
        assertThat(message.text()).isEmpty();
        assertSynced(message.bytes());
      }
      byte[] body = stream.await("packets", bytes -> bytes.length > 50 * TS_PACKET);
      assertSynced(Bytes.copyOf(body, 0, body.length / TS_PACKET * TS_PACKET));
      Seen seen = Seen.of("mpegts", socket.bytes(0));
      assertThat(seen.videoCodec()).isEqualTo("mpeg1video");
      assertThat(seen.audioCodec()).hasValue("mp2");
      assertThat(seen.distinctPictures()).isGreaterThan(5);
    }
  }

  private static void assertSynced(Bytes packets) {
    assertThat(packets.size() % TS_PACKET).isZero();
    for (int at = 0; at < packets.size(); at += TS_PACKET) {
      assertThat(packets.at(at)).isEqualTo(0x47);
    }
  }

  @Test
  void jsmpFramingBeginsWithSizeAndSequenceHeader() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/mpeg1?framing=jsmp"))) {
      List<LiveSocket.Message> messages = socket.await("pictures", all -> all.size() >= 20);

      Bytes all = Bytes.owning(socket.bytes(0));
      assertThat(messages.get(0).bytes().slice(0, 8))
          .isEqualTo(Bytes.of('j', 's', 'm', 'p', 320 >> 8, 320 & 0xff, 0, 180));
      assertThat(all.slice(8, 12)).isEqualTo(Bytes.of(0, 0, 1, 0xb3));
      Seen seen = Seen.of("mpegvideo", all.slice(8, all.size()).toArray());
      assertThat(seen.videoCodec()).isEqualTo("mpeg1video");
      assertThat(seen.distinctPictures()).isGreaterThan(5);
    }
  }

  @Test
  void fmp4SocketTellsTheRunThenSendsAFragmentAMessage() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/fmp4"))) {
      List<LiveSocket.Message> messages = socket.await("fragments", all -> all.size() >= 80);

      JsonObject init = json(messages.get(0).text().orElseThrow());
      assertThat(init.getString("type")).isEqualTo("init");
      assertThat(init.getString("mime"))
          .matches("video/mp4; ?codecs=\"avc1\\.[0-9a-fA-F]{6}, ?mp4a\\.40\\.2\"");
      assertThat(init.getInt("width")).isEqualTo(320);
      assertThat(init.getInt("height")).isEqualTo(180);
      assertThat(init.getInt("run")).isNotNegative();
      assertThat(Boxes.types(messages.get(1).bytes())).containsExactly("ftyp", "moov");
      for (LiveSocket.Message message : messages.subList(2, messages.size())) {
        assertThat(message.text()).isEmpty();
        assertThat(Boxes.types(message.bytes())).containsExactly("prft", "moof", "mdat");
        assertThat(Boxes.types(Boxes.find(message.bytes(), "moof")))
            .containsExactly("mfhd", "traf");
      }
      assertThat(Boxes.fragments(messages.get(2).bytes()).get(0).isSync()).isTrue();
      Seen seen = Seen.of("mp4", socket.bytes(1));
      assertThat(seen.complaints()).isEmpty();
      assertThat(seen.videoCodec()).isEqualTo("h264");
      assertThat(seen.audioCodec()).hasValue("aac");
      assertThat(seen.distinctPictures()).isGreaterThan(10);
    }
  }

  @ParameterizedTest
  @CsvSource({"video, h264, ", "audio, , aac"})
  void onlyTheTracksAskedForAreSent(String tracks, String video, String audio) throws Exception {
    String query = "?tracks=" + tracks;
    try (LiveSocket socket = LiveSocket.open(server.uri("live/warm/fmp4" + query));
        LiveStream stream = LiveStream.open(server.uri("live/warm.mp4" + query))) {
      socket.await("fragments", all -> all.size() >= 30);
      byte[] body =
          stream.await("fragments", bytes -> Boxes.fragments(Bytes.owning(bytes)).size() >= 30);

      for (byte[] recording : List.of(socket.bytes(1), whole(body))) {
        Seen seen = Seen.of("mp4", recording);
        assertThat(seen.videoCodec()).isEqualTo(video == null ? "" : video);
        assertThat(seen.audioCodec().orElse(null)).isEqualTo(audio);
        assertThat(seen.complaints()).isEmpty();
      }
    }
  }

  private static byte[] whole(byte[] mp4) {
    Bytes all = Bytes.owning(mp4);
    int size = Boxes.read(all).stream().mapToInt(box -> 8 + box.payload().size()).sum();
    return all.slice(0, size).toArray();
  }

  @Test
  void healthIsReady() throws Exception {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(server.uri("health/ready")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void listNamesSourcesWithStateAndRenditions() throws Exception {
    Awaitility.await("warm source")
        .atMost(Duration.ofSeconds(10))
        .until(() -> source("warm").getString("state").equals("live"));

    JsonObject gate = source("gate");
    assertThat(gate.getString("title")).isEqualTo("The gate");
    assertThat(gate.getString("kind")).isEqualTo("test-pattern");
    assertThat(source("warm").getBoolean("sound")).isTrue();
    assertThat(
            gate.getJsonArray("renditions").getValuesAs(JsonObject.class).stream()
                .map(rendition -> rendition.getString("name")))
        .containsExactlyInAnyOrder("gif", "mjpeg", "mpeg1", "fmp4", "mjpeg-small");
    HttpResponse<String> answer = get("");
    assertThat(header(answer, "Content-Type")).startsWith("application/json");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
  }

  private static JsonObject source(String id) throws Exception {
    JsonArray sources = json(get("").body()).getJsonArray("sources");
    return sources.getValuesAs(JsonObject.class).stream()
        .filter(source -> source.getString("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject json(String text) {
    return Json.createReader(new StringReader(text)).readObject();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(server.uri("live/" + path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return LiveStream.CLIENT.send(
        request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString(UTF_8));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
