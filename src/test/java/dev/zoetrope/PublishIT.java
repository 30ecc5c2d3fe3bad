package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishers who come to the WAR by HTTP: endless bodies, single pictures. */
class PublishIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String KEY = "correct horse&battery=staple";
  private static final String KEY_IN_QUERY = "?key=correct%20horse%26battery%3Dstaple";

  /** Head and a line. */
  private static final Pattern ANSWER = Pattern.compile("(?s).*\\r\\n\\r\\n.+\\n");

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    Files.writeString(home.folder().resolve("secrets.yaml"), "door: " + KEY + "\n");
    for (String id :
        List.of(
            "mpegts",
            "matroska",
            "flv",
            "mp4",
            "webm",
            "checked",
            "guessed",
            "slowed",
            "silent",
            "returning",
            "page")) {
      home.source(id, "kind: http-publish", "key: door", "linger: 0s");
    }
    for (String id : List.of("jpeg", "curl", "parts", "slow", "guessed-pictures")) {
      home.source(id, "kind: pictures", "key: door", "linger: 0s");
    }
    home.source("taken", "kind: http-publish", "key: door", "takeOver: true", "linger: 0s");
    home.source("short", "kind: pictures", "key: door", "lostAfter: 2s", "linger: 0s");
    home.source("pattern", "kind: test-pattern", "width: 320", "height: 180");
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** An endless stream in real time: picture and sound. */
  private static Program publish(String id, String format) throws IOException {
    String address = server.uri("publish/" + id).toString();
    return Broadcast.to(format, address, "-headers", "Authorization: Bearer " + KEY);
  }

  /** The same, and viewers who come see its pictures at once. */
  private static Program publishLive(String id, String format) throws IOException {
    Program publisher = publish(id, format);
    SourceList.awaitState(server, id, "live");
    return publisher;
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({"mpegts", "matroska", "flv", "mp4"})
  void endlessBodyPlaysInAllFormats(String format) throws Exception {
    try (Program publisher = publishLive(format, format);
        LiveStream gif = LiveStream.open(server.uri("live/" + format + ".gif"));
        LiveStream mjpeg = LiveStream.open(server.uri("live/" + format + ".mjpeg"));
        LiveStream ts = LiveStream.open(server.uri("live/" + format + ".ts"));
        LiveStream mp4 = LiveStream.open(server.uri("live/" + format + ".mp4"))) {
      gif.await("images", bytes -> GifCut.images(bytes) > 15);
      mjpeg.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 30);
      ts.awaitMore(150_000);
      mp4.awaitMore(60_000);

      assertThat(publisher.isAlive()).isTrue();
      assertThat(Seen.of("gif", GifCut.whole(gif.bytes())).distinctPictures()).isGreaterThan(10);
      assertThat(distinct(MultipartCut.parts(mjpeg.bytes()))).isGreaterThan(20);
      Seen mpeg1 = Seen.of("mpegts", ts.bytes());
      assertThat(mpeg1.distinctPictures()).isGreaterThan(20);
      assertThat(mpeg1.distinctSounds()).isGreaterThan(20);
      Seen copied = Seen.of("mp4", mp4.bytes());
      assertThat(copied.videoCodec()).isEqualTo("h264");
      assertThat(copied.distinctPictures()).isGreaterThan(20);
      assertThat(copied.distinctSounds()).isGreaterThan(20);
    }
  }

  @Test
  void webmOfABrowserPlays() throws Exception {
    try (Program publisher = publish("webm", "webm");
        LiveStream mjpeg = LiveStream.open(server.uri("live/webm.mjpeg"))) {
      mjpeg.await("pictures", bytes -> distinct(MultipartCut.parts(bytes)) > 15);

      assertThat(publisher.isAlive()).isTrue();
    }
  }

  private static long distinct(List<byte[]> parts) {
    return parts.stream().map(Arrays::hashCode).distinct().count();
  }

  /** A request whose body never comes: what is answered was answered before it. */
  private static String answerBeforeBody(String path, String... headers) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /"
              + path
              + " HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n"
              + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
              + "\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      StringBuilder answer = new StringBuilder();
      byte[] some = new byte[1000];
      while (!ANSWER.matcher(answer).matches()) {
        int count = socket.getInputStream().read(some);
        assertThat(count).as("an answer, after %s", answer).isPositive();
        answer.append(new String(some, 0, count, UTF_8));
      }
      return answer.toString();
    }
  }

  /** Publishes what is no media: 415 where the key is right. */
  private static String answer(String path, String from) throws IOException {
    try (Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(),
            server.uri().getPort(),
            InetAddress.getByName(from),
            0)) {
      socket.setSoTimeout(10_000);
      String request =
          "POST /"
              + path
              + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 8\r\n\r\nno media";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void wrongKeysCostTimeAtTheirAddressAlone() throws Exception {
    AtomicReference<String> early = new AtomicReference<>();
    assertThat(answer("publish/slowed?key=open", "127.0.0.1")).startsWith("HTTP/1.1 401");
    Awaitility.await("too early")
        .atMost(LIMIT)
        .until(
            () -> {
              var unused = answer("publish/slowed?key=open", "127.0.0.1");
              early.set(answer("publish/slowed" + KEY_IN_QUERY, "127.0.0.1"));
              return early.get().startsWith("HTTP/1.1 429");
            });

    assertThat(early.get())
        .containsPattern("Retry-After: [1-9]")
        .contains("too many wrong keys; the next one is looked at in ");
    assertThat(answer("publish/slowed", "127.0.0.1")).startsWith("HTTP/1.1 401");
    assertThat(answer("publish/slowed" + KEY_IN_QUERY, "127.0.0.2")).startsWith("HTTP/1.1 415");
    assertThat(answer("publish/checked" + KEY_IN_QUERY, "127.0.0.1")).startsWith("HTTP/1.1 415");
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort());
  }

  @Test
  void keyIsCheckedBeforeTheBody() throws Exception {
    String none = answerBeforeBody("publish/guessed");
    String wrong = answerBeforeBody("publish/guessed", "Authorization: Bearer open sesame");
    String wrongPicture = answerBeforeBody("publish/guessed-pictures/picture?key=open");

    for (String answer : List.of(none, wrong, wrongPicture)) {
      assertThat(answer).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: Bearer");
    }
    assertThat(none).contains("a key is needed to publish here");
    assertThat(wrong).contains("wrong key").doesNotContain("sesame");
  }

  @Test
  void whatIsNotPublishedSaysWhatItIs() throws Exception {
    assertThat(answerBeforeBody("publish/nowhere")).startsWith("HTTP/1.1 404");
    assertThat(answerBeforeBody("publish/pattern"))
        .startsWith("HTTP/1.1 404")
        .contains("source pattern is of kind test-pattern: nobody publishes to it");
    assertThat(answerBeforeBody("publish/jpeg" + KEY_IN_QUERY))
        .startsWith("HTTP/1.1 404")
        .contains("source jpeg is of kind pictures: publish to /publish/jpeg/picture");
  }

  @Test
  void bodyOfNoKnownContainerIsRefused() throws Exception {
    HttpResponse<String> text =
        send("POST", "publish/checked", "no media".repeat(200).getBytes(US_ASCII), "a/b");
    HttpResponse<String> shortText =
        send("PUT", "publish/checked", "no media".getBytes(US_ASCII), "video/mp2t");

    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.body()).startsWith("expected MPEG-TS, Matroska or WebM, FLV or fragmented MP4");
    assertThat(shortText.statusCode()).isEqualTo(415);
    assertThat(send("POST", "publish/checked", new byte[0], "video/mp2t").statusCode())
        .isEqualTo(415);
  }

  @Test
  void filesInContainersWithoutAPictureAreRefused() throws Exception {
    byte[] damaged = new byte[2000];
    System.arraycopy(new byte[] {0x1a, 0x45, (byte) 0xdf, (byte) 0xa3}, 0, damaged, 0, 4);

    HttpResponse<String> response = send("POST", "publish/checked", damaged, "video/webm");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isNotBlank();
  }

  @Test
  void pageOfAnotherOriginMayPublish() throws Exception {
    HttpRequest preflight =
        HttpRequest.newBuilder(server.uri("publish/checked"))
            .method("OPTIONS", BodyPublishers.noBody())
            .build();

    HttpResponse<String> response =
        LiveStream.CLIENT.send(preflight, HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
        .hasValue("Authorization, Content-Type");
  }

  @Test
  void secondPublisherIsRefusedAndTheFirstMayReturn() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/returning.mjpeg"))) {
      try (Program first = publish("returning", "mpegts")) {
        mjpeg.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 20);

        String second = answerBeforeBody("publish/returning", "Authorization: Bearer " + KEY);

        assertThat(second).startsWith("HTTP/1.1 409").contains("somebody else is publishing");
        assertThat(first.isAlive()).isTrue();
      }
      int before = MultipartCut.parts(mjpeg.bytes()).size();
      Awaitility.await("the place is free").atMost(LIMIT).until(() -> !occupied("returning"));
      try (Program again = publish("returning", "matroska")) {
        mjpeg.await("more pictures", bytes -> MultipartCut.parts(bytes).size() > before + 20);

        assertThat(again.isAlive()).isTrue();
        assertThat(mjpeg.hasEnded()).isFalse();
      }
    }
  }

  @Test
  void publisherTakesOverWhereThatIsWanted() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/taken.mjpeg"));
        Program first = publish("taken", "mpegts")) {
      mjpeg.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 20);
      try (Program second = publish("taken", "matroska")) {
        Awaitility.await("the end of the first").atMost(LIMIT).until(() -> !first.isAlive());
        int before = MultipartCut.parts(mjpeg.bytes()).size();

        mjpeg.await("more pictures", bytes -> MultipartCut.parts(bytes).size() > before + 20);

        assertThat(second.isAlive()).isTrue();
      }
    }
  }

  @Test
  @Execution(CONCURRENT)
  void silentPublisherIsLetGo() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(25_000);
      socket
          .getOutputStream()
          .write(
              ("POST /publish/silent HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer "
                      + KEY
                      + "\r\nContent-Length: 1000000\r\n\r\n0123")
                  .getBytes(US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, US_ASCII)).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void serverStopsInTimeWhilePublishersSend() throws Exception {
    TestHome busy = new TestHome(folder.resolve("busy"));
    Files.writeString(busy.folder().resolve("secrets.yaml"), "door: key\n");
    busy.source("stream", "kind: http-publish", "key: door");
    busy.source("parts", "kind: pictures", "key: door");
    byte[] red = Coloured.picture(folder, ".jpg", "red");
    try (TestServer stopped = TestServer.at(busy.folder());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), stopped.uri().getPort());
        Program publisher =
            Broadcast.to("mpegts", stopped.uri("publish/stream?key=key").toString());
        LiveStream stream = LiveStream.open(stopped.uri("live/stream.mjpeg"));
        LiveStream parts = LiveStream.open(stopped.uri("live/parts.mjpeg"))) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /publish/parts/picture?key=key HTTP/1.1\r\nHost: here\r\nContent-Type: "
                  + "multipart/x-mixed-replace; boundary=frame\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n")
              .getBytes(US_ASCII));
      chunk(out, "--frame\r\n\r\n".getBytes(US_ASCII));
      chunk(out, red);
      stream.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 5);
      parts.await("a picture", bytes -> Coloured.isLastOf(bytes, true));
      assertThat(publisher.isAlive()).isTrue();

      Duration took = stopped.stop();

      assertThat(took).isLessThan(Duration.ofSeconds(3));
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, US_ASCII)).isEqualTo("HTTP/1.1 503");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"video/x-matroska;codecs=avc1,opus", "video/webm;codecs=vp8,opus"})
  void pageOfAnotherOriginPublishesWhatItRecorded(String type) throws Exception {
    Path pages = Files.createDirectories(folder.resolve("pages"));
    Files.writeString(pages.resolve("index.html"), "<title>elsewhere</title>");
    try (StreamingServer elsewhere = new StreamingServer().files("/pages/", pages);
        Browser browser = new Browser();
        LiveStream mjpeg = LiveStream.open(server.uri("live/page.mjpeg"))) {
      var page = browser.newPage();
      Browser.open(page, URI.create(elsewhere.uri("/pages/index.html")));

      Object status =
          page.evaluate(
              RECORD, List.of(type, server.uri("publish/page").toString(), "Bearer " + KEY));

      assertThat(status).isEqualTo(200);
      mjpeg.await("its last picture", bytes -> !MultipartCut.parts(bytes).isEmpty());
    }
  }

  /** Two seconds of a canvas and a tone, sent by one request: its status. */
  private static final String RECORD =
