package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each way of playing is made to fail in a real Chromium: another follows, and never a black
 * screen.
 */
@Tag("browser")
class FallbackIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String PLAYER = "document.querySelector('zoetrope-player')";
  private static final Pattern ENDLESS_IMAGE = Pattern.compile(".*\\.gif\\?.*");
  private static final Pattern LIBRARY = Pattern.compile(".*/jsmpeg-player\\.esm\\.js");

  private static final String NO_WEB_CODECS = "delete globalThis.VideoDecoder;";
  private static final String NO_MEDIA_SOURCE =
      "delete globalThis.MediaSource; delete globalThis.ManagedMediaSource;";
  private static final String NO_STREAMS = "delete globalThis.ReadableStream;";

  static final String CODEC_REFUSED =
      "VideoDecoder.isConfigSupported = async () => ({ supported: false });";

  static final String SOCKETS_BLOCKED =
      """
      globalThis.WebSocket = class {
        constructor() { setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 20); }
        close() {}
      };
      """;

  /**
   * Of the decoders of a page the first gives so many frames, then none; others are as they are.
   */
  private static final String FIRST_DECODER_GIVES =
      """
      {
        let isFirst = true;
        globalThis.VideoDecoder = class extends VideoDecoder {
          constructor({ output, error }) {
            let left = isFirst ? %d : Infinity;
            isFirst = false;
            super({ output: (frame) => left-- > 0 ? output(frame) : frame.close(), error });
          }
        };
      }
      """;

  /** Of the source buffers of a page the first takes so many pieces, then none. */
  private static final String FIRST_BUFFER_TAKES =
      """
      {
        let left = %d;
        const append = SourceBuffer.prototype.appendBuffer;
        SourceBuffer.prototype.appendBuffer = function (data) {
          if (left-- > 0) {
            append.call(this, data);
          } else {
            setTimeout(() => this.dispatchEvent(new Event('updateend')), 5);
          }
        };
      }
      """;

  /**
   * When {@code leap} is set, the page's clock goes forward by so many milliseconds as the next
   * frame of a video comes, so that it has not stood meanwhile.
   */
  private static final String CLOCK_LEAPS =
      """
      globalThis.leap = 0;
      {
        let ahead = 0;
        const now = performance.now.bind(performance);
        performance.now = () => now() + ahead;
        const request = HTMLVideoElement.prototype.requestVideoFrameCallback;
        HTMLVideoElement.prototype.requestVideoFrameCallback = function (task) {
          return request.call(this, (...words) => {
            ahead += leap;
            leap = 0;
            task(...words);
          });
        };
      }
      """;

  /** The first rest of a way that did not do, in milliseconds. */
  private static final int FIRST_REST = 30_000;

  private static final String DECODER_BREAKS =
      """
      globalThis.VideoDecoder = class extends VideoDecoder {
        #error;
        constructor(init) {
          super(init);
          this.#error = init.error;
        }
        configure() {
          this.close();
          queueMicrotask(() => this.#error(new DOMException('broken', 'EncodingError')));
        }
      };
      """;

  /** What is taken from the browser, what plays then, and why. */
  private enum Missing {
    WEB_CODECS(NO_WEB_CODECS, "mse", "start"),
    CODEC(CODEC_REFUSED, "mse", "unsupported"),
    DECODER(DECODER_BREAKS, "mse", "unsupported"),
    FRAMES(
        "globalThis.VideoDecoder = class extends VideoDecoder {"
            + " constructor({ error }) { super({ output: (frame) => frame.close(), error }); } };",
        "mse",
        "no-frame"),
    TYPE(NO_WEB_CODECS + "MediaSource.isTypeSupported = () => false;", "mpeg1", "unsupported"),
    MEDIA_SOURCE(NO_WEB_CODECS + NO_MEDIA_SOURCE, "mpeg1", "start"),
    LIBRARY(NO_WEB_CODECS + NO_MEDIA_SOURCE, "mjpeg", "lost"),
    SOCKETS(SOCKETS_BLOCKED, "mjpeg", "lost"),
    STREAMS(SOCKETS_BLOCKED + NO_STREAMS, "gif", "lost"),
    ENDLESS_IMAGES(SOCKETS_BLOCKED + NO_STREAMS, "stills", "unavailable");

    final String script;
    final String way;
    final String reason;

    Missing(String script, String way, String reason) {
      this.script = script;
      this.way = way;
      this.reason = reason;
    }
  }

  @RegisterExtension private static final Site site = new Site(FallbackIT::furnish, "demo");

  private static void furnish(TestHome home) throws Exception {
    home.source("demo", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true");
  }

  @ParameterizedTest
  @EnumSource(Missing.class)
  void nextWayFollowsWithoutBlack(Missing missing) {
    Page page = site.newPage();
    NeverBlack.watch(page);
    page.addInitScript(missing.script);
    if (missing == Missing.ENDLESS_IMAGES) {
      page.route(ENDLESS_IMAGE, Route::abort);
    } else if (missing == Missing.LIBRARY) {
      page.route(LIBRARY, Route::abort);
    }

    Browser.open(page, site.uri("watch/demo"));

    awaitWay(page, missing.way);
    if (missing == Missing.ENDLESS_IMAGES) {
      Players.awaitPictures(page, 2); // one in three seconds
    } else {
      Players.awaitMoving(page);
    }
    assertThat(lastReason(page)).isEqualTo(missing.reason);
    assertThat(page.evaluate(PLAYER + ".state")).isEqualTo("playing");
    NeverBlack.assertIn(page);
  }

  /** The quickest of some visits counts: a busy machine is slow now and then. */
  @Test
  void firstPictureIsThereAtOnce() {
    double quickest = Double.POSITIVE_INFINITY;
    for (int visit = 0; visit < 5 && quickest >= 1000; visit++) {
      Page page = site.newPage();
      NeverBlack.watch(page);

      Browser.open(page, site.uri("watch/demo"));

      quickest = Math.min(quickest, NeverBlack.firstPictureMillis(page));
      awaitWay(page, "webcodecs");
      NeverBlack.assertIn(page);
      page.close();
    }

    assertThat(quickest).isLessThan(1000);
  }

  @Test
  void wayThatStallsIsLeftAndTriedAgainLater() {
    Page page = site.newPage();
    NeverBlack.watch(page);
    page.addInitScript(CLOCK_LEAPS + FIRST_DECODER_GIVES.formatted(50));

    Browser.open(page, site.uri("watch/demo"));

    awaitWay(page, "webcodecs");
    awaitWay(page, "mse");
    assertThat(lastReason(page)).isEqualTo("stalled");
    Players.awaitMoving(page);
    page.evaluate("leap = " + FIRST_REST);
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.evaluate(PLAYER + ".way").equals("webcodecs"));
    assertThat(lastReason(page)).isEqualTo("better");
    assertThat(page.evaluate("changes.at(-1).from")).isEqualTo("mse");
    Players.awaitMoving(page);
    NeverBlack.assertIn(page);
  }

  @Test
  void bufferThatTakesNothingMoreIsLeft() {
    Page page = site.newPage();
    NeverBlack.watch(page);
    page.addInitScript(NO_WEB_CODECS + FIRST_BUFFER_TAKES.formatted(50));

    Browser.open(page, site.uri("watch/demo"));

    awaitWay(page, "mse");
    awaitWay(page, "mpeg1");
    assertThat(lastReason(page)).isEqualTo("stalled");
    Players.awaitMoving(page);
    NeverBlack.assertIn(page);
  }

  @Test
  void stallOfTheSourceIsNotTheWaysFault() throws Exception {
    Page page = site.newPage();
    NeverBlack.watch(page);
    Browser.open(page, site.uri("watch/demo"));
    awaitWay(page, "webcodecs");

    Program.run("kill", "-STOP", Long.toString(capture().pid()));
    SourceList.awaitState(site.server(), "demo", "stalled");
    SourceList.awaitState(site.server(), "demo", "live");

    awaitState(page, "playing");
    Players.awaitMoving(page);
    assertThat(page.evaluate("changes.map(({ to }) => to)")).isEqualTo(List.of("webcodecs"));
    NeverBlack.assertIn(page);
  }

  @Test
  void serverThatIsKilledAndStartedAgainLeavesThePicture(@TempDir Path otherFolder)
      throws Exception {
    TestHome home = new TestHome(otherFolder.resolve("home"));
    furnish(home);
    List<Page> pages = new ArrayList<>();
    URI address;
    try (TestServer first = TestServer.at(home.folder())) {
      address = first.uri();
      SourceList.awaitState(first, "demo", "live");
      pages.add(watch(first, "", "webcodecs"));
      pages.add(watch(first, NO_WEB_CODECS, "mse"));
      pages.add(watch(first, NO_WEB_CODECS + NO_MEDIA_SOURCE, "mpeg1"));
      pages.add(watch(first, SOCKETS_BLOCKED, "mjpeg"));
      pages.add(watch(first, SOCKETS_BLOCKED + NO_STREAMS, "gif"));
      ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
      pages.forEach(page -> awaitState(page, "retrying"));
    }

    String port = Integer.toString(address.getPort());
    try (TestServer second = TestServer.at(home.folder(), "--port", port)) {
      assertThat(second.uri()).isEqualTo(address);
      for (Page page : pages) {
        awaitState(page, "playing");
        Players.awaitMoving(page);
        NeverBlack.assertIn(page);
      }
      site.browser().closePages();
    }
  }

  private static Page watch(TestServer server, String script, String way) {
    Page page = site.newPage();
    NeverBlack.watch(page);
    page.addInitScript(Browser.IMPATIENT + script);
    Browser.open(page, server.uri("watch/demo"));
    awaitWay(page, way);
    return page;
  }

  /** The process that makes the test pattern. */
  private static ProcessHandle capture() {
    return site.server().children().stream()
        .filter(
            process -> {
              List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
              return arguments.contains("pipe:1") && !arguments.contains("pipe:0");
            })
        .findFirst()
        .orElseThrow();
  }

  private static void awaitWay(Page page, String way) {
    Browser.await(page, PLAYER + ".way === '" + way + "'");
  }

  private static void awaitState(Page page, String state) {
    Browser.await(page, PLAYER + ".state === '" + state + "'");
  }

  private static Object lastReason(Page page) {
    return page.evaluate("changes.at(-1).reason");
  }
}
