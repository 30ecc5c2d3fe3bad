package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.server.FreePort;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real WAR finds behind the settings of sources that are not saved. */
@Timeout(90)
class ProbeIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path STAND_INS = Path.of("src/test/programs").toAbsolutePath();

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;
  private static StreamingServer streaming;
  private static RtspServer rtsp;
  private static HttpServer guarded; // by a password

  @BeforeAll
  static void start() throws Exception {
    Path clips = LiveClips.folder();
    home = new TestHome(folder.resolve("home"));
    home.settings("hardware: off", "ffmpeg: " + STAND_INS.resolve("ffmpeg-with-webcam"));
    home.media("h264-aac.mp4", "b-frames.mp4", "hevc.mp4", "mulaw.mkv", "once.mp4", "pictures");
    home.source("door", "kind: webcam", "fps: 10", "linger: 0s");
    home.secrets("key: correct-horse-battery");
    home.source("brought", "kind: http-publish", "key: key", "linger: 0s");
    server = TestServer.at(home.folder(), Map.of("PATH", STAND_INS + ":" + System.getenv("PATH")));
    String clip = clips.resolve("h264-aac.mp4").toString();
    List<String> camera =
        List.of(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-stream_loop",
            "-1",
            "-i",
            clip,
            "-c",
            "copy",
            "-f",
            "mpegts",
            "pipe:1");
    List<String> jpegs =
        List.of(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=800x450:rate=10",
            "-c:v",
            "mjpeg",
            "-f",
            "mpjpeg",
            "pipe:1");
    streaming =
        new StreamingServer()
            .stream("/live.ts", "video/mp2t", camera).stream(
                    "/video", "multipart/x-mixed-replace;boundary=ffmpeg", jpegs)
                .files("/files", clips);
    guarded = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    guarded
        .createContext("/", exchange -> exchange.sendResponseHeaders(204, -1))
        .setAuthenticator(
            new BasicAuthenticator("camera") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return password.equals("the right one");
              }
            });
    guarded.start();
    rtsp = RtspServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      server.close();
    } finally {
      streaming.close();
      guarded.stop(0);
      rtsp.close();
    }
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    assertThat(server.children()).extracting(child -> child.info().commandLine()).isEmpty();
    assertThat(threads()).noneMatch(name -> name.contains("probe"));
  }

  /** As the kernel calls them: the first 15 characters. */
  private static List<String> threads() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc", server.pid() + "", "task"))) {
      for (Path task : tasks.toList()) {
        try {
          names.add(Files.readString(task.resolve("comm")).strip());
        } catch (NoSuchFileException e) {
          // it ended between the two
        }
      }
    }
    return names;
  }

  private static String token() throws Exception {
    return Files.readAllLines(home.folder().resolve("secrets.yaml")).stream()
        .filter(line -> line.startsWith("admin-token:"))
        .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
        .findFirst()
        .orElseThrow();
  }

  private static HttpRequest request(String query, String body) throws Exception {
    return HttpRequest.newBuilder(server.uri("api/v1/probe" + query))
        .POST(BodyPublishers.ofString(body))
        .header("Authorization", "Bearer " + token())
        .header("Content-Type", "application/json")
        .timeout(LIMIT)
        .build();
  }

  private static HttpResponse<String> call(String query, String body) throws Exception {
    return LiveStream.CLIENT.send(request(query, body), BodyHandlers.ofString());
  }

  private static JsonObject json(HttpResponse<String> answer) {
    try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
      return reader.readObject();
    }
  }

  /** Settings as JSON, of keys and values in turn. */
  private static String settings(String... keysAndValues) {
    var settings = Json.createObjectBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.add(keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings.build().toString();
  }

  private static JsonObject probe(String... keysAndValues) throws Exception {
    HttpResponse<String> answer = call("", settings(keysAndValues));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonObject result = json(answer);
    assertThat(result.getInt("tookMillis")).isBetween(0, 15_500);
    return result;
  }

  private static JsonObject seen(String... keysAndValues) throws Exception {
    JsonObject result = probe(keysAndValues);
    assertThat(result.getBoolean("ok")).as(result.toString()).isTrue();
    return result;
  }

  private static JsonObject failed(String cause, String... keysAndValues) throws Exception {
    JsonObject result = probe(keysAndValues);
    assertThat(result.getBoolean("ok")).as(result.toString()).isFalse();
    assertThat(result.getString("cause")).isEqualTo(cause);
    assertThat(result.getString("words")).isNotEmpty();
    assertThat(result.getString("advice")).isNotEmpty();
    return result;
  }

  private static JsonObject track(JsonObject result, int index) {
    return result.getJsonArray("tracks").getJsonObject(index);
  }

  private static double number(JsonObject object, String key) {
    return object.getJsonNumber(key).doubleValue();
  }

  private static boolean isCopied(JsonObject result, String format) {
    return way(result, format).getBoolean("copied");
  }

  private static JsonObject way(JsonObject result, String format) {
    return result.getJsonArray("ways").stream()
        .map(JsonValue::asJsonObject)
        .filter(way -> way.getString("format").equals(format))
        .findFirst()
        .orElseThrow();
  }

  private static String warnings(JsonObject result) {
    return result.getJsonArray("warnings").toString();
  }

  private static BufferedImage picture(JsonObject result) throws IOException {
    String uri = result.getString("picture");
    assertThat(uri).startsWith("data:image/jpeg;base64,");
    byte[] jpeg = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  @Test
  void patternIsMeasured() throws Exception {
    HttpResponse<String> answer =
        call("", "{\"kind\": \"test-pattern\", \"width\": 1280, \"height\": 720, \"fps\": 20}");

    JsonObject result = json(answer);
    assertThat(result.getBoolean("ok")).as(answer.body()).isTrue();
    JsonObject video = track(result, 0);
    assertThat(video.getString("kind")).isEqualTo("video");
    assertThat(video.getString("codec")).isEqualTo("h264");
    assertThat(video.getString("name")).startsWith("H.264 ");
    assertThat(video.getInt("width")).isEqualTo(1280);
    assertThat(video.getInt("height")).isEqualTo(720);
    assertThat(number(video, "fps")).isBetween(15.0, 21.0);
    assertThat(number(video, "keyframeSeconds")).isBetween(0.9, 1.4);
    assertThat(number(video, "bitrate")).isBetween(100_000.0, 6_000_000.0);
    JsonObject audio = track(result, 1);
    assertThat(audio.getString("kind")).isEqualTo("audio");
    assertThat(audio.getString("codec")).isEqualTo("aac");
    assertThat(audio.getInt("sampleRate")).isEqualTo(48_000);
    assertThat(audio.getInt("channels")).isEqualTo(2);
    assertThat(isCopied(result, "fmp4")).isTrue();
    assertThat(way(result, "fmp4").getString("words")).isEqualTo("plays as it is");
    assertThat(isCopied(result, "mjpeg")).isFalse();
    assertThat(way(result, "gif").getString("words")).isEqualTo("encoded while watched");
    assertThat(picture(result).getWidth()).isEqualTo(640);
    assertThat(picture(result).getHeight()).isEqualTo(360);
  }

  @Test
  void loopedFileWithSoundIsMeasured() throws Exception {
    JsonObject result = seen("kind", "file", "path", "h264-aac.mp4");

    assertThat(number(track(result, 0), "fps")).isBetween(24.0, 26.0);
    assertThat(number(track(result, 0), "keyframeSeconds")).isBetween(0.95, 1.05);
    assertThat(track(result, 1).getString("name")).isEqualTo("AAC LC");
    assertThat(number(track(result, 1), "bitrate")).isBetween(10_000.0, 130_000.0);
    assertThat(picture(result).getWidth()).isEqualTo(320);
  }

  @ParameterizedTest
  @CsvSource({
    "b-frames.mp4, B-frames, true",
    "hevc.mp4, not played by every browser, true",
    "mulaw.mkv, G.711, true",
  })
  void whatIsToBeKnownIsTold(String clip, String words, boolean isCopied) throws Exception {
    JsonObject result = seen("kind", "file", "path", clip);

    assertThat(warnings(result)).contains(words);
    assertThat(isCopied(result, "fmp4")).isEqualTo(isCopied);
    assertThat(picture(result).getWidth()).isEqualTo(320);
  }

  @Test
  void fileThatEndsIsMeasuredToItsEnd() throws Exception {
    JsonObject result =
        json(call("", "{\"kind\": \"file\", \"path\": \"once.mp4\", \"loop\": false}"));

    assertThat(result.getBoolean("ok")).as(result.toString()).isTrue();
    assertThat(number(track(result, 0), "fps")).isBetween(24.0, 26.0);
    assertThat(warnings(result)).doesNotContain("ended");
  }

  @Test
  void folderOfPicturesIsShownAsItIs() throws Exception {
    JsonObject result = seen("kind", "folder", "path", "pictures");

    assertThat(track(result, 0).getString("codec")).isEqualTo("mjpeg");
    assertThat(number(track(result, 0), "fps")).isBetween(20.0, 26.0);
    assertThat(isCopied(result, "mjpeg")).isTrue();
    assertThat(isCopied(result, "fmp4")).isFalse();
    assertThat(picture(result).getWidth()).isEqualTo(320);
  }

  @Test
  void rtspCameraIsMeasured() throws Exception {
    JsonObject result = seen("kind", "url", "url", rtsp.uri("plain"));

    assertThat(track(result, 0).getString("codec")).isEqualTo("h264");
    assertThat(number(track(result, 0), "fps")).isBetween(20.0, 30.0);
    assertThat(number(track(result, 0), "keyframeSeconds")).isBetween(0.8, 1.3);
    assertThat(picture(result).getHeight()).isEqualTo(180);
  }

  @Test
  void httpCamerasAreMeasured() throws Exception {
    JsonObject ts = seen("kind", "url", "url", streaming.uri("/live.ts"));
    assertThat(number(track(ts, 0), "fps")).isBetween(24.0, 26.0);
    assertThat(ts.getJsonArray("tracks")).hasSize(2);

    JsonObject jpegs = seen("kind", "url", "url", streaming.uri("/video"));
    assertThat(track(jpegs, 0).getString("name")).isEqualTo("JPEG pictures");
    assertThat(number(track(jpegs, 0), "fps")).isBetween(7.0, 13.0); // times would say 25
    assertThat(isCopied(jpegs, "mjpeg")).isTrue();
    assertThat(picture(jpegs).getWidth()).isEqualTo(640);
    assertThat(picture(jpegs).getHeight()).isEqualTo(360);
  }

  @Test
  void whyThereIsNoPictureIsToldWithoutSecrets() throws Exception {
    int closed = FreePort.find();
    failed("PORT_CLOSED", "kind", "url", "url", "rtsp://127.0.0.1:" + closed + "/camera");
    failed("NO_SUCH_STREAM", "kind", "url", "url", streaming.uri("/files/nothing.ts"));
    failed("NO_SUCH_FILE", "kind", "file", "path", "nothing.mp4");

    JsonObject refused =
        failed(
            "WRONG_PASSWORD",
            "kind",
            "url",
            "url",
            "http://127.0.0.1:" + guarded.getAddress().getPort() + "/stream?token=t0ken",
            "user",
            "me",
            "password",
            "s3cret & more");

    assertThat(refused.getJsonArray("log").toString()).contains("401");
    assertThat(refused.toString()).doesNotContain("s3cret", "t0ken");
    assertThat(server.log()).doesNotContain("s3cret", "t0ken");
    assertThat(Files.readString(home.folder().resolve("secrets.yaml"))).doesNotContain("s3cret");
    try (Stream<Path> files = Files.list(home.folder().resolve("sources"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("door.yaml", "brought.yaml");
    }
  }

  @Test
  void mistakesAreToldByTheirKeys() throws Exception {
    HttpResponse<String> answer =
        call("", "{\"kind\": \"test-pattern\", \"widht\": 320, \"fps\": \"many\"}");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(json(answer).getJsonArray("errors")).hasSize(2);
    assertThat(json(answer).getJsonArray("errors").toString())
        .contains("\"widht\"", "\"fps\"", "\"many\"", "expected");
    assertThat(call("", "[1]").statusCode()).isEqualTo(400);
    assertThat(call("?source=nobody", "{\"kind\": \"test-pattern\"}").statusCode()).isEqualTo(404);
    assertThat(call("", settings("kind", "url", "url", "rtsp://…@camera/x")).statusCode())
        .isEqualTo(422);
  }

  @Test
  void whatSomebodyHasToPublishSaysWhereTo() throws Exception {
    JsonObject http = failed("NOBODY_PUBLISHES", "kind", "http-publish", "key", "key");
    assertThat(http.getString("advice")).contains(server.uri("publish/ID").toString());

    JsonObject rtmp = failed("NOBODY_PUBLISHES", "kind", "rtmp-publish", "key", "key");
    assertThat(rtmp.getString("advice")).contains("rtmp://127.0.0.1/live/ID?key=KEY");

    JsonObject srt = json(call("", "{\"kind\": \"srt-publish\", \"port\": 9998}"));
    assertThat(srt.getString("advice")).contains("srt://127.0.0.1:9998");

    JsonObject own = json(call("?source=brought", settings("kind", "pictures", "key", "key")));
    assertThat(own.getString("advice"))
        .contains(server.uri("publish/brought/picture").toString())
        .doesNotContain("ID");
  }

  @Test
  void cameraThatIsInUseIsLeftAlone() throws Exception {
    JsonObject free = seen("kind", "webcam");
    assertThat(number(track(free, 0), "fps")).isPositive();
    try (LiveStream viewer = LiveStream.open(server.uri("live/door.mjpeg"))) {
      viewer.awaitMore(20_000);

      HttpResponse<String> answer = call("", settings("kind", "webcam"));

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("detail"))
          .contains("the camera /dev/video0 is used by source door");
      viewer.awaitMore(20_000);
    }
    Awaitility.await("the camera").atMost(LIMIT).until(() -> server.children().isEmpty());
  }

  @Test
  void publisherIsLeftAlone() throws Exception {
    List<String> command =
        new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-re", "-i"));
    command.add(home.folder().resolve("media/h264-aac.mp4").toString());
    command.addAll(
        List.of("-c", "copy", "-headers", "Authorization: Bearer correct-horse-battery"));
    command.addAll(List.of("-f", "mpegts", server.uri("publish/brought").toString()));
    try (Program publisher = Program.start(command.toArray(String[]::new))) {
      SourceList.awaitState(server, "brought", "live");

      HttpResponse<String> answer =
          call("?source=brought", settings("kind", "http-publish", "key", "key"));

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(json(answer).getString("detail")).contains("somebody publishes to source brought");
      assertThat(publisher.isAlive()).isTrue();
    }
    Awaitility.await("its end").atMost(LIMIT).until(() -> server.children().isEmpty());
  }

  @Test
  void thirdAtOnceHasToWait() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String body =
          settings("kind", "url", "url", "rtsp://127.0.0.1:" + silent.getLocalPort() + "/camera");
      List<CompletableFuture<HttpResponse<String>>> looks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        looks.add(LiveStream.CLIENT.sendAsync(request("", body), BodyHandlers.ofString()));
      }
      Awaitility.await("both").atMost(LIMIT).until(() -> server.children().size() == 2);

      HttpResponse<String> third = call("", "{\"kind\": \"test-pattern\"}");

      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).hasValue("5");
      for (CompletableFuture<HttpResponse<String>> look : looks) {
        JsonObject result = json(look.join());
        assertThat(result.getBoolean("ok")).isFalse();
        assertThat(result.getInt("tookMillis")).isLessThan(15_500);
      }
    }
    assertThat(call("", "{\"kind\": \"test-pattern\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void stopOfTheServerEndsALook() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String body =
          settings("kind", "url", "url", "rtsp://127.0.0.1:" + silent.getLocalPort() + "/camera");
      var look = LiveStream.CLIENT.sendAsync(request("", body), BodyHandlers.ofString());
      Awaitility.await("a look").atMost(LIMIT).until(() -> server.children().size() == 1);

      server.stop(); // fails if that takes long, or leaves a process behind

      assertThat(Optional.ofNullable(look.handle((answer, failure) -> answer).join()))
          .satisfiesAnyOf(
              none -> assertThat(none).isEmpty(),
              answer -> assertThat(answer.orElseThrow().statusCode()).isEqualTo(503));
    } finally {
      server =
          TestServer.at(home.folder(), Map.of("PATH", STAND_INS + ":" + System.getenv("PATH")));
    }
  }

  @Test
  void onlyOperatorsLook() throws Exception {
    HttpRequest nobody =
        HttpRequest.newBuilder(server.uri("api/v1/probe"))
            .POST(BodyPublishers.ofString("{\"kind\": \"test-pattern\"}", UTF_8))
            .header("Content-Type", "application/json")
            .build();

    assertThat(LiveStream.CLIENT.send(nobody, BodyHandlers.ofString()).statusCode()).isEqualTo(401);

    HttpRequest got =
        HttpRequest.newBuilder(server.uri("api/v1/probe"))
            .header("Authorization", "Bearer " + token())
            .build();
    HttpResponse<String> answer = LiveStream.CLIENT.send(got, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
  }
}
