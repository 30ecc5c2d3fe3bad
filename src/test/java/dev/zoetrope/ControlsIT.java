package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The player's controls: by mouse, by keyboard alone, for screen readers, in four languages. */
@Tag("browser")
class ControlsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PLAYER = "document.querySelector('zoetrope-player')";
  private static final String ROOT = PLAYER + ".shadowRoot";
  private static final String BAR = ROOT + ".querySelector('.controls')";
  private static final String PLAYING = PLAYER + "?.state === 'playing' && " + BAR;
  private static final String FOCUSED =
      "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement)";
  private static final String LABEL = FOCUSED + ".getAttribute('aria-label')";

  /** A browser that has no windows for pictures, whatever this one has. */
  private static final String NO_WINDOWS =
      "Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', { get: () => false });";

  /** A browser that has them, and opens them as {@code answer} says. */
  private static final String WINDOWS =
      """
      Object.defineProperty(Document.prototype, 'pictureInPictureEnabled', { get: () => true });
      Object.defineProperty(Document.prototype, 'pictureInPictureElement', { get: () => globalThis.inWindow ?? null });
      Document.prototype.exitPictureInPicture = async () => {
        const video = globalThis.inWindow;
        globalThis.inWindow = null;
        video.dispatchEvent(new Event('leavepictureinpicture'));
      };
      HTMLVideoElement.prototype.requestPictureInPicture = async function () {
        globalThis.asked = (globalThis.asked ?? 0) + 1;
        %s
      };
      """;

  @RegisterExtension private static final Site site = new Site(ControlsIT::furnish);

  private static void furnish(TestHome home) throws Exception {
    home.source(
        "demo",
        "title: Demonstration",
        "kind: test-pattern",
        "width: 320",
        "height: 180",
        "keepRunning: true");
    home.source("silent", "kind: folder", "path: silent", "fps: 10", "mode: loop");
    makePictures(home.folder().resolve("media/silent"));
  }

  private static void makePictures(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int shade : new int[] {0x40, 0x80, 0xc0}) {
      BufferedImage picture = new BufferedImage(320, 180, BufferedImage.TYPE_INT_RGB);
      Arrays.fill(((DataBufferInt) picture.getRaster().getDataBuffer()).getData(), shade);
      ImageIO.write(picture, "jpg", folder.resolve(shade + ".jpg").toFile());
    }
  }

  /** The page for frames, which has nothing but the player, its title and its controls. */
  private static Page open(NewContextOptions options, String... scripts) {
    Page page = site.newPage(options);
    for (String script : scripts) {
      page.addInitScript(script);
    }
    Browser.open(page, site.uri("embed/demo"));
    return page;
  }

  private static Page openPlaying(String... scripts) {
    Page page = open(new NewContextOptions().setViewportSize(960, 540), scripts);
    Browser.await(page, PLAYING);
    return page;
  }

  private static Locator button(Page page, String name) {
    return page.locator("zoetrope-player .bar ." + name);
  }

  /** As a hand does it: what is out of the way comes when the pointer does. */
  private static void click(Page page, String name) {
    page.mouse().move(300, 200);
    page.mouse().move(310, 210);
    button(page, name).click();
  }

  private static void press(Page page, String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  /** Moves the focus by the tabulator until it is on that one. */
  private static void focus(Page page, String label) {
    for (int i = 0; i < 20 && !label.equals(page.evaluate(LABEL)); i++) {
      press(page, "Tab");
    }
    assertThat(page.evaluate(LABEL)).isEqualTo(label);
  }

  private static boolean is(Page page, String expression) {
    return (boolean) page.evaluate("!!(" + expression + ")");
  }

  // By keyboard.

  @Test
  void tabulatorGoesThroughAllOfItInTheOrderInWhichItIsSeen() {
    Page page = openPlaying(NO_WINDOWS);

    List<Object> labels = new ArrayList<>();
    focus(page, "Pause");
    for (Object label = "Pause"; label != null; label = page.evaluate(LABEL)) {
      labels.add(label);
      press(page, "Tab");
    }

    assertThat(labels)
        .containsExactly(
            "Pause",
            "Mute",
            "Volume",
            "Way of playing",
            "Statistics",
            "Save a picture",
            "Full screen");
  }

  @Test
  void keysDoWhatTheButtonsDo() {
    Page page = openPlaying(NO_WINDOWS);
    focus(page, "Statistics");

    press(page, "k");
    Browser.await(page, PLAYER + ".state === 'paused'");
    assertThat(button(page, "play").getAttribute("aria-label")).isEqualTo("Play");
    press(page, "k");
    Browser.await(page, PLAYER + ".state === 'playing'");

    press(page, "m");
    assertThat(is(page, PLAYER + ".muted")).isFalse();
    press(page, "m");
    assertThat(is(page, PLAYER + ".muted")).isTrue();

    press(page, "ArrowDown", "ArrowDown");
    assertThat((double) page.evaluate(PLAYER + ".volume")).isBetween(0.89, 0.91);
    assertThat(is(page, PLAYER + ".muted")).isTrue();
    press(page, "ArrowUp");
    assertThat((double) page.evaluate(PLAYER + ".volume")).isBetween(0.94, 0.96);
    assertThat(is(page, PLAYER + ".muted")).as("who turns it up wants to hear").isFalse();
    assertThat(page.locator("zoetrope-player .volume").getAttribute("aria-valuetext"))
        .isEqualTo("95 %");

    press(page, "Space"); // on its button
    assertThat(button(page, "statistics").getAttribute("aria-pressed")).isEqualTo("true");
    assertThat(is(page, PLAYER + ".paused")).isFalse();
    press(page, "Escape");
    assertThat(button(page, "statistics").getAttribute("aria-pressed")).isEqualTo("false");

    press(page, "w");
    assertThat(page.evaluate(FOCUSED + ".getAttribute('role')")).isEqualTo("menuitemradio");
    press(page, "Escape");
    assertThat(page.evaluate(LABEL)).isEqualTo("Way of playing");

    press(page, "f");
    Browser.await(page, PLAYER + ".matches(':fullscreen')");
    Browser.await(page, ROOT + ".querySelector('.fullScreen').ariaPressed === 'true'");
    press(page, "f");
    Browser.await(page, "!" + PLAYER + ".matches(':fullscreen')");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void spacePausesWhereNoButtonIsMeant() {
    Page page = openPlaying(NO_WINDOWS);
    focus(page, "Statistics");
    press(page, "Enter");
    press(page, "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab");
    assertThat(page.evaluate(LABEL)).isEqualTo("Statistics");
    assertThat(page.evaluate(FOCUSED + ".getAttribute('role')")).isEqualTo("group");

    press(page, "Space");

    Browser.await(page, PLAYER + ".state === 'paused'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Control+m", "Alt+m", "Shift+m", "Meta+m"})
  void keysWithAModifierAreNotForThePlayer(String key) {
    Page page = openPlaying(NO_WINDOWS);
    focus(page, "Statistics");

    press(page, key);

    assertThat(is(page, PLAYER + ".muted")).isTrue();
  }

  @Test
  void keysInAFieldAreTheFields() {
    Page page = openPlaying(NO_WINDOWS);
    focus(page, "Volume");

    press(page, "m", "k", "ArrowLeft");

    assertThat(is(page, PLAYER + ".muted")).isTrue();
    assertThat(is(page, PLAYER + ".paused")).isFalse();
    assertThat((double) page.evaluate(PLAYER + ".volume")).isBetween(0.94, 0.96);
  }

  @Test
  void keysOutsideOfThePlayerAreNotForIt() {
    Page page = openPlaying(NO_WINDOWS);
    page.locator("#title").focus();

    press(page, "m", "k");

    assertThat(is(page, PLAYER + ".muted")).isTrue();
    assertThat(is(page, PLAYER + ".paused")).isFalse();
  }

  @Test
  void menuChoosesTheWay() {
    Page page = openPlaying(NO_WINDOWS);
    Locator items = page.locator("zoetrope-player [role=menuitemradio]");
    focus(page, "Way of playing");

    press(page, "Enter");
    assertThat(items.allInnerTexts())
        .containsExactly(
            "Automatic (WebCodecs)", "WebCodecs", "MSE", "MPEG-1", "MJPEG", "GIF", "Stills");
    assertThat(page.evaluate(FOCUSED + ".textContent")).isEqualTo("Automatic (WebCodecs)");
    assertThat(button(page, "way").getAttribute("aria-expanded")).isEqualTo("true");
    press(page, "ArrowUp", "ArrowUp", "ArrowUp"); // from the first to the last
    assertThat(page.evaluate(FOCUSED + ".textContent")).isEqualTo("MJPEG");
    press(page, "Enter");

    Browser.await(page, PLAYER + ".way === 'mjpeg' && " + PLAYER + ".state === 'playing'");
    assertThat(page.evaluate(LABEL)).isEqualTo("Way of playing");
    assertThat(button(page, "way").getAttribute("aria-expanded")).isEqualTo("false");
    Browser.await(page, ROOT + ".querySelector('.said').textContent === 'Shown by MJPEG'");

    press(page, "ArrowDown");
    assertThat(page.evaluate(FOCUSED + ".textContent")).isEqualTo("MJPEG");
    assertThat(page.evaluate(FOCUSED + ".ariaChecked")).isEqualTo("true");
    press(page, "Home", "Enter");
    Browser.await(page, PLAYER + ".way === 'webcodecs'");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void menuClosesWhenSomethingElseIsMeant() {
    Page page = openPlaying(NO_WINDOWS);
    Locator menu = page.locator("zoetrope-player [role=menu]");

    click(page, "way");
    assertThat(menu.isVisible()).isTrue();
    page.mouse().click(400, 100);
    assertThat(menu.isVisible()).isFalse();

    click(page, "way");
    press(page, "Tab");
    assertThat(menu.isVisible()).isFalse();
  }

  // What they do.

  @Test
  void snapshotIsSavedAsAJpeg() throws IOException {
    Page page = openPlaying();

    Download saved = page.waitForDownload(() -> click(page, "snapshot"));

    assertThat(saved.suggestedFilename()).matches("demo-\\d{4}-\\d\\d-\\d\\dT[0-9-]+Z\\.jpg");
    try (InputStream bytes = saved.createReadStream()) {
      BufferedImage picture = ImageIO.read(bytes);
      assertThat(picture.getWidth()).isEqualTo(320);
      assertThat(picture.getHeight()).isEqualTo(180);
    }
    Browser.await(
        page, ROOT + ".querySelector('.said').textContent.startsWith('Picture saved as demo-')");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void soundIsSwitchedOnAndOff() {
    Page page = openPlaying();
    assertThat(button(page, "mute").getAttribute("aria-pressed")).isEqualTo("true");

    click(page, "mute");

    Browser.await(page, PLAYER + ".stats?.hasSound && " + PLAYER + ".state === 'playing'");
    assertThat(button(page, "mute").getAttribute("aria-pressed")).isEqualTo("false");
    click(page, "mute");
    assertThat(button(page, "mute").getAttribute("aria-pressed")).isEqualTo("true");
    assertThat(is(page, PLAYER + ".muted")).isTrue();
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void statisticsTellWhatIsPlayed() {
    Page page = openPlaying();
    Locator panel = page.locator("zoetrope-player [part~=stats]");
    assertThat(panel.isVisible()).isFalse();

    click(page, "statistics");

    assertThat(panel.isVisible()).isTrue();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(
            () ->
                assertThat(panel.innerText().replaceAll("\\s+", " "))
                    .contains("Shown by WebCodecs Size 320 × 180")
                    .containsPattern("Frames per second [0-9.]+")
                    .containsPattern("Age of the picture [0-9,.]+ m?s"));
    Browser.await(
        page, ROOT + ".querySelector('.badge').textContent.match(/^Live · [0-9.]+ m?s$/)");
    click(page, "statistics");
    assertThat(panel.isVisible()).isFalse();
    assertThat(is(page, PLAYER + ".hasAttribute('stats')")).isFalse();
  }

  @Test
  void windowThatTheBrowserRefusesIsTold() {
    Page page =
        openPlaying(
            WINDOWS.replace("%s", "throw new DOMException('not here', 'NotAllowedError');"));
    focus(page, "Picture in picture");

    press(page, "i");

    String refused = "The browser does not allow picture in picture here.";
    Browser.await(page, "globalThis.asked === 1");
    Browser.await(page, ROOT + ".querySelector('.note').textContent === '" + refused + "'");
    Browser.await(page, ROOT + ".querySelector('.said').textContent === '" + refused + "'");
    assertThat(is(page, PLAYER + ".hasAttribute('background')")).isFalse();
    assertThat(site.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"webcodecs", "mse"})
  void pictureGoesOnInItsWindow(String way) {
    Page page = openPlaying(WINDOWS.replace("%s", "globalThis.inWindow = this;"));
    page.evaluate(PLAYER + ".tryWay('" + way + "')");
    Browser.await(page, PLAYER + ".way === '" + way + "' && " + PLAYER + ".state === 'playing'");

    click(page, "pictureInPicture");

    Browser.await(page, "globalThis.inWindow?.readyState >= 2 && !globalThis.inWindow.paused");
    Browser.await(page, ROOT + ".querySelector('.pictureInPicture').ariaPressed === 'true'");
    assertThat(is(page, PLAYER + ".hasAttribute('background')")).isTrue();
    click(page, "pictureInPicture");
    Browser.await(page, ROOT + ".querySelector('.pictureInPicture').ariaPressed === 'false'");
    assertThat(is(page, PLAYER + ".hasAttribute('background')")).isFalse();
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void buttonsForWhatThereIsNotAreNotThere() {
    Page page =
        openPlaying(
            NO_WINDOWS
                + "Object.defineProperty(Document.prototype, 'fullscreenEnabled',"
                + " { get: () => false });");

    assertThat(button(page, "pictureInPicture").isVisible()).isFalse();
    assertThat(button(page, "fullScreen").isVisible()).isFalse();
    focus(page, "Pause");
    press(page, "f", "i");
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void sourceWithoutSoundHasNoButtonForIt() throws IOException {
    Page page = site.newPage();
    Browser.open(page, site.uri("embed/silent"));
    Browser.await(page, PLAYING);

    Browser.await(page, PLAYER + ".canHaveSound === false");
    Browser.await(page, ROOT + ".querySelector('.mute').hidden");
    assertThat(button(page, "volume").isVisible()).isFalse();
    focus(page, "Pause");
    press(page, "m", "ArrowDown");
    assertThat(is(page, PLAYER + ".muted && " + PLAYER + ".volume === 1")).isTrue();
    press(page, "Tab");
    assertThat(page.evaluate(LABEL)).isEqualTo("Way of playing");
    assertThat(Browser.violations(page, "without sound")).isEmpty();
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void focusGoesToTheButtonBesideOneThatGoes() {
    Page page = openPlaying();
    focus(page, "Volume");

    page.evaluate(PLAYER + ".setAttribute('src', '/live/silent')");

    Browser.await(page, ROOT + ".querySelector('.mute').hidden");
    assertThat((String) page.evaluate(LABEL)).isIn("Pause", "Play");
  }

  @Test
  void theyGoOutOfTheWayOfWhatPlaysAndComeBack() {
    Page page = openPlaying(Browser.timers(3_000, 500)); // for which the pointer has to rest
    page.mouse().move(300, 200);
    String away = BAR + ".classList.contains('away')";
    assertThat(is(page, away)).isFalse();

    Browser.await(page, away); // the pointer rests
    focus(page, "Pause");
    assertThat(is(page, away)).isFalse();
    page.waitForTimeout(1_000);
    assertThat(is(page, away)).as("while it is focused").isFalse();
    press(page, "k");
    Browser.await(page, PLAYER + ".state === 'paused'");
    page.evaluate(FOCUSED + ".blur()");
    page.waitForTimeout(1_000);
    assertThat(is(page, away)).as("while nothing plays").isFalse();
    page.evaluate(PLAYER + ".play()");
    Browser.await(page, away);
  }

  @Test
  void withoutTheAttributeThereAreNone() {
    Page page = openPlaying();

    page.evaluate(PLAYER + ".removeAttribute('controls')");
    Browser.await(page, "!" + BAR);
    assertThat(page.evaluate(ROOT + ".querySelectorAll('[role=status]').length")).isEqualTo(1);
    page.evaluate(PLAYER + ".setAttribute('controls', '')");

    Browser.await(page, BAR);
    assertThat(page.evaluate(ROOT + ".querySelectorAll('[role=status]').length")).isEqualTo(1);
    assertThat(page.evaluate(ROOT + ".querySelectorAll('.bar').length")).isEqualTo(1);
    assertThat(site.takeErrors()).isEmpty();
  }

  // For whom.

  @ParameterizedTest
  @CsvSource({
    "en-GB, en, Pause, Mute, Way of playing, Full screen",
    "de-AT, de, Anhalten, Stumm, Wiedergabeart, Vollbild",
    "fr-FR, fr, Mettre en pause, Couper le son, Mode de lecture, Plein écran",
    "es-MX, es, Pausar, Silenciar, Modo de reproducción, Pantalla completa",
    "ja-JP, en, Pause, Mute, Way of playing, Full screen",
  })
  void labelsAreInTheViewersLanguage(
      String locale, String language, String pause, String mute, String way, String fullScreen) {
    Page page = open(new NewContextOptions().setLocale(locale).setViewportSize(960, 540));
    Browser.await(page, PLAYING);
    Browser.await(
        page, ROOT + ".querySelector('.play').getAttribute('aria-label') === '" + pause + "'");

    assertThat(page.evaluate("document.documentElement.lang")).isEqualTo(language);
    assertThat(button(page, "mute").getAttribute("aria-label")).isEqualTo(mute);
    assertThat(button(page, "way").getAttribute("aria-label")).isEqualTo(way);
    assertThat(button(page, "fullScreen").getAttribute("aria-label")).isEqualTo(fullScreen);
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void pageSaysInWhichLanguage() {
    Page page = site.newPage(new NewContextOptions().setLocale("de-DE"));
    String address = site.uri("page-of-the-test.html").toString();
    String html =
        """
        <!doctype html><html lang="en"><title>Test</title>
        <script type="module" src="player/zoetrope-player.js"></script>
        <main lang="fr"><zoetrope-player src="live/demo" controls></zoetrope-player></main>
        """;
    page.route(
        address,
        route -> route.fulfill(new FulfillOptions().setContentType("text/html").setBody(html)));

    Browser.open(page, site.uri("page-of-the-test.html"));

    Browser.await(
        page, ROOT + "?.querySelector('.mute')?.getAttribute('aria-label') === 'Couper le son'");
  }

  @Test
  void pageChoosesTheColours() {
    Page page = openPlaying();

    page.addStyleTag(
        new Page.AddStyleTagOptions()
            .setContent(
                "zoetrope-player { --zoetrope-accent: rgb(1, 2, 3); --zoetrope-foreground:"
                    + " rgb(4, 5, 6); --zoetrope-background: rgb(7, 8, 9) }"
                    + " zoetrope-player::part(button) { border-radius: 11px }"));

    assertThat(style(page, ".bar", "backgroundColor")).isEqualTo("rgb(7, 8, 9)");
    assertThat(style(page, ".play", "color")).isEqualTo("rgb(4, 5, 6)");
    assertThat(style(page, ".play", "borderTopLeftRadius")).isEqualTo("11px");
    assertThat(style(page, ".volume", "accentColor")).isEqualTo("rgb(1, 2, 3)");
  }

  private static Object style(Page page, String selector, String property) {
    return page.evaluate(
        "getComputedStyle(" + ROOT + ".querySelector('" + selector + "'))." + property);
  }

  @Test
  void whoWantsNoMotionGetsNoneUntilAskedFor() {
    Page page =
        open(
            new NewContextOptions()
                .setReducedMotion(ReducedMotion.REDUCE)
                .setViewportSize(960, 540));
    Browser.await(page, PLAYER + "?.state === 'calm' && " + BAR);

    assertThat(style(page, ".controls", "transitionDuration")).isEqualTo("0s");
    assertThat(button(page, "play").getAttribute("aria-label")).isEqualTo("Play");
    focus(page, "Play");
    press(page, "Enter");

    Browser.await(page, PLAYER + ".state === 'playing'");
    assertThat(button(page, "play").getAttribute("aria-label")).isEqualTo("Pause");
    assertThat(page.evaluate(LABEL)).isEqualTo("Pause");
  }

  @Test
  void phoneHasRoomForFingers() {
    Page page =
        open(
            new NewContextOptions().setViewportSize(320, 640).setIsMobile(true).setHasTouch(true),
            WINDOWS.replace("%s", ""));
    Browser.await(page, PLAYING);
    page.touchscreen().tap(160, 300);
    Browser.await(page, "!" + BAR + ".classList.contains('away')");

    List<Locator> buttons = page.locator("zoetrope-player .bar button:visible").all();

    assertThat(buttons).hasSize(7);
    for (Locator button : buttons) {
      var box = button.boundingBox();
      assertThat(box.width).isGreaterThanOrEqualTo(44);
      assertThat(box.height).isGreaterThanOrEqualTo(44);
      assertThat(box.x).isNotNegative();
      assertThat(box.x + box.width).isLessThanOrEqualTo(320);
    }
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
  }

  @ParameterizedTest
  @CsvSource({"LIGHT, NONE", "DARK, NONE", "DARK, ACTIVE"})
  void accessibilityRulesAreKept(ColorScheme scheme, ForcedColors forced) throws IOException {
    Page page =
        open(
            new NewContextOptions()
                .setColorScheme(scheme)
                .setForcedColors(forced)
                .setViewportSize(960, 540));
    Browser.await(page, PLAYING);
    page.waitForTimeout(400); // they go out of sight
    List<String> found = new ArrayList<>(Browser.violations(page, "playing"));

    focus(page, "Statistics");
    press(page, "Enter");
    page.waitForTimeout(400); // it comes into sight
    found.addAll(Browser.violations(page, "statistics"));
    press(page, "w");
    found.addAll(Browser.violations(page, "menu"));
    press(page, "Escape", "k");
    Browser.await(page, PLAYER + ".state === 'paused'");
    found.addAll(Browser.violations(page, "paused"));
    Browser.open(page, site.uri("embed/nobody"));
    Browser.await(page, PLAYER + "?.state === 'failed' && " + BAR);
    found.addAll(Browser.violations(page, "failed"));

    assertThat(found).isEmpty();
  }
}
