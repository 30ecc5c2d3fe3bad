package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What runs when: on demand, across failures, up to the limits; and who is harmed: nobody. */
class OnDemandIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int JOINS = 200;

  @TempDir private static Path folder;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    for (String id : List.of("demand", "killed", "crowd")) {
      home.source(id, pattern("linger: 0s"));
    }
    home.source("lingering", pattern("linger: 2s"));
    home.source("mistaken", "kind: test-pattern", "widht: 320");
    home.source("broken", "kind: [test-pattern");
    server = TestServer.at(home.folder());
  }

  private static String[] pattern(String... more) {
    List<String> lines = new ArrayList<>(List.of("kind: test-pattern", "width: 320"));
    lines.add("height: 180");
    lines.addAll(List.of(more));
    return lines.toArray(String[]::new);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  @Tag("any-door")
  void processesStartWithTheFirstViewerAndStopWithTheLast() {
    assertThat(processesOf(server)).isEmpty();

    try (LiveStream first = open("demand.mjpeg");
        LiveStream second = open("demand.mjpeg")) {
      first.awaitMore(50_000);
      second.awaitMore(50_000);
      List<ProcessHandle> running = processesOf(server);
      assertThat(running.stream().filter(OnDemandIT::isCapture)).hasSize(1);

      first.leave();
      second.awaitMore(50_000);
      assertThat(processesOf(server)).containsExactlyInAnyOrderElementsOf(running);
    }
    awaitNoProcesses();
  }

  @Test
  @Tag("any-door")
  void captureLingersAndServesWhoComesBack() {
    try (LiveStream stream = open("lingering.ts")) {
      stream.awaitMore(20_000);
    }
    ProcessHandle capture = capture(server);

    try (LiveStream again = open("lingering.ts")) {
      again.awaitMore(200_000); // longer than the linger
      assertThat(capture.isAlive()).isTrue();
      assertThat(capture(server)).isEqualTo(capture);
    }
    awaitNoProcesses();
  }

  @Test
  void viewersStayWhenTheCaptureIsKilled() throws Exception {
    try (LiveStream mjpeg = open("killed.mjpeg");
        LiveStream gif = open("killed.gif");
        LiveStream ts = open("killed.ts");
        LiveSocket fmp4 = LiveSocket.open(server.uri("live/killed/fmp4"))) {
      mjpeg.await("pictures", bytes -> MultipartCut.parts(bytes).size() > 10);
      gif.await("images", bytes -> GifCut.images(bytes) > 5);
      ts.awaitMore(50_000);
      fmp4.await("fragments", messages -> messages.size() > 20);
      ProcessHandle capture = capture(server);
      long begin = System.nanoTime();

      capture.destroyForcibly();
      Awaitility.await("another capture")
          .atMost(LIMIT)
          .until(
              () ->
                  processesOf(server).stream().anyMatch(p -> isCapture(p) && isOther(p, capture)));
      Duration backoff = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(backoff).isGreaterThan(Duration.ofMillis(100));
      int pictures = MultipartCut.parts(mjpeg.bytes()).size();
      int images = GifCut.images(gif.bytes());
      mjpeg.await("pictures after", bytes -> MultipartCut.parts(bytes).size() > pictures + 20);
      gif.await("images after", bytes -> GifCut.images(bytes) > images + 10);
      ts.awaitMore(80_000);
      fmp4.await("another run", messages -> inits(messages).size() >= 2); // or the card, before
      fmp4.await("fragments of it", messages -> messages.size() > newestInit(messages) + 30);
      for (LiveStream stream : List.of(mjpeg, gif, ts)) {
        assertThat(stream.hasEnded()).isFalse();
      }
      checkRuns(fmp4);
      assertThat(Seen.of("gif", GifCut.whole(gif.bytes())).complaints()).isEmpty();
      assertThat(Seen.of("mpegts", ts.bytes()).distinctPictures()).isGreaterThan(30);
    }
    awaitNoProcesses();
  }

  private static boolean isOther(ProcessHandle one, ProcessHandle other) {
    return one.pid() != other.pid();
  }

  /** Where texts stand among the messages: each announces a run. */
  private static List<Integer> inits(List<LiveSocket.Message> messages) {
    List<Integer> inits = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).text().isPresent()) {
        inits.add(i);
      }
    }
    return inits;
  }

  private static int newestInit(List<LiveSocket.Message> messages) {
    List<Integer> inits = inits(messages);
    return inits.get(inits.size() - 1);
  }

  /** Each run is a file of its own. */
  private static void checkRuns(LiveSocket socket) throws IOException {
    List<LiveSocket.Message> messages = socket.messages();
    List<Integer> inits = inits(messages);
    assertThat(inits).as("the source, mostly the card, the source").hasSizeGreaterThanOrEqualTo(2);
    for (int i = 0; i < inits.size(); i++) {
      int end = i + 1 < inits.size() ? inits.get(i + 1) : messages.size();
      List<LiveSocket.Message> run = messages.subList(inits.get(i) + 1, end);
      assertThat(Boxes.types(run.get(0).bytes())).containsExactly("ftyp", "moov");
      Bytes all = Bytes.concat(run.stream().map(LiveSocket.Message::bytes).toArray(Bytes[]::new));
      Seen seen = Seen.of("mp4", all.toArray());
      assertThat(seen.complaints()).isEmpty();
      boolean isSource = i == 0 || i == inits.size() - 1;
      assertThat(seen.distinctPictures()).isGreaterThan(isSource ? 5 : 0);
    }
  }

  @Test
  @Tag("any-door")
  void badFileStopsNoOther() {
    assertThat(server.log())
        .contains("mistaken.yaml:2: widht: 320")
        .contains("did you mean width?")
        .contains("broken.yaml");
    try (LiveStream mistaken = open("mistaken.gif");
        LiveStream demand = open("demand.gif")) {
      assertThat(mistaken.head().statusCode()).isEqualTo(404);
      assertThat(demand.head().statusCode()).isEqualTo(200);
    }
    awaitNoProcesses();
  }

  @Test
  void eachOfManyWhoJoinAtOnceGetsAFullPicture() throws Exception {
    List<LiveStream> viewers = new ArrayList<>();
    try (LiveStream first = open("crowd.gif")) {
      first.await("images", bytes -> GifCut.images(bytes) > 3);
      for (int i = 0; i < JOINS; i++) {
        viewers.add(open("crowd.gif"));
      }

      for (LiveStream viewer : viewers) {
        byte[] gif = viewer.await("images", bytes -> GifCut.images(bytes) >= 2);
        assertThat(new String(gif, 0, 6, US_ASCII)).isEqualTo("GIF89a");
        GifCut.Image image = GifCut.read(gif).get(0);
        assertThat(List.of(image.left(), image.top(), image.width(), image.height()))
            .isEqualTo(List.of(0, 0, 320, 180));
      }
      byte[] one = GifCut.first(viewers.get(JOINS / 2).bytes(), 1);
      var picture = ImageIO.read(new ByteArrayInputStream(one));
      for (int y = 0; y < 180; y++) {
        for (int x = 0; x < 320; x++) {
          assertThat(picture.getRGB(x, y) >>> 24).as("opacity at %d,%d", x, y).isEqualTo(255);
        }
      }
    } finally {
      viewers.forEach(LiveStream::close);
    }
    awaitNoProcesses();
  }

  /** A container uses the requests of those who left for those who come. */
  @Test
  void whoComesWhileOthersLeaveGetsPictures() {
    try (LiveStream first = open("crowd.mjpeg")) {
      first.awaitMore(20_000);
      for (int round = 0; round < 15; round++) {
        List<LiveStream> viewers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          viewers.add(open(i % 2 == 0 ? "crowd.mjpeg" : "crowd.ts"));
        }
        viewers.forEach(viewer -> viewer.awaitMore(3000));
        viewers.forEach(LiveStream::leave);
      }
      assertThat(first.hasEnded()).isFalse();
    }
    awaitNoProcesses();
  }

  /** The stalled one takes nothing while another takes what would fill any buffer. */
  @Test
  @Execution(CONCURRENT)
  void stalledViewerHarmsNobodyAndGoesOnAtAJoinPoint() throws Exception {
    TestHome home =
        new TestHome(folder.resolve("heavy"))
            .media("heavy.mp4")
            .source("heavy", "kind: file", "path: heavy.mp4", "linger: 0s");
    try (TestServer own = TestServer.at(home.folder())) {
      oneStalls(own.uri("live/heavy.mp4"));
      awaitNoProcesses(own);
    }
  }

  private static void oneStalls(URI address) throws IOException {
    try (Socket stalled = new Socket();
        LiveStream healthy = LiveStream.open(address)) {
      stalled.setReceiveBufferSize(16 << 10);
      stalled.connect(new InetSocketAddress(address.getHost(), address.getPort()));
      stalled.setSoTimeout((int) LIMIT.toMillis());
      stalled
          .getOutputStream()
          .write("GET /live/heavy.mp4 HTTP/1.0\r\nHost: stalled\r\n\r\n".getBytes(US_ASCII));
      healthy.awaitMore(40_000_000);

      List<Boxes.MovieFragment> whole = Boxes.fragments(Bytes.owning(healthy.bytes()));
      for (int i = 1; i < whole.size(); i++) {
        assertThat(whole.get(i).sequence()).isEqualTo(whole.get(i - 1).sequence() + 1);
      }

      List<Boxes.MovieFragment> fragments =
          Boxes.fragments(Bytes.owning(afterHead(stalled.getInputStream(), 12_000_000)));
      boolean hasSkipped = false;
      for (int i = 1; i < fragments.size(); i++) {
        if (fragments.get(i).sequence() != fragments.get(i - 1).sequence() + 1) {
          hasSkipped = true;
          assertThat(fragments.get(i).isSync()).isTrue();
        }
      }
      assertThat(hasSkipped).isTrue();
    }
  }

  private static byte[] afterHead(InputStream in, int bytes) throws IOException {
    String head = "";
    while (!head.endsWith("\r\n\r\n")) {
      head += (char) in.read();
    }
    return in.readNBytes(bytes);
  }

  @Test
  @Execution(CONCURRENT)
  void limitsRefuseTheNextViewer() throws Exception {
    TestHome home =
        new TestHome(folder.resolve("limited"))
            .source("one", pattern())
            .source("two", pattern())
            .settings("limits:", "  viewers: 3", "  viewersPerSource: 2");
    try (TestServer limited = TestServer.at(home.folder());
        LiveStream first = LiveStream.open(limited.uri("live/one.mjpeg"));
        LiveStream second = LiveStream.open(limited.uri("live/one.gif"))) {
      assertThat(first.head().statusCode()).isEqualTo(200);
      assertThat(second.head().statusCode()).isEqualTo(200);

      refused(limited, "one", "source one has as many viewers as its limit allows");
      try (LiveStream third = LiveStream.open(limited.uri("live/two.mjpeg"))) {
        assertThat(third.head().statusCode()).isEqualTo(200);
        refused(limited, "two", "the server has as many viewers as its limit allows");
      }

      first.leave();
      Awaitility.await("a place")
          .atMost(LIMIT)
          .until(
              () -> {
                try (LiveStream next = LiveStream.open(limited.uri("live/one.ts"))) {
                  return next.head().statusCode() == 200;
                }
              });
    }
  }

  private static void refused(TestServer limited, String id, String why) throws Exception {
    try (LiveStream stream = LiveStream.open(limited.uri("live/" + id + ".ts"));
        LiveSocket socket = LiveSocket.open(limited.uri("live/" + id + "/fmp4"))) {
      HttpResponse<LiveStream> head = stream.head();
      assertThat(head.statusCode()).isEqualTo(503);
      assertThat(head.headers().firstValue("Retry-After")).isPresent();
      stream.await("reason", bytes -> stream.hasEnded());
      assertThat(stream.text()).isEqualTo(why + "\n");
      assertThat(socket.awaitClose()).isEqualTo(new LiveSocket.Closed(1013, why));
    }
  }

  @Test
  @Tag("any-door")
  @Execution(CONCURRENT)
  void keepRunningStartsWithoutViewersAndNothingOutlivesAKilledServer() throws Exception {
    TestHome home =
        new TestHome(folder.resolve("kept")).source("kept", pattern("keepRunning: true"));
    try (TestServer kept = TestServer.at(home.folder())) {
      Awaitility.await("capture and stills")
          .atMost(LIMIT)
          .until(() -> processesOf(kept).size() == 2);
      try (LiveStream stream = LiveStream.open(kept.uri("live/kept.ts"))) {
        stream.awaitMore(20_000);
        List<ProcessHandle> children = processesOf(kept);
        assertThat(children).hasSizeGreaterThan(2);

        ProcessHandle.of(kept.pid()).orElseThrow().destroyForcibly();

        Awaitility.await("nothing left")
            .atMost(LIMIT)
            .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
      }
    }
  }

  private static LiveStream open(String path) {
    return LiveStream.open(server.uri("live/" + path));
  }

  private static List<ProcessHandle> processesOf(TestServer of) {
    return of.children();
  }

  private static boolean isCapture(ProcessHandle process) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    return arguments.contains("pipe:1") && !arguments.contains("pipe:0");
  }

  private static ProcessHandle capture(TestServer of) {
    return processesOf(of).stream().filter(OnDemandIT::isCapture).findFirst().orElseThrow();
  }

  /** Tests that run at the same time have servers of their own: what runs is this test's. */
  private static void awaitNoProcesses() {
    awaitNoProcesses(server);
  }

  private static void awaitNoProcesses(TestServer of) {
    Awaitility.await("no processes").atMost(LIMIT).until(() -> processesOf(of).isEmpty());
  }
}
