package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.LIMIT;
import static dev.zoetrope.AdminBrowser.awaitFocus;
import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static dev.zoetrope.AdminBrowser.fill;
import static dev.zoetrope.AdminBrowser.heading;
import static dev.zoetrope.AdminBrowser.tabTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.zoetrope.server.FreePort;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What administrators see: the admin page of the real WAR in a real Chromium. */
@Tag("browser")
class AdminPageIT {
  private static final Pattern SETUP_LINK = Pattern.compile("admin/#setup=\\S+");

  @RegisterExtension private static final Site site = new Site(AdminPageIT::furnish);

  private static String signedIn; // the state of a browser

  private static void furnish(TestHome home) throws Exception {
    home.source("demo", "title: Demonstration", "kind: test-pattern", "width: 320", "height: 180");
    home.source("quiet", "kind: test-pattern", "enabled: false");
    home.source("obs", "kind: rtmp-publish", "key: obs-key");
    home.secrets("obs-key: \"long-and-random\"", "admin-token: \"token of the test\"");
    home.settings("rtmpPort: " + FreePort.find());
  }

  @BeforeAll
  static void setUp() {
    Page page = site.newPage();
    setUp(page, site.server());
    signedIn = page.context().storageState();
    site.browser().closePages();
  }

  private static void setUp(Page page, TestServer server) {
    Browser.open(page, setupLink(server));
    fill(page, "Password", AdminBrowser.PASSWORD);
    button(page, "Begin").click();
    heading(page, "Sources").waitFor();
  }

  /** As it stands in the log; the port that was asked for may be another than the real one. */
  private static URI setupLink(TestServer server) {
    Matcher link = SETUP_LINK.matcher(server.log());
    assertThat(link.find()).as(server.log()).isTrue();
    return server.uri("admin/#" + link.group().replaceAll(".*#", ""));
  }

  /** The administrator's page of that path. */
  private static Page open(String path) {
    return open(site.newPage(administrators()), path);
  }

  private static Page open(Page page, String path) {
    Browser.open(page, site.uri("admin/#/" + path));
    page.locator("#rooms a").first().waitFor();
    return page;
  }

  private static NewContextOptions administrators() {
    return new NewContextOptions().setViewportSize(1280, 900).setStorageState(signedIn);
  }

