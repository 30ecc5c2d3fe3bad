package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What viewers see: the pages of the real WAR in a real Chromium. */
@Tag("browser")
class BrowserIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** So many different pictures are not a coincidence. */
  private static final int DIFFERENT = 4;

  private static final String PICTURE =
      "document.querySelector('zoetrope-player').shadowRoot.querySelector('.layer > :not(.fresh)')";
  private static final String STATS = "document.querySelector('zoetrope-player').stats";
  private static final String PLAYER_SAYS =
      "(({ state, way, message, stats }) => JSON.stringify({ state, way, message, stats }))("
          + "document.querySelector('zoetrope-player'))";
  private static final String NO_WEB_CODECS = "delete globalThis.VideoDecoder";

  @TempDir private static Path home;
  private static TestServer server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Path sources = Files.createDirectories(home.resolve("sources"));
    Path media = Files.createDirectories(home.resolve("media"));
    Files.writeString(sources.resolve("demo.yaml"), "title: Demonstration\nkind: test-pattern\n");
    for (String way : List.of("fmp4", "mpeg1", "mjpeg", "gif")) { // the second time takes longer
      Files.writeString(
          sources.resolve("killed-" + way + ".yaml"),
          "kind: test-pattern\nwidth: 160\nheight: 90\nfps: 10\n");
    }
    Files.writeString(
        sources.resolve("film.yaml"), "title: A film\nkind: file\npath: film.mp4\nloop: true\n");
    Files.writeString(
        sources.resolve("pictures.yaml"), "kind: folder\npath: pictures\nfps: 10\nmode: loop\n");
    Files.writeString(
        sources.resolve("changing.yaml"), "kind: folder\npath: changing\nfps: 10\nmode: loop\n");
    String pattern = "testsrc2=size=320x240:rate=25";
    ffmpeg("-f", "lavfi", "-i", pattern, "-t", "4", "-g", "25", media.resolve("film.mp4"));
    Path pictures = Files.createDirectory(media.resolve("pictures"));
    ffmpeg("-f", "lavfi", "-i", pattern, "-frames:v", "20", pictures.resolve("%d.jpg"));
    Files.createDirectory(media.resolve("changing"));
    makeChanging("320x240");
    server = TestServer.at(home);
    browser = new Browser();
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    server.close();
  }

  @AfterEach
  void closePages() {
    browser.closePages();
    browser.takeErrors();
  }

  @ParameterizedTest
  @CsvSource({
    "demo, fmp4, WebCodecs",
    "demo, mpeg1, JSMpeg",
    "demo, mjpeg, JPEG pictures",
    "demo, gif, GIF image",
    "film, fmp4, WebCodecs",
    "film, mpeg1, JSMpeg",
    "film, gif, GIF image",
    "pictures, fmp4, WebCodecs",
    "pictures, mjpeg, JPEG pictures",
    "pictures, gif, GIF image",
  })
  void sourcePlaysByEachWay(String id, String way, String label) {
    Page page = browser.newPage();

    Browser.open(page, server.uri("watch/" + id + "#" + way));

    assertPlays(page, label);
    assertThat(browser.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"demo", "film"})
  void withoutWebCodecsSourcePlaysByMse(String id) {
    Page page = browser.newPage();
    page.addInitScript(NO_WEB_CODECS);

    Browser.open(page, server.uri("watch/" + id + "#fmp4"));

    assertPlays(page, "MSE");
    assertThat(browser.takeErrors()).isEmpty();
  }

  @Test
  void viewerGoesFromWayToWay() {
    Page page = browser.newPage();
    Browser.open(page, server.uri("watch/demo"));
    assertPlays(page, "WebCodecs");

    page.evaluate("location.hash = 'mpeg1'");
    assertPlays(page, "JSMpeg");
    page.evaluate("location.hash = 'gif'");
    assertPlays(page, "GIF image");

    assertThat(browser.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg"})
  void numbersAreShown(String way) {
    Page page = browser.newPage();

    Browser.open(page, server.uri("watch/demo#" + way));

    awaitText(page, "#state", "Live");
    awaitText(page, "#viewers", "1 viewer");
    Browser.await(page, STATS + "?.width === 640 && " + STATS + ".height === 360");
    Browser.await(page, STATS + "?.fps > 10 && " + STATS + ".fps < 40");
    Browser.await(page, STATS + "?.ageMillis >= 0 && " + STATS + ".ageMillis < 1000");
  }

  @Test
  void listShowsMovingPicturesOverOneConnection() {
    Page page = browser.newPage();
    List<WebSocket> sockets = new ArrayList<>();
    page.onWebSocket(sockets::add);

    Browser.open(page, server.uri());

    for (String id : List.of("demo", "film", "pictures")) {
      awaitText(page, "#source-" + id + " .badge", "Live");
      Players.awaitMoving(page, "[document.querySelector('#source-" + id + " zoetrope-player')]");
    }
    assertThat(sockets).hasSize(1);
    assertThat(page.locator("#source-demo .title").textContent()).isEqualTo("Demonstration");
    assertThat(page.locator("#source-pictures .title").textContent()).isEqualTo("pictures");
    assertThat(page.locator("#summary").textContent()).startsWith("8 sources");
    assertThat(browser.takeErrors()).isEmpty();
  }

  @Test
  void listIsSearchedByTitleAndId() {
    Page page = browser.newPage();
    Browser.open(page, server.uri());
    page.locator("#source-demo").waitFor();

    page.locator("#search").fill("DEMONS");
    assertThat(page.locator(".card:visible").count()).isEqualTo(1);
    assertThat(page.locator("#source-demo").isVisible()).isTrue();
    page.locator("#search").fill("nobody");
    assertThat(page.locator(".card:visible").count()).isZero();
    awaitText(page, "#no-match", "No source is called “nobody”.");
    page.locator("#search").fill("");

    assertThat(page.locator(".card:visible").count()).isEqualTo(8);
  }

  @Test
  void whoWantsLittleMotionGetsAListOfStills() {
    Page page =
        browser.newPage(
            new NewContextOptions()
                .setViewportSize(1280, 800)
                .setReducedMotion(ReducedMotion.REDUCE));
    List<WebSocket> sockets = new ArrayList<>();
    page.onWebSocket(sockets::add);

    Browser.open(page, server.uri());

    String player = "document.querySelector('#source-demo zoetrope-player')";
    Browser.await(page, player + "?.state === 'calm' && " + player + ".picture()");
    assertThat(sockets).isEmpty();
  }

  @Test
  void listLeadsToTheWall() {
    Page page = browser.newPage();
    Browser.open(page, server.uri());

    page.locator("#wall").click();

    page.waitForURL("**/wall/");
    Browser.await(page, "document.querySelectorAll('.tile').length === 8");
  }

  @Test
  void cardLeadsToItsSource() {
    Page page = browser.newPage();
    Browser.open(page, server.uri());

    page.locator("#source-film a").click();

    page.waitForURL("**/watch/film");
    assertPlays(page, "WebCodecs");
    assertThat(page.title()).isEqualTo("A film · Zoetrope");
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg", "gif"})
  void unknownSourceIsToldByEachWay(String way) {
    Page page = browser.newPage();

    Browser.open(page, server.uri("watch/nobody#" + way));

    awaitText(page, "#state", "No such source");
    awaitText(page, "zoetrope-player p", "There is no such source.");
  }

  @Test
  void foreignPagePlaysByOneTag() throws Exception {
    String foreign =
        """
        <!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">
        <script type="module" src="%splayer/zoetrope-player.js"></script>
        <zoetrope-player src="%slive/demo" style="width: 320px"></zoetrope-player>
        """;
    for (String way : List.of("fmp4", "mpeg1", "mjpeg", "gif")) {
      String html = foreign.replace("<zoetrope-player", "<zoetrope-player way=" + way);
      Page page = browser.newPage();

      try (OtherSite elsewhere = new OtherSite(html.replace("%s", server.uri().toString()))) {
        Browser.open(page, elsewhere.uri());

        awaitMoving(page);
      }
      assertThat(browser.takeErrors()).as(way).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({".gif", ".mjpeg"})
  void foreignPagePlaysByAnImageElement(String ending) throws Exception {
    String address = server.uri("live/demo" + ending).toString();
    Page page = browser.newPage();

    try (OtherSite elsewhere =
        new OtherSite(
            "<!doctype html><link rel=icon href='data:,'><img src='" + address + "' alt=''>")) {
      Browser.open(page, elsewhere.uri());
      Browser.await(page, "document.querySelector('img').naturalWidth > 0");

      ElementHandle image = page.querySelector("img");
      awaitDifferent(() -> image, Browser::looks, DIFFERENT);
    }
    assertThat(browser.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg", "gif"})
  void playerOutlivesTheDeathOfTheCapture(String way) {
    Page page = browser.newPage();
    Browser.open(page, server.uri("watch/killed-" + way + "#" + way));
    awaitMoving(page);
    List<ProcessHandle> killed = server.children();

    killed.forEach(ProcessHandle::destroyForcibly);

    await().atMost(LIMIT).until(() -> killed.stream().noneMatch(ProcessHandle::isAlive));
    await().atMost(LIMIT).until(() -> !server.children().isEmpty());
    awaitMoving(page);
    awaitText(page, "#state", "Live");
  }

  @Test
  void playersOutliveARestartOfTheServer(@TempDir Path otherHome) throws Exception {
    List<String> ways = List.of("fmp4", "mpeg1", "mjpeg", "gif");
    String port = Integer.toString(Program.freePort());
    URI address;
    List<Page> pages;
    try (TestServer first = TestServer.at(otherHome, "--port", port)) { // ends it also if it fails
      address = first.uri();
      pages = ways.stream().map(way -> watch(first, way)).toList();
      pages.forEach(BrowserIT::awaitMoving);
    }

    pages.forEach(page -> awaitState(page, "retrying"));
    try (TestServer second = TestServer.at(otherHome, "--port", port)) {
      assertThat(second.uri()).isEqualTo(address);

      pages.forEach(page -> awaitState(page, "playing"));
      pages.forEach(BrowserIT::awaitMoving);
    }
  }

  @ParameterizedTest
  @CsvSource({"fmp4, 192", "mpeg1, 320", "mjpeg, 192"})
  void playerGoesOnAfterAChangeOfSizeWhichMpeg1Pads(String way, int after) throws Exception {
    makeChanging("320x240");
    Page page = browser.newPage();
    Browser.open(page, server.uri("watch/changing#" + way));
    Browser.await(page, STATS + "?.width === 320");

    makeChanging("192x108");

    Browser.await(page, STATS + "?.width === " + after);
    awaitMoving(page);
  }

  private static void makeChanging(String size) throws Exception {
    Path pictures = home.resolve("media/changing/%d.jpg");
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=" + size, "-frames:v", "10", pictures);
  }

  private static Page watch(TestServer server, String way) {
    Page page = browser.newPage();
    Browser.open(page, server.uri("watch/demo#" + way));
    return page;
  }

  @ParameterizedTest
  @CsvSource({"''", "watch/demo", "watch/nobody"})
  void phoneShowsPagesWithoutScrollingSideways(String path) {
    Page page =
        browser.newPage(
            new NewContextOptions().setViewportSize(320, 640).setIsMobile(true).setHasTouch(true));

    Browser.open(page, server.uri(path));
    Browser.await(page, "document.querySelector('.badge')?.textContent");

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
  }

  /** The player says that it plays by {@code label}, and what it shows moves. */
  private static void assertPlays(Page page, String label) {
    Browser.await(page, STATS + "?.label === '" + label + "'");
    awaitMoving(page);
  }

  private static void awaitMoving(Page page) {
    try {
      awaitPictures(page);
    } catch (ConditionTimeoutException tooLate) {
      throw new AssertionError(page.url() + ": " + page.evaluate(PLAYER_SAYS), tooLate);
    }
  }

  private static void awaitPictures(Page page) {
    awaitState(page, "playing");
    // Scripts see nothing of an endless GIF.
    boolean isHidden =
        (boolean)
            page.evaluate(
                "!("
                    + PICTURE
                    + ".getContext?.('2d') || "
                    + PICTURE
                    + " instanceof HTMLVideoElement)");
    if (isHidden) {
      ElementHandle player = page.querySelector("zoetrope-player");
      awaitDifferent(() -> player, Browser::looks, DIFFERENT);
    } else {
      awaitDifferent(page, PICTURE, DIFFERENT);
    }
  }

  private static void awaitState(Page page, String state) {
    Browser.await(page, "document.querySelector('zoetrope-player').state === '" + state + "'");
  }

  private static void awaitText(Page page, String selector, String text) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(page.locator(selector).first().textContent()).isEqualTo(text));
  }

  private static void awaitDifferent(Page page, String expression, int pictures) {
    awaitDifferent(() -> page.evaluateHandle(expression).asElement(), Browser::pixels, pictures);
  }

  /** Waits until {@code picture} has looked in so many different ways. */
  private static void awaitDifferent(
      Supplier<ElementHandle> element, ToLongFunction<ElementHandle> picture, int pictures) {
    Set<Long> seen = new HashSet<>();
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              seen.add(picture.applyAsLong(element.get()));
              return seen.size() >= pictures;
            });
  }

  private static void ffmpeg(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