"""
async ([type, address, authorization]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d');
  const painting = setInterval(() => {
    context.fillStyle = `hsl(${performance.now() / 5 % 360} 90% 50%)`;
    context.fillRect(0, 0, 320, 180);
  }, 40);
  const stream = canvas.captureStream(25);
  const audio = new AudioContext();
  const sink = audio.createMediaStreamDestination();
  const tone = audio.createOscillator();
  tone.connect(sink);
  tone.start();
  stream.addTrack(sink.stream.getAudioTracks()[0]);
  const recorder = new MediaRecorder(stream, { mimeType: type });
  const chunks = [];
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.start(100);
  await new Promise((done) => setTimeout(done, 2000));
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  clearInterval(painting);
  const response = await fetch(address, {
    method: 'POST',
    headers: { Authorization: authorization },
    body: new Blob(chunks, { type }),
  });
  return response.status;
}\
""";

  /** Asks with a body that is no media: 415 where there is room, 409 where there is none. */
  private static boolean occupied(String id) throws Exception {
    return send("POST", "publish/" + id, new byte[1000], "video/mp2t").statusCode() == 409;
  }

  @Test
  void bodyThatEndsWellIsAnswered() throws Exception {
    byte[] clip = Files.readAllBytes(LiveClips.folder().resolve("h264-aac.ts"));

    HttpResponse<String> response = send("POST", "publish/checked", clip, "video/mp2t");

    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> send(
      String method, String path, byte[] body, String contentType) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .method(method, BodyPublishers.ofByteArray(body))
            .header("Content-Type", contentType)
            .header("Authorization", "Bearer " + KEY)
            .timeout(LIMIT)
            .build();
    return LiveStream.CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void curlPutsPicturesWithItsOwnHeaders() throws Exception {
    Path file = Files.write(folder.resolve("curl.png"), Coloured.picture(folder, ".png", "red"));
    String address = server.uri("publish/curl/picture").toString();

    String put = curl("-T", file.toString(), "-H", "Authorization: Bearer " + KEY, address);
    String post = curl("--data-binary", "@" + file, address + KEY_IN_QUERY);
    String form = curl("-F", "file=@" + file, address + KEY_IN_QUERY);
    String none = curl("--data-binary", "no picture", address + KEY_IN_QUERY);
    String expecting =
        curl("-T", file.toString(), "-H", "Expect: 100-continue", address + KEY_IN_QUERY);

    assertThat(List.of(put, post, form, expecting)).containsOnly("204");
    assertThat(none).isEqualTo("415");
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/curl.mjpeg"))) {
      mjpeg.await("the picture", bytes -> Coloured.isLastOf(bytes, true));
    }
  }

  private static String curl(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"));
    command.addAll(List.of(arguments));
    return Program.run(command.toArray(String[]::new));
  }

  @Test
  @Execution(CONCURRENT)
  void viewersOfSlowPushesAreKeptAlive() throws Exception {
    byte[] red = Coloured.picture(folder, ".jpg", "red");
    assertThat(send("POST", "publish/slow/picture", red, "image/jpeg").statusCode()).isEqualTo(204);
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/slow.mjpeg"));
        LiveStream mp4 = LiveStream.open(server.uri("live/slow.mp4"))) {
      mjpeg.await("repetitions", bytes -> MultipartCut.parts(bytes).size() >= 4);

      assertThat(MultipartCut.parts(mjpeg.bytes()))
          .allSatisfy(part -> assertThat(part).isEqualTo(red));
      mp4.awaitMore(1_000);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void sourceIsLostWhenNoPictureComesAndReturnsWithTheNext() throws Exception {
    byte[] red = Coloured.picture(folder, ".jpg", "red");
    byte[] blue = Coloured.picture(folder, ".jpg", "blue");
    send("POST", "publish/short/picture", red, "image/jpeg");
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/short.mjpeg"))) {
      mjpeg.await("the first", bytes -> Coloured.isLastOf(bytes, true));
      Awaitility.await("its loss")
          .atMost(LIMIT)
          .until(() -> server.log().contains("no picture came for 2 s"));

      assertThat(send("POST", "publish/short/picture", blue, "image/jpeg").statusCode())
          .isEqualTo(204);

      mjpeg.await("the next", bytes -> Coloured.isLastOf(bytes, false));
      assertThat(mjpeg.hasEnded()).isFalse();
    }
  }

  @Test
  void multipartBodyIsShownPartByPartAndHasTheSourceForItself() throws Exception {
    byte[] red = Coloured.picture(folder, ".jpg", "red");
    byte[] blue = Coloured.picture(folder, ".png", "blue");
    try (Socket socket = connect();
        LiveStream mjpeg = LiveStream.open(server.uri("live/parts.mjpeg"))) {
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /publish/parts/picture HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer "
              + KEY
              + "\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n";
      out.write(head.getBytes(US_ASCII));
      chunk(out, "--frame\r\nContent-Type: image/jpeg\r\n\r\n".getBytes(US_ASCII));
      chunk(out, red); // its end is seen, though its delimiter has not come
      mjpeg.await("the first", bytes -> Coloured.isLastOf(bytes, true));
      String length = "\r\n--frame\r\nContent-Length: " + blue.length + "\r\n\r\n";
      chunk(out, length.getBytes(US_ASCII));
      chunk(out, blue);
      mjpeg.await("the second", bytes -> Coloured.isLastOf(bytes, false));

      HttpResponse<String> other = send("PUT", "publish/parts/picture", red, "image/jpeg");
      assertThat(other.statusCode()).isEqualTo(409);

      chunk(out, "\r\n--frame--\r\n".getBytes(US_ASCII));
      out.write("0\r\n\r\n".getBytes(US_ASCII));
      byte[] answer = new byte[15];
      assertThat(socket.getInputStream().readNBytes(answer, 0, 15)).isEqualTo(15);
      assertThat(new String(answer, US_ASCII)).startsWith("HTTP/1.1 200");
    }
  }

  private static void chunk(OutputStream out, byte[] bytes) throws IOException {
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
    out.write(bytes);
    out.write("\r\n".getBytes(US_ASCII));
    out.flush();
  }
}