  private static void awaitPlaying(Page page) {
    Browser.await(page, "document.querySelector('zoetrope-player')?.state === 'playing'");
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(site.uri("api/v1/" + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Authorization", "Bearer token of the test")
            .header("Content-Type", "application/json")
            .timeout(LIMIT);
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void personSetsUpAddsWatchesChangesSharesRevokesAndSignsOut(@TempDir Path otherHome)
      throws Exception {
    try (TestServer own = TestServer.at(otherHome)) {
      Page page = site.newPage();
      setUp(page, own);
      assertThat(page.url()).endsWith("/admin/#/sources").doesNotContain("setup");

      addTestPattern(page, "Front gate");
      heading(page, "Front gate").waitFor();
      awaitPlaying(page);
      awaitText(page, ".bar .badge", "Live");

      Page viewer = site.newPage();
      Browser.open(viewer, own.uri("watch/front-gate"));
      awaitPlaying(viewer);
      viewer.evaluate(
          "window.states = [];"
              + " document.querySelector('zoetrope-player').addEventListener('statechange',"
              + " ({ target }) => states.push(target.state))");
      change(page, "Title", "The gate");
      change(page, "Width", "480");
      Browser.await(viewer, "document.querySelector('zoetrope-player').stats?.width === 480");
      assertThat(viewer.evaluate("states"))
          .asInstanceOf(InstanceOfAssertFactories.LIST)
          .doesNotContain("retrying", "failed");
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Change")).click();
      field(page, "Who may watch").selectOption("link");
      save(page);

      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Share").setExact(true))
          .click();
      button(page, "New link").click();
      field(page, "Title").fill("For the neighbours");
      button(page, "Make the link").click();
      String link = page.locator(".lines code").first().textContent();
      Page neighbour = site.newPage();
      Browser.open(neighbour, URI.create(link));
      awaitPlaying(neighbour);
      button(page, "Revoke For the neighbours").click();
      page.locator("dialog")
          .getByText("Revoke", new Locator.GetByTextOptions().setExact(true))
          .last()
          .click();
      Browser.await(neighbour, "document.querySelector('zoetrope-player').state !== 'playing'");
      page.getByText("There are no links.").waitFor();

      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Your account")).click();
      button(page, "Sign out").click();
      heading(page, "Sign in").waitFor();
      Object status = page.evaluate("fetch('../api/v1/sources').then(({ status }) => status)");
      assertThat(status).isEqualTo(401);
    }
  }

  private static void choose(Page page, String kind) {
    page.locator("input[name=kind][value=" + kind + "]").check();
  }

  private static void addTestPattern(Page page, String title) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Add a source")).click();
    choose(page, "test-pattern");
    button(page, "Next").click();
    fill(page, "Width", "320");
    fill(page, "Height", "180");
    button(page, "Next").click();
    page.getByText("It works").waitFor();
    assertThat(page.locator(".trial-picture").getAttribute("src")).startsWith("data:image/jpeg");
    assertThat(page.locator(".trial").textContent()).contains("320 × 180", "How it will play");
    button(page, "Next").click();
    field(page, "Title").fill(title);
    button(page, "Add the source").click();
  }

  private static void change(Page page, String label, String value) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Change")).click();
    fill(page, label, value);
    save(page);
  }

  private static void save(Page page) {
    button(page, "Save").click();
    page.locator(".source")
        .waitFor(new Locator.WaitForOptions().setTimeout((double) LIMIT.toMillis()));
  }

  @Test
  void keyboardAloneAddsSharesAndSignsOut() {
    Page page = site.newPage();
    Browser.open(page, site.uri("admin/"));
    field(page, "Account").waitFor();

    tabTo(page, "Password");
    page.keyboard().type(AdminBrowser.PASSWORD);
    page.keyboard().press("Enter");
    heading(page, "Sources").waitFor();
    tabTo(page, "Add a source");
    page.keyboard().press("Enter");
    heading(page, "What is it?").waitFor();
    tabTo(page, "Camera or stream by its address");
    page.keyboard().press("ArrowUp"); // from the first one to the last one, the test pattern
    page.keyboard().press("Enter");
    heading(page, "Where does it come from?").waitFor();
    tabTo(page, "Width");
    page.keyboard().type("320");
    page.keyboard().press("Enter");
    page.getByText("It works").waitFor();
    tabTo(page, "Next");
    page.keyboard().press("Enter");
    tabTo(page, "Title");
    page.keyboard().type("By keys");
    page.keyboard().press("Enter");
    heading(page, "By keys").waitFor();
    awaitPlaying(page);

    tabTo(page, "Share");
    page.keyboard().press("Enter");
    button(page, "New link").waitFor();
    tabTo(page, "New link");
    page.keyboard().press("Enter");
    heading(page, "New link").waitFor();
    page.keyboard().press("Escape");
    awaitFocus(page, "New link");
    page.locator("dialog")
        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    page.keyboard().press("Enter");
    field(page, "Title").waitFor();
    page.keyboard().type("Keys");
    page.keyboard().press("Enter");
    button(page, "Revoke Keys").waitFor();
    tabTo(page, "Revoke Keys");
    page.keyboard().press("Enter");
    page.locator("dialog").waitFor();
    tabTo(page, "Revoke");
    page.keyboard().press("Enter");
    page.getByText("There are no links.").waitFor();

    tabTo(page, "Your account");
    page.keyboard().press("Enter");
    heading(page, "Your account").waitFor();
    tabTo(page, "Sign out");
    page.keyboard().press("Enter");
    heading(page, "Sign in").waitFor();
  }

  @Test
  void endOfTheSessionLosesNothingThatWasTyped() {
    Page page = open("add");
    choose(page, "test-pattern");
    button(page, "Next").click();
    button(page, "Next").click();
    page.getByText("It works").waitFor();
    button(page, "Next").click();
    field(page, "Title").fill("Not lost");
    page.context().clearCookies();

    button(page, "Add the source").click();
    heading(page, "Please sign in again").waitFor();
    page.locator("dialog").getByLabel("Password").fill(AdminBrowser.PASSWORD);
    page.locator("dialog")
        .getByText("Sign in", new Locator.GetByTextOptions().setExact(true))
        .click();

    heading(page, "Not lost").waitFor();
    assertThat(site.home().folder().resolve("sources/not-lost.yaml"))
        .content()
        .contains("Not lost");
  }

  @Test
  void twoWhoChangeASourceLoseNeitherChange() throws Exception {
    site.home()
        .source(
            "both", "# a remark", "title: Both", "kind: test-pattern", "width: 320", "height: 180");
    await().atMost(LIMIT).until(() -> call("GET", "sources/both", "").statusCode() == 200);
    Page page = open("sources/both/edit");
    field(page, "Title").fill("Mine");
    assertThat(call("PATCH", "sources/both", "{\"linger\": \"3s\"}").statusCode()).isEqualTo(200);

    button(page, "Save").click();
    awaitText(page, ".conflict", "Somebody else has changed this source");
    button(page, "Take theirs, and keep what I changed").click();
    await().atMost(LIMIT).pollInSameThread().until(() -> !page.locator(".conflict").isVisible());
    save(page);

    assertThat(site.home().folder().resolve("sources/both.yaml"))
        .content()
        .contains("# a remark", "title: Mine", "linger: 3s", "width: 320");
  }

  @Test
  void deletingAsksAndEscapeIsNo() throws Exception {
    site.home().source("doomed", "kind: test-pattern");
    await().atMost(LIMIT).until(() -> call("GET", "sources/doomed", "").statusCode() == 200);
    Page page = open("sources/doomed/edit");

    button(page, "Delete this source").click();
    heading(page, "Delete doomed?").waitFor();
    page.keyboard().press("Escape");
    assertThat(site.home().folder().resolve("sources/doomed.yaml")).exists();
    button(page, "Delete this source").click();
    button(page, "Delete").click();

    heading(page, "Sources").waitFor();
    assertThat(site.home().folder().resolve("sources/doomed.yaml")).doesNotExist();
  }

  @Test
  void mistakesAreToldAtTheirFields() {
    Page page = open("sources/demo/edit");
    page.getByText("When it runs").click();
    field(page, "Go on after the last viewer").fill("soon");

    button(page, "Save").click();

    awaitText(page, ".field:has([name=linger]) .problem", "xpected");
    assertThat(field(page, "Go on after the last viewer").getAttribute("aria-invalid"))
        .isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.168.1.20 | It has to begin with",
        "rtps://camera/stream | rtps:// is not known",
        "rtsp://192.168.1.300/a | four numbers",
        "rtsp://camera:port/a | a port from 1 to 65535",
        "rtsp://camera/ | Most cameras want a path",
        "rtsp://camera/stream1 | RTSP",
        "http://camera/video mjpg | There is a space",
        "rtsp:// | missing",
      })
  void addressIsCheckedWhileItIsTyped(String address, String words) {
    Page page = open("add");
    choose(page, "url");
    button(page, "Next").click();

    field(page, "Address").pressSequentially(address);

    assertThat(page.locator(".said").textContent()).contains(words);
  }

