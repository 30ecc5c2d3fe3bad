package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.LIMIT;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static dev.zoetrope.AdminBrowser.heading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All pages there are, in light and dark, on a laptop and a phone: axe finds nothing, nothing has
 * to be scrolled sideways, and none does what its policy forbids.
 *
 * <p>With the system property {@code pictures} each is left in that folder as it looked.
 */
@Tag("browser")
class EveryPageIT {
  private static final Pattern SETUP = Pattern.compile("#setup=\\S+");
  private static final int LAPTOP = 1280;
  private static final String WIDTH = "document.documentElement.scrollWidth";
  private static final int PHONE = 390;

  @RegisterExtension
  private static final Site site = new Site(EveryPageIT::furnish, "demo", "other");

  private static String signedIn; // the state of a browser

  private final List<String> found = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  private static void furnish(TestHome home) throws Exception {
    String[] pattern = {"kind: test-pattern", "width: 320", "height: 180", "keepRunning: true"};
    home.source("demo", with(pattern, "title: Demonstration"));
    home.source("other", pattern);
    home.source("locked", with(pattern, "access: link"));
    home.source("lost", "title: Back door", "kind: url", "url: http://127.0.0.1:1/stream");
    home.source("quiet", "kind: test-pattern", "enabled: false");
    home.source("obs", "kind: rtmp-publish", "key: obs-key");
    home.source("door", "title: Front door", "kind: http-publish", "key: obs-key");
    home.secrets("obs-key: \"long-and-random\"");
    home.settings("rtmpPort: " + FreePort.find());
  }

