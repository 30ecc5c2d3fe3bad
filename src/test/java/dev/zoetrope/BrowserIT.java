package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import com.microsoft.playwright.options.ReducedMotion;
import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What viewers see: the pages of the real WAR in a real Chromium. */
@Tag("browser")
class BrowserIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** So many different pictures are not a coincidence. */
  private static final int DIFFERENT = 4;

  private static final String STATS = "document.querySelector('zoetrope-player').stats";
  private static final String NO_WEB_CODECS = "delete globalThis.VideoDecoder";

  @RegisterExtension private static final Site site = new Site(BrowserIT::furnish);

  private static void furnish(TestHome home) throws Exception {
    home.source("demo", "title: Demonstration", "kind: test-pattern", "width: 320", "height: 180");
    for (String way : List.of("fmp4", "mpeg1", "mjpeg", "gif")) { // the second time takes longer
      home.source("killed-" + way, "kind: test-pattern", "width: 160", "height: 90", "fps: 10");
    }
    home.source("film", "title: A film", "kind: file", "path: film.mp4", "loop: true");
    home.source("pictures", "kind: folder", "path: pictures", "fps: 10", "mode: loop");
    home.source("changing", "kind: folder", "path: changing", "fps: 10", "mode: loop");
    Path media = home.folder().resolve("media");
    String pattern = "testsrc2=size=320x240:rate=25";
    ffmpeg("-f", "lavfi", "-i", pattern, "-t", "4", "-g", "25", media.resolve("film.mp4"));
    Path pictures = Files.createDirectory(media.resolve("pictures"));
    ffmpeg("-f", "lavfi", "-i", pattern, "-frames:v", "20", pictures.resolve("%d.jpg"));
    Files.createDirectory(media.resolve("changing"));
    makeChanging(home, "320x240");
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
    Page page = site.newPage();

    Browser.open(page, site.uri("watch/" + id + "#" + way));

    assertPlays(page, label);
    assertThat(site.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"demo", "film"})
  void withoutWebCodecsSourcePlaysByMse(String id) {
    Page page = site.newPage();
    page.addInitScript(NO_WEB_CODECS);

    Browser.open(page, site.uri("watch/" + id + "#fmp4"));

    assertPlays(page, "MSE");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void viewerGoesFromWayToWay() {
    Page page = site.newPage();
    Browser.open(page, site.uri("watch/demo"));
    assertPlays(page, "WebCodecs");

    page.evaluate("location.hash = 'mpeg1'");
    assertPlays(page, "JSMpeg");
    page.evaluate("location.hash = 'gif'");
    assertPlays(page, "GIF image");

    assertThat(site.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg"})
  void numbersAreShown(String way) {
    Page page = site.newPage();

    Browser.open(page, site.uri("watch/demo#" + way));

    awaitText(page, "#state", "Live");
    awaitText(page, "#viewers", "1 viewer");
    Browser.await(page, STATS + "?.width === 320 && " + STATS + ".height === 180");
    Browser.await(page, STATS + "?.fps > 10 && " + STATS + ".fps < 40");
    Browser.await(page, STATS + "?.ageMillis >= 0 && " + STATS + ".ageMillis < 1000");
  }

  @Test
  void listShowsMovingPicturesOverOneConnection() {
    Page page = site.newPage();
    List<WebSocket> sockets = new ArrayList<>();
    page.onWebSocket(sockets::add);

    Browser.open(page, site.uri(""));

    for (String id : List.of("demo", "film", "pictures")) {
      awaitText(page, "#source-" + id + " .badge", "Live");
      Players.awaitMoving(page, "[document.querySelector('#source-" + id + " zoetrope-player')]");
    }
    assertThat(sockets).hasSize(1);
    assertThat(page.locator("#source-demo .title").textContent()).isEqualTo("Demonstration");
    assertThat(page.locator("#source-pictures .title").textContent()).isEqualTo("pictures");
    assertThat(page.locator("#summary").textContent()).startsWith("8 sources");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void listIsSearchedByTitleAndId() {
    Page page = site.newPage();
    Browser.open(page, site.uri(""));
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
        site.newPage(
            new NewContextOptions()
                .setViewportSize(1280, 800)
                .setReducedMotion(ReducedMotion.REDUCE));
    List<WebSocket> sockets = new ArrayList<>();
    page.onWebSocket(sockets::add);

    Browser.open(page, site.uri(""));

    String player = "document.querySelector('#source-demo zoetrope-player')";
    Browser.await(page, player + "?.state === 'calm' && " + player + ".picture()");
    assertThat(sockets).isEmpty();
  }

  @Test
  void listLeadsToTheWall() {
    Page page = site.newPage();
    Browser.open(page, site.uri(""));

    page.locator("#wall").click();

    page.waitForURL("**/wall/");
    Browser.await(page, "document.querySelectorAll('.tile').length === 8");
  }

  @Test
  void cardLeadsToItsSource() {
    Page page = site.newPage();
    Browser.open(page, site.uri(""));

    page.locator("#source-film a").click();

    page.waitForURL("**/watch/film");
    assertPlays(page, "WebCodecs");
    assertThat(page.title()).isEqualTo("A film · Zoetrope");
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg", "gif"})
  void unknownSourceIsToldByEachWay(String way) {
    Page page = site.newPage();

    Browser.open(page, site.uri("watch/nobody#" + way));

    awaitText(page, "#state", "No such source");
    awaitText(page, "zoetrope-player p", "There is no such source.");
    assertThat(page.locator("#embed").isVisible()).isFalse();
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
      Page page = site.newPage();

      try (OtherSite elsewhere = new OtherSite(html.replace("%s", site.uri("").toString()))) {
        Browser.open(page, elsewhere.uri());

        Players.awaitMoving(page);
      }
      assertThat(site.takeErrors()).as(way).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({".gif", ".mjpeg"})
  void foreignPagePlaysByAnImageElement(String ending) throws Exception {
    String address = site.uri("live/demo" + ending).toString();
    Page page = site.newPage();

    try (OtherSite elsewhere =
        new OtherSite(
            "<!doctype html><link rel=icon href='data:,'><img src='" + address + "' alt=''>")) {
      Browser.open(page, elsewhere.uri());
      Browser.await(page, "document.querySelector('img').naturalWidth > 0");

      awaitDifferentLooks(page.querySelector("img"));
    }
    assertThat(site.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"fmp4", "mpeg1", "mjpeg", "gif"})
  void playerOutlivesTheDeathOfTheCapture(String way) {
    Page page = site.newPage();
    Browser.open(page, site.uri("watch/killed-" + way + "#" + way));
    Players.awaitMoving(page);
    List<ProcessHandle> killed = site.server().children();

    killed.forEach(ProcessHandle::destroyForcibly);

    await().atMost(LIMIT).until(() -> killed.stream().noneMatch(ProcessHandle::isAlive));
    await().atMost(LIMIT).until(() -> !site.server().children().isEmpty());
    Players.awaitMoving(page);
    awaitText(page, "#state", "Live");
  }

  @Test
  void playersOutliveARestartOfTheServer(@TempDir Path folder) throws Exception {
    Path home =
        new TestHome(folder.resolve("home"))
            .source("demo", "kind: test-pattern", "width: 320", "height: 180")
            .folder();
    List<String> ways = List.of("fmp4", "mpeg1", "mjpeg", "gif");
    String port = Integer.toString(FreePort.find());
    URI address;
    List<Page> pages;
    try (TestServer first = TestServer.at(home, "--port", port)) { // ends it also if it fails
      address = first.uri();
      pages = ways.stream().map(way -> watch(first, way)).toList();
      pages.forEach(Players::awaitMoving);
    }

    pages.forEach(page -> awaitState(page, "retrying"));
    try (TestServer second = TestServer.at(home, "--port", port)) {
      assertThat(second.uri()).isEqualTo(address);

      pages.forEach(page -> awaitState(page, "playing"));
      pages.forEach(Players::awaitMoving);
    }
  }

  @ParameterizedTest
  @CsvSource({"fmp4, 192", "mpeg1, 320", "mjpeg, 192"})
  void playerGoesOnAfterAChangeOfSizeWhichMpeg1Pads(String way, int after) throws Exception {
    makeChanging(site.home(), "320x240");
    Page page = site.newPage();
    Browser.open(page, site.uri("watch/changing#" + way));
    Browser.await(page, STATS + "?.width === 320");

    makeChanging(site.home(), "192x108");

    Browser.await(page, STATS + "?.width === " + after);
    Players.awaitMoving(page);
  }

  private static void makeChanging(TestHome home, String size) throws Exception {
    Path pictures = home.folder().resolve("media/changing/%d.jpg");
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=" + size, "-frames:v", "10", pictures);
  }

  private static Page watch(TestServer server, String way) {
    Page page = site.newPage();
    page.addInitScript(Browser.IMPATIENT);
    Browser.open(page, server.uri("watch/demo#" + way));
    return page;
  }

  @ParameterizedTest
  @CsvSource({"''", "watch/demo", "watch/nobody"})
  void phoneShowsPagesWithoutScrollingSideways(String path) {
    Page page =
        site.newPage(
            new NewContextOptions().setViewportSize(320, 640).setIsMobile(true).setHasTouch(true));

    Browser.open(page, site.uri(path));
    Browser.await(page, "document.querySelector('.badge')?.textContent");

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
  }

  /** The player says that it plays by {@code label}, and what it shows moves. */
  private static void assertPlays(Page page, String label) {
    Browser.await(page, STATS + "?.label === '" + label + "'");
    Players.awaitMoving(page);
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

  /** Waits until an image has looked in so many different ways. */
  private static void awaitDifferentLooks(ElementHandle image) {
    Set<Long> seen = new HashSet<>();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              seen.add(Browser.looks(image));
              return seen.size() >= DIFFERENT;
            });
  }

  private static void ffmpeg(Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-y"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Program.run(command.toArray(String[]::new));
  }
}
