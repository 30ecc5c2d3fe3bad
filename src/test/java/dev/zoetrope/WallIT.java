package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import com.microsoft.playwright.options.ReducedMotion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many pictures at once: over one connection, arranged by hand and by keyboard. */
@Tag("browser")
class WallIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> SOURCES = List.of("one", "two", "three", "four");
  private static final String ORDER =
      "[...document.querySelectorAll('.tile .title')].map(({ textContent }) => textContent).join()";
  private static final String FOCUSED = "document.activeElement.getAttribute('aria-label')";
  private static final String LARGE = "document.querySelector('.large zoetrope-player')";

  @RegisterExtension
  private static final Site site = new Site(WallIT::furnish, "one", "two", "three", "four");

  private static void furnish(TestHome home) throws Exception {
    for (String id : SOURCES) {
      home.source(
          id,
          "kind: test-pattern",
          "width: 320",
          "height: 180",
          "fps: 10",
          "keepRunning: true",
          "renditions: {tiny: {format: fmp4, width: 272}}");
    }
  }

  private static Page open(String query) {
    return open(site.newPage(), query);
  }

  private static Page open(Page page, String query) {
    Browser.open(page, site.uri("wall" + query));
    Browser.await(page, "document.querySelector('.tile')");
    return page;
  }

  private static void awaitOrder(Page page, String order) {
    await().atMost(LIMIT).pollInSameThread().until(() -> page.evaluate(ORDER).equals(order));
  }

  @Test
  void twentyFourTilesMoveOverOneConnection() throws Exception {
    Page page = site.newPage();
    List<WebSocket> sockets = new ArrayList<>();
    page.onWebSocket(sockets::add);

    open(page, "?sources=" + String.join(",", Collections.nCopies(6, "one,two,three,four")));

    Players.awaitMoving(page);
    assertThat(page.evaluate(Players.ALL + ".length")).isEqualTo(24);
    Browser.await( // they are told once a second
        page, Players.ALL + ".every(({ stats }) => stats?.rendition === 'tiny')");
    assertThat(sockets).hasSize(1);
    site.awaitViewers("one", 6);
    assertThat(page.evaluate("document.documentElement.scrollHeight <= innerHeight"))
        .isEqualTo(true);
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void allThatMayBeWatchedIsShownWhereNothingIsNamed() {
    Page page = open("");

    awaitOrder(page, "four,one,three,two");
    Players.awaitMoving(page);
    assertThat(page.locator("#summary").innerText()).isEqualTo("4 of 4 live");
  }

  @Test
  void tileGoesElsewhereByKeyboardAndTheAddressKeepsIt() {
    Page page = open("?sources=one,two,three");
    page.locator(".open").first().focus();

    page.keyboard().press("ArrowRight");
    assertThat(page.evaluate(FOCUSED)).isEqualTo("two");
    page.keyboard().press("Shift+ArrowLeft");

    awaitOrder(page, "two,one,three");
    assertThat(page.evaluate(FOCUSED)).isEqualTo("two");
    assertThat(page.url()).endsWith("?sources=two,one,three");
    assertThat(page.locator("#announcement").innerText()).isEqualTo("two is now at place 1 of 3.");
    page.reload();
    awaitOrder(page, "two,one,three");
    Players.awaitMoving(page);
  }

  @Test
  void tileGoesElsewhereByDragging() {
    Page page = open("?sources=one,two,three,four");
    Players.awaitMoving(page);

    page.locator(".tile").nth(0).dragTo(page.locator(".tile").nth(2));

    awaitOrder(page, "two,three,one,four");
    assertThat(page.url()).endsWith("?sources=two,three,one,four");
    Players.awaitMoving(page);
  }

  @Test
  void enlargedTileGetsTheLargeRenditionAndIsAlone() throws Exception {
    Page page =
        open(
            site.newPage(new NewContextOptions().setViewportSize(330, 640)),
            "?sources=one,two,three,four,one,two");
    Players.awaitMoving(page);
    page.locator(".open").first().focus();

    page.keyboard().press("Enter");

    Players.awaitMoving(page, "[" + LARGE + "]");
    Browser.await(page, LARGE + ".stats?.rendition === 'fmp4'");
    site.awaitViewers("two", 0);
    site.awaitViewers("three", 0);
    assertThat(page.evaluate(LARGE + ".hasAttribute('controls')")).isEqualTo(true);
    page.keyboard().press("Escape");

    Players.awaitMoving(page);
    site.awaitViewers("one", 3);
    assertThat(page.evaluate(FOCUSED)).isEqualTo("one");
    assertThat(page.evaluate(Players.ALL + "[0].hasAttribute('controls')")).isEqualTo(false);
  }

  @Test
  void oneIsEnlargedByAClickAndMovedByButtons() {
    Page page = open("?sources=one,two,three");

    page.locator(".open").nth(1).click();
    Locator large = page.locator(".large");
    large.locator(".later").click();
    large.locator(".back").click();

    awaitOrder(page, "one,three,two");
    assertThat(page.locator(".large").count()).isZero();
    assertThat(page.evaluate(FOCUSED)).isEqualTo("two");
  }

  @Test
  void whoWantsLittleMotionGetsStillsUntilTheyAskForAll() {
    Page page =
        open(
            site.newPage(new NewContextOptions().setReducedMotion(ReducedMotion.REDUCE)),
            "?sources=one,two");
    Players.awaitState(page, "calm");

    page.locator("#play-all").click();

    Players.awaitMoving(page);
    assertThat(page.locator("#play-all").isVisible()).isFalse();
  }

  @Test
  void sourceThatIsNotThereIsTold() {
    Page page = open("?sources=one,nobody");

    Browser.await(page, "document.querySelectorAll('.tile .badge')[1].textContent === 'Not there'");
    Players.awaitMoving(page, Players.ALL + ".slice(0, 1)");
  }

  @Test
  void phoneShowsItWithoutScrollingSideways() {
    Page page =
        open(
            site.newPage(
                new NewContextOptions()
                    .setViewportSize(320, 640)
                    .setIsMobile(true)
                    .setHasTouch(true)),
            "?sources=one,two,three,four,one,two,three,four,one,two,three,four");

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
    page.locator(".open").nth(1).tap();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
  }
}
