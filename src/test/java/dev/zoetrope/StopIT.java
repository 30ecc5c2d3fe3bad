package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import dev.zoetrope.media.Bytes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those hear who watch while the server stops. */
class StopIT {
  /** What is said at the end of docs/PROTOCOL.md, 1. */
  private static final String STOPPING = "the server is stopping, retry in 2 s";

  private static final Duration MOST = Duration.ofSeconds(5);
  private static final String PLAYS =
      "document.querySelector('zoetrope-player')?.state === 'playing'";

  private static final String PATTERN = "kind: test-pattern";

  @TempDir private Path folder;

  private TestServer start(String fastDoor, String... options) throws Exception {
    TestHome home = new TestHome(folder);
    home.source("one", PATTERN, "width: 320", "height: 180");
    return TestServer.at(folder, List.of("-Dzoetrope.fastDoor=" + fastDoor), options);
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void endlessResponsesEndAsTheirFormatsDo(String fastDoor) throws Exception {
    try (TestServer server = start(fastDoor);
        LiveStream gif = LiveStream.open(server.uri("live/one.gif"));
        LiveStream parts = LiveStream.open(server.uri("live/one.mjpeg"));
        LiveStream image =
            LiveStream.open(server.uri("live/one.mjpeg"), "Accept", "image/webp,image/*");
        LiveStream transport = LiveStream.open(server.uri("live/one.ts"));
        LiveStream movie = LiveStream.open(server.uri("live/one.mp4"))) {
      List<LiveStream> all = List.of(gif, parts, image, transport, movie);
      all.forEach(each -> each.awaitMore(50_000));

      Duration took = server.stop();

      assertThat(took).isLessThan(MOST);
      Awaitility.await("all have ended").until(() -> all.stream().allMatch(LiveStream::hasEnded));
      assertThat(all).allMatch(LiveStream::hasEndedWell);
      assertThat(gif.bytes()).endsWith(0x3B);
      String type = parts.head().headers().firstValue("Content-Type").orElseThrow();
      String last = "\r\n--" + type.substring(type.indexOf("boundary=") + 9) + "--\r\n";
      assertThat(parts.bytes()).endsWith(last.getBytes(ISO_8859_1));
      assertThat(image.bytes()).endsWith(last.getBytes(ISO_8859_1));
      assertThat(transport.size() % 188).isZero();
      assertThat(Boxes.types(Bytes.owning(movie.bytes()))).endsWith("moof", "mdat");
    }
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void socketsAreToldWhenToComeAgain(String fastDoor) throws Exception {
    try (TestServer server = start(fastDoor);
        LiveSocket fmp4 = LiveSocket.open(server.uri("live/one/fmp4"));
        LiveSocket mpeg1 = LiveSocket.open(server.uri("live/one/mpeg1"));
        ManySocket many = ManySocket.open(server.uri("live"))) {
      many.subscribe(1, "one", "");
      many.awaitFrames(1, frames -> frames.size() > 3);
      fmp4.await("fragments", messages -> messages.size() > 3);
      mpeg1.await("fragments", messages -> messages.size() > 3);

      Duration took = server.stop();

      LiveSocket.Closed expected = new LiveSocket.Closed(1012, STOPPING);
      assertThat(took).isLessThan(MOST);
      assertThat(fmp4.awaitClose()).isEqualTo(expected);
      assertThat(mpeg1.awaitClose()).isEqualTo(expected);
      assertThat(many.socket().awaitClose()).isEqualTo(expected);
      assertThat(many.await("end", 1, 1).getInt("code")).isEqualTo(1012);
      assertThat(many.await("end", 1, 1).getString("message")).isEqualTo(STOPPING);
    }
  }

  @Test
  void sourceThatIsTakenAwayEndsItsViewersButIsNoStop() throws Exception {
    try (TestServer server = start("auto");
        LiveSocket socket = LiveSocket.open(server.uri("live/one/mpeg1"));
        LiveStream gif = LiveStream.open(server.uri("live/one.gif"))) {
      socket.await("fragments", messages -> messages.size() > 3);
      gif.awaitMore(20_000);

      new TestAdmin(server).call("DELETE", "sources/one", "", 204);

      assertThat(socket.awaitClose()).isEqualTo(new LiveSocket.Closed(1001, "the source stopped"));
      Awaitility.await("the end").until(gif::hasEndedWell);
      assertThat(gif.bytes()).endsWith(0x3B);
    }
  }

  @Test
  void browserKeepsThePictureAndThePlayerComesBackByItself() throws Exception {
    try (Browser browser = new Browser()) {
      Page player = browser.newPage();
      Page image = browser.newPage();
      player.addInitScript(Browser.IMPATIENT);
      URI uri;
      try (TestServer server = start("auto")) {
        uri = server.uri();
        Browser.open(player, server.uri("embed/one"));
        image.setContent("<img src='" + server.uri("live/one.mjpeg") + "'>");
        Browser.await(player, PLAYS);
        Browser.await(image, "document.querySelector('img').naturalWidth === 320");
      }

      Browser.await(player, "!(" + PLAYS + ")");
      Browser.await(image, "document.querySelector('img').complete");
      assertThat(image.evaluate("document.querySelector('img').naturalWidth")).isEqualTo(320);
      ElementHandle left = image.querySelector("img");
      long shown = Browser.looks(left);
      left.evaluate("image => { image.style.opacity = 0; }");
      assertThat(shown).as("what is left of the image").isNotEqualTo(Browser.looks(left));
      try (TestServer again = start("auto", "--port", Integer.toString(uri.getPort()))) {
        assertThat(again.uri()).isEqualTo(uri);
        Browser.await(player, PLAYS);
      }
    }
  }
}
