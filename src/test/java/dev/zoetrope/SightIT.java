package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the player does while nobody sees it, and for who wants little; and what pages ask of it.
 */
@Tag("browser")
class SightIT {
  private static final String PLAYER = "document.querySelector('zoetrope-player')";

  private static final String TAB_THAT_CAN_BE_HIDDEN =
      """
      let isHidden = false;
      Object.defineProperty(Document.prototype, 'hidden', { get: () => isHidden });
      globalThis.hideTab = (hidden) => {
        isHidden = hidden;
        document.dispatchEvent(new Event('visibilitychange'));
      };
      """;

  private static final String SAVE_DATA =
      """
      Object.defineProperty(Navigator.prototype, 'connection', {
        get: () => Object.assign(new EventTarget(), { saveData: true }),
      });
      """;

  @RegisterExtension private static final Site site = new Site(SightIT::furnish, "demo");

  private static void furnish(TestHome home) throws Exception {
    home.source("demo", "kind: test-pattern", "width: 320", "height: 180", "keepRunning: true");
    home.source(
        "gifs", "kind: test-pattern", "renditions:", "  mjpeg: off", "  mpeg1: off", "  fmp4: off");
  }

  private static Page open(Page page) {
    NeverBlack.watch(page);
    Browser.open(page, site.uri("watch/demo"));
    return page;
  }

  private static Page openPlaying() {
    Page page = site.newPage();
    page.addInitScript(TAB_THAT_CAN_BE_HIDDEN);
    open(page);
    awaitState(page, "playing");
    site.awaitViewers("demo", 1);
    return page;
  }

  private static void awaitState(Page page, String state) {
    Browser.await(page, PLAYER + ".state === '" + state + "'");
  }

  @Test
  void playerThatIsScrolledAwayStopsAndComesBackWithAPicture() {
    Page page = openPlaying();
    page.evaluate("document.body.style.paddingBottom = '3000px'");

    page.evaluate("scrollTo(0, 2500)");
    awaitState(page, "hidden");
    site.awaitViewers("demo", 0);
    assertThat(page.evaluate(PLAYER + ".way")).isEqualTo("");

    page.evaluate("scrollTo(0, 0)");
    awaitState(page, "playing");
    site.awaitViewers("demo", 1);
    Players.awaitPictures(page, 3);
    NeverBlack.assertIn(page);
  }

  @Test
  void playerInAHiddenTabStopsAndComesBackWithAPicture() {
    Page page = openPlaying();

    page.evaluate("hideTab(true)");
    awaitState(page, "hidden");
    site.awaitViewers("demo", 0);

    page.evaluate("hideTab(false)");
    awaitState(page, "playing");
    site.awaitViewers("demo", 1);
    NeverBlack.assertIn(page);
  }

  @Test
  void whoLooksAwayForAMomentFindsAllAsItWas() {
    Page page = openPlaying();

    page.evaluate("hideTab(true); hideTab(false); globalThis.backAt = performance.now()");
    Browser.await(page, "performance.now() - backAt > 2000");

    assertThat(page.evaluate("changes.length")).isEqualTo(1);
    assertThat(page.evaluate(PLAYER + ".state")).isEqualTo("playing");
  }

  @Test
  void playerInTheBackgroundGoesOn() {
    Page page = openPlaying();
    page.evaluate(PLAYER + ".setAttribute('background', '')");

    page.evaluate("hideTab(true)");
    Players.awaitPictures(page, 5);

    assertThat(page.evaluate(PLAYER + ".state")).isEqualTo("playing");
    page.evaluate(PLAYER + ".removeAttribute('background')");
    awaitState(page, "hidden");
  }

  @Test
  void playerThatBeginsOffScreenAsksForNothing() {
    Page page = site.newPage();
    page.addInitScript(
        "document.addEventListener('readystatechange', () => document.readyState === 'interactive'"
            + " && (document.querySelector('header').style.height = '3000px'));");
    open(page);

    awaitState(page, "hidden");
    assertThat(
            page.evaluate(
                "performance.getEntriesByType('resource')"
                    + ".filter(({ name }) => name.includes('demo.jpg')).length"))
        .isEqualTo(0);
    page.evaluate("document.querySelector('header').style.height = ''");
    awaitState(page, "playing");
  }

