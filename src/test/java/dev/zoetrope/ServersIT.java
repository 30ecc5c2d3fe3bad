package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.server.AppServer;
import dev.zoetrope.server.AppServer.Context;
import dev.zoetrope.server.AppServers;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same WAR, unmodified, in each real server: what it promises holds there, too. Writes what it
 * saw to {@code target/servers.md}.
 */
@Tag("servers")
@Execution(CONCURRENT)
class ServersIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PASSWORD = "correct horse battery";
  private static final String KEY = "battery-staple";
  private static final int VIEWERS = 100;
  private static final int STALLED = 3;

  /** What 100 viewers and 3 that stall may take, in all, beside what is there without. */
  private static final long MOST_BYTES = 200L << 20;

  private static final int REDEPLOYS = 3;

  private static final Map<AppServers, String> results = new ConcurrentSkipListMap<>();

  @TempDir private Path folder;
  private AppServer server;
  private Context context = Context.ROOT;

  private URI uri(String path) {
    return server.uri(context).resolve(path);
  }

  /** Those that the system property {@code server} names: {@code all}, or some, with commas. */
  static List<AppServers> chosen() {
    String names = System.getProperty("server", "all");
    return names.equals("all")
        ? List.of(AppServers.values())
        : Stream.of(names.split(",")).map(AppServers::valueOf).toList();
  }

  @ParameterizedTest
  @MethodSource("chosen")
  void keepsWhatItPromises(AppServers kind) throws Exception {
    Optional<Path> java = kind.java();
    if (java.isEmpty()) {
      results.put(kind, row(kind, "-", "not run: no JDK that is new enough was found"));
      return;
    }
    String jdk = Integer.toString(AppServers.version(java.get()));
    results.put(kind, row(kind, jdk, "**failed**"));
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("gate", "kind: test-pattern", "width: 320", "height: 180", "linger: 1s");
    home.media("h264-aac.mp4");
    home.source("film", "kind: file", "path: h264-aac.mp4", "linger: 1s");
    home.source("body", "kind: http-publish", "key: door", "linger: 0s");
    home.source("socket", "kind: http-publish", "key: door", "linger: 0s");
    home.source("pushed", "kind: pictures", "key: door", "linger: 0s");
    home.secrets("door: \"" + KEY + "\"");
    try (AppServer running = kind.at(folder, java.get())) {
      server = running;
      server.start(TestServer.war(), context);
      startsOnce(1);
      everyFormatIsReadByOthers();
      manyWatchAndNobodyIsHarmed();
      whatIsBroughtIsShown();
      otherNodesHaveItsSources();
      peopleSignInAndSeeEvents();
      whoLeavesIsSeen();
      String again = server.undeploys() ? "ok" : "-";
      if (server.undeploys()) {
        nothingStaysAfterRedeploys(kind.keeps());
      }
      assertThat(server.stop()).as("left behind by SIGTERM").isEmpty();
      logIsFreeOfOurWarnings();
      results.put(kind, row(kind, jdk, "ok", again));
    } finally {
      Files.copy(
          server.log(),
          Path.of("target", "server-" + kind + ".log"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String row(AppServers kind, String... cells) {
    return "| " + kind.title() + " | " + kind.version() + " | " + String.join(" | ", cells) + " |";
  }

  /** As docs/SERVERS.md has it. */
  @AfterAll
  static void writeTable() throws IOException {
    List<String> table = new ArrayList<>();
    table.add("| server | version | Java | all checks | redeployed three times |");
    table.add("|---|---|---|---|---|");
    table.addAll(results.values());
    Files.write(Path.of("target/servers.md"), table);
  }

  private String log() throws IOException {
    return new String(Files.readAllBytes(server.log()), ISO_8859_1);
  }

  private void startsOnce(int times) throws IOException {
    assertThat(log().lines().filter(line -> line.contains(", sources: 5, ")).count())
        .as("starts")
        .isEqualTo(times);
  }

  // What is watched.

  private void everyFormatIsReadByOthers() throws Exception {
    try (Seen.Watching mp4 = Seen.watch("mp4", uri("live/film.mp4").toString(), 1.5);
        Seen.Watching ts = Seen.watch("mpegts", uri("live/film.ts").toString(), 1.5);
        Seen.Watching mjpeg = Seen.watch("mpjpeg", uri("live/film.mjpeg").toString(), 1.5)) {
      for (Seen seen : List.of(mp4.await(), ts.await(), mjpeg.await())) {
        assertThat(seen.distinctPictures()).as(seen.videoCodec()).isGreaterThan(10);
        assertThat(seen.audioCodec().isPresent())
            .as("sound beside " + seen.videoCodec())
            .isEqualTo(!seen.videoCodec().equals("mjpeg"));
        assertThat(seen.complaints()).isEmpty();
      }
    }
    try (LiveStream mjpeg = LiveStream.open(uri("live/gate.mjpeg"));
        LiveStream gif = LiveStream.open(uri("live/gate.gif"));
        LiveSocket mpeg1 = LiveSocket.open(uri("live/film/mpeg1"));
        LiveSocket fmp4 = LiveSocket.open(uri("live/film/fmp4"));
        ManySocket many = ManySocket.open(uri("live"))) {
      many.subscribe(1, "gate", "");
      many.subscribe(2, "film", "");
      mjpeg.await("20 pictures", body -> MultipartCut.parts(body).size() >= 20);
      gif.await("10 images", body -> GifCut.images(body) >= 10);
      mpeg1.await("20 messages", messages -> messages.size() >= 20);
      fmp4.await("20 messages", messages -> messages.size() >= 20);
      assertThat(many.awaitFrames(1, frames -> frames.size() >= 20)).isNotEmpty();
      assertThat(many.awaitFrames(2, frames -> frames.size() >= 20)).isNotEmpty();
    }
    HttpResponse<byte[]> still =
        LiveStream.CLIENT.send(
            HttpRequest.newBuilder(uri("live/gate.jpg")).build(), BodyHandlers.ofByteArray());
    assertThat(still.statusCode()).isEqualTo(HttpURLConnection.HTTP_OK);
    assertThat(still.body()).startsWith(0xff, 0xd8);
    HttpResponse<String> page =
        LiveStream.CLIENT.send(
            HttpRequest.newBuilder(uri("watch/gate")).build(), BodyHandlers.ofString());
    assertThat(page.body()).contains("<zoetrope-player");
  }

  private void manyWatchAndNobodyIsHarmed() throws Exception {
    List<Socket> stalled = new ArrayList<>();
    List<LiveStream> viewers = new ArrayList<>();
    try {
      viewers.add(LiveStream.open(uri("live/gate.mjpeg")));
      viewers.get(0).awaitMore(1000);
      long before = residentBytes();
      for (int i = 0; i < STALLED; i++) {
        stalled.add(stall(List.of("mjpeg", "gif", "ts").get(i)));
      }
      while (viewers.size() < VIEWERS) {
        viewers.add(LiveStream.open(uri("live/gate.mjpeg")));
      }
      for (LiveStream viewer : viewers) {
        viewer.awaitMore(1000);
      }
      int[] counts = viewers.stream().mapToInt(LiveStream::size).toArray();
      int first = MultipartCut.parts(viewers.get(0).bytes(0)).size();
      TimeUnit.SECONDS.sleep(10); // for which they watch
      int shown = MultipartCut.parts(viewers.get(0).bytes(0)).size() - first;
      assertThat(shown).as("pictures in 10 s, of 250 where nothing else runs").isGreaterThan(100);
      int got = viewers.get(0).size() - counts[0];
      for (int i = 0; i < VIEWERS; i++) {
        assertThat(viewers.get(i).size() - counts[i])
            .as("bytes of viewer %s; the first has %s", i, got)
            .isGreaterThan(got * 8 / 10);
      }
      assertThat(residentBytes() - before).as("memory").isLessThan(MOST_BYTES);
    } finally {
      viewers.forEach(LiveStream::close);
      for (Socket each : stalled) {
        each.close();
      }
    }
  }

  /** Asks, and reads nothing. */
  private Socket stall(String extension) throws IOException {
    URI at = uri("live/gate." + extension);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new java.net.InetSocketAddress(at.getHost(), at.getPort()));
    String request = "GET " + at.getPath() + " HTTP/1.1\r\nHost: " + at.getAuthority() + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(server.serving().pid()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  // What is brought, and what is had from it.

  private void whatIsBroughtIsShown() throws Exception {
    String header = "Authorization: Bearer " + KEY;
    try (Program body = Broadcast.to("mpegts", uri("publish/body").toString(), "-headers", header);
        PublisherSocket socket = PublisherSocket.ready(uri("publish/socket"), KEY);
        LiveClip clip = LiveClip.endless(socket, "matroska");
        LiveStream byBody = LiveStream.open(uri("live/body.mjpeg"));
        LiveStream bySocket = LiveStream.open(uri("live/socket.mjpeg"))) {
      byBody.await("moving pictures of a body", bytes -> distinct(bytes) > 15);
      bySocket.await("moving pictures of messages", bytes -> distinct(bytes) > 15);
      assertThat(body.isAlive()).isTrue();
      assertThat(clip.bytes()).isPositive();
    }
    byte[] red = Coloured.picture(folder, ".jpg", "red");
    HttpRequest push =
        HttpRequest.newBuilder(uri("publish/pushed/picture"))
            .header("Authorization", "Bearer " + KEY)
            .PUT(BodyPublishers.ofByteArray(red))
            .build();
    assertThat(LiveStream.CLIENT.send(push, BodyHandlers.ofString()).statusCode())
        .isBetween(200, 204);
    try (LiveStream mjpeg = LiveStream.open(uri("live/pushed.mjpeg"))) {
      mjpeg.await("the picture", bytes -> !MultipartCut.parts(bytes).isEmpty());
    }
  }

  private static long distinct(byte[] multipart) {
    return MultipartCut.parts(multipart).stream().map(Arrays::hashCode).distinct().count();
  }

  private void otherNodesHaveItsSources() throws Exception {
    HttpResponse<String> made =
        call("POST", "nodes/keys", "{\"title\":\"below\"}", "Authorization", bearer());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String key = Json.createReader(new StringReader(made.body())).readObject().getString("key");
    TestHome below = new TestHome(folder.resolve("below"));
    below.settings("rtmpPort: 0");
    below.secrets("origin-key: \"" + key + "\"");
    below.source(
        "film",
        "kind: relay",
        "origin: " + uri("").toString().replaceAll("/$", ""),
        "key: origin-key");
    try (TestServer node = TestServer.at(below.folder());
        LiveStream mjpeg = LiveStream.open(node.uri("live/film.mjpeg"));
        LiveSocket fmp4 = LiveSocket.open(node.uri("live/film/fmp4"))) {
      mjpeg.await("20 pictures", bytes -> distinct(bytes) >= 20);
      fmp4.await("20 messages", messages -> messages.size() >= 20);
    }
  }

  // Who operates it.

  private String bearer() throws IOException {
    return "Bearer "
        + Files.readAllLines(server.home().resolve("secrets.yaml")).stream()
            .filter(line -> line.startsWith("admin-token:"))
            .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
            .findFirst()
            .orElseThrow();
  }

  private void peopleSignInAndSeeEvents() throws Exception {
    String bearer = bearer();
    assertThat(call("GET", "sources", "", "Authorization", bearer).statusCode()).isEqualTo(200);
    assertThat(call("GET", "sources", "").statusCode()).isEqualTo(401);
    String account = "{\"role\":\"operator\",\"password\":\"" + PASSWORD + "\"}";
    assertThat(call("PUT", "accounts/olga", account, "Authorization", bearer).statusCode())
        .isBetween(200, 204);
    String credentials = "{\"name\":\"olga\",\"password\":\"" + PASSWORD + "\"}";
    HttpResponse<String> session = call("POST", "session", credentials);
    assertThat(session.statusCode()).as(session.body()).isEqualTo(200);
    String cookie = session.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    assertThat(call("GET", "sources", "", "Cookie", cookie).statusCode()).isEqualTo(200);
    try (EventReader events = EventReader.open(uri("api/v1/events"), "Cookie", cookie);
        LiveStream viewer = LiveStream.open(uri("live/gate.mjpeg"))) {
      viewer.awaitMore(1000);
      events.await("the source is live", event -> event.data().toString().contains("\"live\""));
    }
  }

  private HttpResponse<String> call(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("api/v1/" + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private void whoLeavesIsSeen() throws Exception {
    try (LiveStream mjpeg = LiveStream.open(uri("live/gate.mjpeg"));
        LiveSocket fmp4 = LiveSocket.open(uri("live/gate/fmp4"))) {
      mjpeg.awaitMore(1000);
      fmp4.await("5 messages", messages -> messages.size() >= 5);
      await("both are there").atMost(LIMIT).until(() -> gate().getInt("viewers") == 2);
    }
    await("both are gone").atMost(LIMIT).until(() -> gate().getInt("viewers") == 0);
    await("nobody wants it").atMost(LIMIT).until(() -> gate().getString("state").equals("idle"));
    await("no ffmpeg is left").atMost(LIMIT).until(() -> encoders().isEmpty());
  }

  private JsonObject gate() throws IOException {
    try (InputStream list = uri("live/").toURL().openStream()) {
      String text = new String(list.readAllBytes(), UTF_8);
      return Json.createReader(new StringReader(text)).readObject().getJsonArray("sources").stream()
          .map(value -> value.asJsonObject())
          .filter(source -> source.getString("id").equals("gate"))
          .findFirst()
          .orElseThrow();
    }
  }

  private List<String> encoders() {
    return server
        .serving()
        .descendants()
        .map(each -> each.info().commandLine().orElse(""))
        .filter(line -> line.contains("ffmpeg"))
        .toList();
  }

  // What is left of it.

  /**
   * @param kept how many applications that are gone the server itself may still hold
   */
  private void nothingStaysAfterRedeploys(int kept) throws Exception {
    for (int i = 1; i <= REDEPLOYS; i++) {
      try (LiveStream mjpeg = LiveStream.open(uri("live/gate.mjpeg"));
          LiveSocket fmp4 = LiveSocket.open(uri("live/film/fmp4"))) {
        mjpeg.awaitMore(1000);
        fmp4.await("5 messages", messages -> messages.size() >= 5);
        server.undeploy(context);
        await("its end").atMost(LIMIT).until(mjpeg::hasEnded);
      }
      await("no ffmpeg is left").atMost(LIMIT).until(() -> encoders().isEmpty());
      context = Context.NAMED;
      server.deploy(TestServer.war(), context);
      server.awaitReady(context);
      startsOnce(1 + i);
    }
    await("one class loader of ours")
        .atMost(LIMIT.multipliedBy(4))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              stirThreads();
              assertThat(loaders()).as("applications in the heap").isBetween(1L, 1L + kept);
            });
  }

  /** A pool's idle thread may keep its last task until it gets another one, or ends. */
  private void stirThreads() {
    HttpRequest request = HttpRequest.newBuilder(uri("live/")).build();
    List<CompletableFuture<HttpResponse<Void>>> asked = new ArrayList<>();
    for (int i = 0; i < VIEWERS; i++) {
      asked.add(LiveStream.CLIENT.sendAsync(request, BodyHandlers.discarding()));
    }
    asked.forEach(CompletableFuture::join);
  }

  /** How many applications' classes are in the heap, after a collection. */
  private long loaders() throws Exception {
    String histogram = jcmd("GC.class_histogram");
    return histogram
        .lines()
        .filter(
            line ->
                line.contains(" dev.zoetrope.channel.Channels ")
                    || line.endsWith(" dev.zoetrope.channel.Channels"))
        .count();
  }

  private String jcmd(String command) throws IOException {
    ProcessHandle serving = server.serving();
    Path java = Path.of(serving.info().command().orElseThrow());
    return Program.run(
        java.resolveSibling("jcmd").toString(), Long.toString(serving.pid()), command);
  }

  private void logIsFreeOfOurWarnings() throws IOException {
    List<String> warnings =
        log()
            .lines()
            .filter(line -> line.contains("zoetrope"))
            .filter(line -> line.matches(".*\\b(WARN|WARNING|SEVERE|ERROR)\\b.*"))
            .collect(Collectors.toList());
    assertThat(warnings).isEmpty();
  }
}