  private static String[] with(String[] lines, String line) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add(line);
    return all.toArray(String[]::new);
  }

  @BeforeAll
  static void setUp() {
    Page page = site.newPage();
    Browser.open(page, setupLink(site.server()));
    AdminBrowser.fill(page, "Password", AdminBrowser.PASSWORD);
    button(page, "Begin").click();
    heading(page, "Sources").waitFor();
    signedIn = page.context().storageState();
    site.browser().closePages();
  }

  private static URI setupLink(TestServer server) {
    Matcher link = SETUP.matcher(server.log());
    assertThat(link.find()).as(server.log()).isTrue();
    return server.uri("admin/" + link.group());
  }

  private static NewContextOptions visitor(ColorScheme scheme) {
    return new NewContextOptions().setViewportSize(LAPTOP, 800).setColorScheme(scheme);
  }

  private static NewContextOptions administrator(ColorScheme scheme) {
    return visitor(scheme).setStorageState(signedIn).setReducedMotion(ReducedMotion.REDUCE);
  }

  /** Looks at the page as it is, on a laptop and on a phone. */
  private void look(Page page, ColorScheme scheme, String name) throws IOException {
    for (int width : new int[] {PHONE, LAPTOP}) {
      page.setViewportSize(width, width == PHONE ? 844 : 800);
      String where = name + ", " + scheme.name().toLowerCase(Locale.ROOT) + ", " + width;
      awaitFitting(page, width);
      int wide = (int) page.evaluate(WIDTH);
      if (wide > width) {
        found.add(where + ": " + wide + " px wide");
      }
      keepPicture(page, where);
    }
    found.addAll(Browser.violations(page, name));
    errors.addAll(site.takeErrors());
  }

  /** Some of it is laid out by scripts, which hear of the new size a moment later. */
  private static void awaitFitting(Page page, int width) {
    for (int looks = 0; looks < 20 && (int) page.evaluate(WIDTH) > width; looks++) {
      page.waitForTimeout(100);
    }
  }

  private static void keepPicture(Page page, String name) {
    String folder = System.getProperty("pictures", "");
    if (!folder.isEmpty()) {
      page.screenshot(
          new ScreenshotOptions()
              .setFullPage(true)
              .setPath(Path.of(folder, name.replaceAll("[^a-z0-9]+", "-") + ".png")));
    }
  }

  private void assertNothingFound() {
    assertThat(found).isEmpty();
    assertThat(errors)
        .as("but for what is not there, or not for everybody")
        .filteredOn(error -> !error.startsWith("Failed to load resource"))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void viewersPagesAreInOrder(ColorScheme scheme) throws Exception {
    Page page = site.newPage(visitor(scheme));

    Browser.open(page, site.uri(""));
    Browser.await(page, "document.querySelector('#source-demo zoetrope-player')");
    Players.awaitMoving(page, "[document.querySelector('#source-demo zoetrope-player')]");
    look(page, scheme, "list");
    Browser.open(page, site.uri("wall/?sources=demo,other,nobody"));
    Players.awaitMoving(page, Players.ALL + ".slice(0, 2)");
    look(page, scheme, "wall");
    page.locator(".open").first().click();
    look(page, scheme, "wall, one large");
    Browser.open(page, site.uri("watch/demo"));
    Players.awaitState(page, "playing");
    look(page, scheme, "watch");
    Browser.open(page, site.uri("watch/lost"));
    Browser.await(page, "document.querySelector('#cause').textContent");
    look(page, scheme, "watch, lost");
    Browser.open(page, site.uri("watch/locked"));
    Browser.await(page, "!document.querySelector('#denied').hidden");
    look(page, scheme, "watch, denied");
    Browser.open(page, site.uri("watch/nobody"));
    Browser.await(page, "document.querySelector('#state').textContent === 'No such source'");
    look(page, scheme, "watch, nobody");
    Browser.open(page, site.uri("embed/demo"));
    Players.awaitState(page, "playing");
    look(page, scheme, "embed");
    Browser.open(page, site.uri("publish/door"));
    Browser.await(page, "!document.querySelector('#desk').hidden");
    look(page, scheme, "publish");
    Browser.open(page, site.uri("api/"));
    Browser.await(page, "document.querySelectorAll('details').length > 40");
    page.locator("summary").first().click();
    look(page, scheme, "api");

    assertNothingFound();
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void administratorsPagesAreInOrder(ColorScheme scheme) throws Exception {
    Page stranger = site.newPage(visitor(scheme));
    Browser.open(stranger, site.uri("admin/"));
    field(stranger, "Account").waitFor();
    look(stranger, scheme, "sign in");

    Page page = AdminWalk.with(site.newPage(administrator(scheme)));
    Browser.open(page, site.uri("admin/"));
    heading(page, "Sources").waitFor();
    for (String path : AdminWalk.PAGES) {
      AdminWalk.goTo(page, path);
      look(page, scheme, path);
    }
    AdminWalk.goTo(page, "sources");
    button(page, "Table").click();
    page.locator("tr[data-id]").first().waitFor();
    look(page, scheme, "sources, table");
    button(page, "Tiles").click();
    goThroughTheWizard(page, scheme);
    AdminWalk.goTo(page, "links");
    button(page, "New link").click();
    page.locator("dialog").waitFor();
    look(page, scheme, "new link");

    assertNothingFound();
  }

  private void goThroughTheWizard(Page page, ColorScheme scheme) throws IOException {
    AdminWalk.goTo(page, "add");
    page.locator("input[name=kind][value=url]").check();
    button(page, "Next").click();
    field(page, "Address").fill("camera");
    look(page, scheme, "add, address");
    field(page, "Address").fill("rtsp://127.0.0.1:1/nothing");
    button(page, "Next").click();
    await().atMost(LIMIT).pollInSameThread().until(() -> page.locator(".bad").count() > 0);
    look(page, scheme, "add, try");
    button(page, "Next").click();
    button(page, "Add the source").waitFor();
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    look(page, scheme, "add, name");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void pagesOfAServerWithoutSourcesAreInOrder(ColorScheme scheme, @TempDir Path folder)
      throws Exception {
    try (TestServer empty = TestServer.at(new TestHome(folder).folder())) {
      Page page = site.newPage(visitor(scheme));
      Browser.open(page, empty.uri());
      page.locator("#empty").waitFor();
      look(page, scheme, "list, empty");
      Browser.open(page, empty.uri("wall/"));
      page.locator("#empty").waitFor();
      look(page, scheme, "wall, empty");
      Browser.open(page, setupLink(empty));
      field(page, "Password").waitFor();
      look(page, scheme, "setup");
      AdminBrowser.fill(page, "Password", AdminBrowser.PASSWORD);
      button(page, "Begin").click();
      heading(page, "No sources yet").waitFor();
      look(page, scheme, "sources, empty");
    }

    assertNothingFound();
  }
}