  @Test
  void userAndPasswordOfAnAddressGoIntoTheirFields() {
    Page page = open("add");
    choose(page, "url");
    button(page, "Next").click();

    field(page, "Address").fill("rtsp://viewer:p%40ss@camera:554/stream1");
    page.keyboard().press("Tab");

    assertThat(field(page, "Address").inputValue()).isEqualTo("rtsp://camera:554/stream1");
    assertThat(field(page, "User").inputValue()).isEqualTo("viewer");
    assertThat(field(page, "Password").inputValue()).isEqualTo("p@ss");
  }

  @Test
  void buttonsSayAtOnceThatTheyAreAtWork() {
    Page page = open("sources");
    page.locator("#source-demo").waitFor();
    Object told =
        page.evaluate(
            """
            new Promise((resolve) => {
              const button = document.querySelector('[aria-label="Stop demo"]');
              new MutationObserver(() => resolve('at once')).observe(button, { childList: true });
              button.click();
              setTimeout(() => resolve('later'));
            })""");

    assertThat(told).isEqualTo("at once");
    awaitText(page, "#source-demo .badge", "Switched off");
    button(page, "Start demo").click();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> !page.locator("#source-demo .badge").textContent().equals("Switched off"));
  }

  @Test
  void listIsKeptUpToDateWithoutEvents() throws Exception {
    Page page = site.newPage(administrators());
    page.route("**/api/v1/events", route -> route.abort());
    open(page, "sources");
    page.locator("#source-demo").waitFor();

    site.home().source("later", "title: Came later", "kind: test-pattern");

    awaitText(page, "#source-later .title", "Came later");
    Files.delete(site.home().folder().resolve("sources/later.yaml"));
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.locator("#source-later").count() == 0);
  }

  @Test
  void eventsChangeOnlyWhatChanged() throws Exception {
    Page page = open("sources");
    page.locator("#source-obs").waitFor();
    awaitText(page, "#source-demo .badge", "Live"); // its still has started it
    page.locator("#source-quiet").scrollIntoViewIfNeeded();
    Browser.await(page, "document.querySelector('#source-quiet .spark path').hasAttribute('d')");
    page.evaluate(
        "window.touched = new Set();"
            + " new MutationObserver((all) => all.forEach(({ target }) => touched.add("
            + " (target.closest ? target : target.parentElement).closest('[data-id]')?.dataset.id)))"
            + ".observe(document.querySelector('.tiles'),"
            + " { subtree: true, childList: true, characterData: true, attributes: true })");

    Page viewer = site.newPage();
    Browser.open(viewer, site.uri("watch/demo"));
    awaitPlaying(viewer);

    awaitText(page, "#source-demo .watched", "1 viewer");
    awaitText(page, "#source-demo .watched", "1 fMP4");
    assertThat(page.evaluate("touched.has('demo')")).isEqualTo(true);
    assertThat(page.evaluate("touched.has('quiet')")).isEqualTo(false);
  }

  @Test
  void operatorSeesNeitherSecretsNorRights() throws Exception {
    String operator = "{\"role\": \"operator\", \"password\": \"operators have one\"}";
    assertThat(call("PUT", "accounts/opal", operator).statusCode()).isBetween(200, 201);
    Page page = AdminWalk.with(site.newPage());
    Browser.open(page, site.uri("admin/"));
    fill(page, "Account", "opal");
    fill(page, "Password", "operators have one");
    button(page, "Sign in").click();
    page.locator("#rooms a").first().waitFor();

    assertThat(page.locator("#rooms a").allTextContents())
        .containsExactly("Sources", "Nodes", "Server", "Your account");
    AdminWalk.goTo(page, "sources/obs");
    Browser.await(page, "document.querySelector('.parts a')");
    assertThat(page.locator(".parts").textContent()).doesNotContain("Send to it", "Share");
    AdminWalk.goTo(page, "accounts");
    heading(page, "Not for this account").waitFor();
  }

  @Test
  void publishingIsReadyToPasteAndItsKeyIsRenewed() {
    Page page = open("sources/obs/publish");
    awaitText(page, ".lines", "rtmp://127.0.0.1");
    String before = page.locator(".lines code").nth(1).textContent();
    assertThat(before).isEqualTo("obs?key=long-and-random");

    button(page, "New key").click();
    page.locator("dialog .danger").click();

    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> !page.locator(".lines code").nth(1).textContent().equals(before));
  }

  @Test
  void embeddingTellsWhatItCosts() {
    Page page = open("sources/demo/embed");

    awaitText(page, ".lines", "<zoetrope-player src=");
    Locator player = page.locator(".lines li:has(code:text('zoetrope-player'))");
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> player.first().textContent().contains("per viewer, as measured"));
  }

  @Test
  void viewerIsDisconnected() {
    Page viewer = site.newPage();
    Browser.open(viewer, site.uri("watch/demo#gif"));
    awaitPlaying(viewer);
    Page page = open("sources/demo/viewers");
    Locator gif = page.locator("tr", new Page.LocatorOptions().setHasText("gif"));
    gif.first().waitFor();
    int before = gif.count();

    gif.first().getByRole(AriaRole.BUTTON).click();

    awaitText(page, "#told", "Disconnected.");
    assertThat(before).isPositive();
  }
}