  @Test
  void whoWantsLittleMotionGetsStillsUntilTheyAskForMore() {
    Page page = site.newPage(new NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
    open(page);

    assertStillsUntilAsked(page);
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Play").setExact(true)).click();

    assertPlaysWhenAsked(page);
  }

  @Test
  void whoSavesDataGetsStillsUntilTheyAskForMore() {
    Page page = site.newPage();
    page.addInitScript(SAVE_DATA);
    open(page);

    assertStillsUntilAsked(page);
    page.evaluate(PLAYER + ".play()");

    assertPlaysWhenAsked(page);
  }

  private static void assertStillsUntilAsked(Page page) {
    awaitState(page, "calm");
    assertThat(page.evaluate(PLAYER + ".isCalm")).isEqualTo(true);
    Browser.await(page, PLAYER + ".picture()");
    Players.awaitPictures(page, 2);
    assertThat(page.evaluate("changes.length")).isEqualTo(0);
    site.awaitViewers("demo", 0);
  }

  private static void assertPlaysWhenAsked(Page page) {
    awaitState(page, "playing");
    assertThat(page.evaluate(PLAYER + ".isCalm")).isEqualTo(false);
    Players.awaitPictures(page, 3);
    NeverBlack.assertIn(page);
  }

  @Test
  void pausedPlayerKeepsItsPictureAndNothingElse() {
    Page page = openPlaying();

    page.evaluate(PLAYER + ".pause()");
    awaitState(page, "paused");
    site.awaitViewers("demo", 0);
    assertThat(page.evaluate(PLAYER + ".paused")).isEqualTo(true);
    assertThat(page.evaluate(PLAYER + ".picture() !== null")).isEqualTo(true);

    page.evaluate(PLAYER + ".play()");
    awaitState(page, "playing");
    assertThat(page.evaluate("changes.map(({ reason }) => reason).join()"))
        .isEqualTo("start,paused,start");
    NeverBlack.assertIn(page);
  }

  @Test
  void playerThatIsMovedGoesOnAndOneThatIsRemovedLetsGo() {
    Page page = openPlaying();

    page.evaluate("document.querySelector('main').prepend(" + PLAYER + ")");
    awaitState(page, "playing");
    Players.awaitPictures(page, 3);
    NeverBlack.assertIn(page);

    page.evaluate("globalThis.player = " + PLAYER + "; player.remove()");
    site.awaitViewers("demo", 0);
    assertThat(page.evaluate("player.state")).isEqualTo("none");
  }

  @Test
  void viewerChoosesAWay() {
    Page page = openPlaying();
    assertThat(page.evaluate(PLAYER + ".waysThere.join(' ')"))
        .isEqualTo("webcodecs mse mpeg1 mjpeg gif stills");

    page.evaluate(PLAYER + ".tryWay('mjpeg')");
    Browser.await(page, PLAYER + ".way === 'mjpeg'");
    assertThat(page.evaluate("Object.values(changes.at(-1)).join()"))
        .isEqualTo("webcodecs,mjpeg,asked");
    assertThat(page.evaluate(PLAYER + ".wanted")).isEqualTo("mjpeg");
    Browser.await(page, PLAYER + ".stats?.way === 'mjpeg'");

    page.evaluate(PLAYER + ".tryWay('')");
    Browser.await(page, PLAYER + ".way === 'webcodecs'");
    NeverBlack.assertIn(page);
    String wrong =
        "try { " + PLAYER + ".tryWay('flash'); } catch (error) { return error.message; }";
    assertThat(page.evaluate("() => { " + wrong + " }"))
        .asString()
        .contains("expected one of webcodecs, mse");
  }

  @Test
  void soundComesByAWayThatHasIt() {
    Page page = openPlaying();

    page.evaluate(PLAYER + ".muted = false");
    Browser.await(page, PLAYER + ".way === 'mse' && " + PLAYER + ".stats?.hasSound");
    assertThat(page.evaluate("changes.at(-1).reason")).isEqualTo("sound");
    page.evaluate(PLAYER + ".volume = 0.5");
    assertThat(page.evaluate(PLAYER + ".picture().volume")).isEqualTo(0.5);
    assertThat(page.evaluate(PLAYER + ".picture().muted")).isEqualTo(false);

    page.evaluate(PLAYER + ".muted = true");
    Browser.await(page, PLAYER + ".way === 'webcodecs'");
    assertThat(page.evaluate(PLAYER + ".muted")).isEqualTo(true);
    NeverBlack.assertIn(page);
  }

  @Test
  void waysThatTheSourceDoesNotHaveAreNotThere() {
    Page page = site.newPage();
    Browser.open(page, site.uri("watch/gifs"));

    Browser.await(page, PLAYER + ".way === 'gif'");

    assertThat(page.evaluate(PLAYER + ".waysThere.join(' ')")).isEqualTo("gif stills");
  }

  @Test
  void snapshotIsAJpeg() {
    Page page = openPlaying();

    Object type =
        page.evaluate(
            PLAYER
                + ".snapshot().then((blob) => createImageBitmap(blob)"
                + ".then(({ width }) => `${blob.type} ${width}`))");

    assertThat(type).isEqualTo("image/jpeg 320");
  }

  @Test
  void failureIsAnEventWithItsReason() {
    Page page = site.newPage();
    page.addInitScript(
        "document.addEventListener('error',"
            + " ({ detail }) => detail && (globalThis.failure = detail), true);");

    Browser.open(page, site.uri("watch/nobody"));

    Browser.await(page, "globalThis.failure");
    assertThat(page.evaluate("Object.values(failure).join()"))
        .isEqualTo("no-such-source,There is no such source.");
    assertThat(page.evaluate(PLAYER + ".reason")).isEqualTo("no-such-source");
  }
}
