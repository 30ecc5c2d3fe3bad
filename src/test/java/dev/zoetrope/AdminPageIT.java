package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What administrators see: the admin page of the real WAR in a real Chromium. */
@Tag("browser")
class AdminPageIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String PASSWORD = "a sentence is good";
  private static final Pattern SETUP_LINK = Pattern.compile("admin/#setup=\\S+");

  /** What a button may take to say that it is at work. */
  private static final int ANSWER_MILLIS = 100;

  private static final String FOCUSED =
      """
      (() => {
        const e = document.activeElement;
        const label = e.labels?.[0]?.textContent ?? '';
        return e.getAttribute('aria-label') || label || e.textContent || '';
      })()""";

  /** Counts what the page has asked for and not got. */
  private static final String COUNTING =
      """
      (() => {
        const ask = window.fetch;
        window.unanswered = 0;
        window.fetch = (...question) => {
          window.unanswered++;
          const answer = ask(...question);
          answer.then((head) => head.clone().blob()).catch(() => {}).finally(() => window.unanswered--);
          return answer;
        };
      })()""";

  /** Fulfilled when the page of that address is there. */
  private static final String GO =
      """
      (path) => new Promise((resolve) => {
        const hash = '#/' + path;
        if (location.hash === hash) {
          resolve();
        } else {
          addEventListener('hashchange', () => setTimeout(resolve), { once: true });
          location.hash = hash;
        }
      })""";

  /** Fulfilled when what has come is shown. */
  private static final String SHOW =
      "() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))";

  @TempDir private static Path folder;
  private static TestHome home;
  private static TestServer server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    home.source("demo", "title: Demonstration", "kind: test-pattern", "width: 320", "height: 180");
    home.source("quiet", "kind: test-pattern", "enabled: false");
    home.source("obs", "kind: rtmp-publish", "key: obs-key");
    home.secrets("obs-key: \"long-and-random\"", "admin-token: \"token of the test\"");
    home.settings("rtmpPort: " + Program.freePort());
    server = TestServer.at(home.folder());
    browser = new Browser();
    Page page = browser.newPage();
    setUp(page, server);
    browser.closePages();
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

  private static void setUp(Page page, TestServer server) {
    Browser.open(page, setupLink(server));
    field(page, "Password").fill(PASSWORD);
    button(page, "Begin").click();
    heading(page, "Sources").waitFor();
  }

  /** As it stands in the log; the port that was asked for may be another than the real one. */
  private static URI setupLink(TestServer server) {
    Matcher link = SETUP_LINK.matcher(server.log());
    assertThat(link.find()).as(server.log()).isTrue();
    return server.uri("admin/#" + link.group().replaceAll(".*#", ""));
  }

  private static Page signIn(Page page, String path) {
    Browser.open(page, server.uri("admin/#/" + path));
    signIn(page, "admin", PASSWORD);
    return page;
  }

  private static void signIn(Page page, String name, String password) {
    field(page, "Account").fill(name);
    field(page, "Password").fill(password);
    button(page, "Sign in").click();
    page.locator("#rooms a").first().waitFor();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator heading(Page page, String name) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static void awaitText(Page page, String selector, String part) {
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(
            () -> assertThat(page.locator(selector).first().textContent()).contains(part));
  }

  private static void awaitPlaying(Page page) {
    Browser.await(page, "document.querySelector('zoetrope-player')?.state === 'playing'");
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri("api/v1/" + path))
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
      Page page = browser.newPage();
      setUp(page, own);
      assertThat(page.url()).endsWith("/admin/#/sources").doesNotContain("setup");

      addTestPattern(page, "Front gate");
      heading(page, "Front gate").waitFor();
      awaitPlaying(page);
      awaitText(page, ".bar .badge", "Live");

      Page viewer = browser.newPage();
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
      Page neighbour = browser.newPage();
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

  private static Locator field(Page page, String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  private static void fill(Page page, String label, String value) {
    field(page, label).fill(value);
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
    Page page = browser.newPage();
    Browser.open(page, server.uri("admin/"));
    field(page, "Account").waitFor();

    tabTo(page, "Password");
    page.keyboard().type(PASSWORD);
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
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(page.evaluate(FOCUSED)).isEqualTo("New link"));
    assertThat(page.locator("dialog").count()).isZero();
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

  /** Presses Tab until what has the focus is called {@code name}. */
  private static void tabTo(Page page, String name) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      String focused = page.evaluate(FOCUSED).toString().strip();
      if (focused.startsWith(name)) {
        assertThat(page.evaluate("document.activeElement.matches(':focus-visible')"))
            .as("the focus is seen at " + name)
            .isEqualTo(true);
        return;
      }
      seen.add(focused);
      page.keyboard().press("Tab");
    }
    throw new AssertionError("no way by Tab to " + name + ", only to " + seen);
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void axeFindsNothing(ColorScheme scheme) throws Exception {
    Page page =
        counting(
            laptop()
                .setColorScheme(scheme)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    List<String> found = new ArrayList<>();

    Browser.open(page, server.uri("admin/"));
    field(page, "Account").waitFor();
    found.addAll(Browser.violations(page, "sign in"));
    signIn(page, "admin", PASSWORD);
    for (String path : pages()) {
      goTo(page, path);
      found.addAll(Browser.violations(page, path));
    }
    goTo(page, "sources");
    button(page, "Table").click();
    page.locator("tr[data-id]").first().waitFor();
    found.addAll(Browser.violations(page, "table"));
    button(page, "Tiles").click();
    found.addAll(violationsOfTheWizard(page));
    goTo(page, "links");
    button(page, "New link").click();
    page.locator("dialog").waitFor();
    found.addAll(Browser.violations(page, "new link"));

    assertThat(found).isEmpty();
  }

  private static List<String> violationsOfTheWizard(Page page) throws IOException {
    goTo(page, "add");
    choose(page, "url");
    button(page, "Next").click();
    field(page, "Address").fill("camera");
    List<String> found = new ArrayList<>(Browser.violations(page, "address"));
    field(page, "Address").fill("rtsp://127.0.0.1:1/nothing");
    button(page, "Next").click();
    await().atMost(LIMIT).pollInSameThread().until(() -> page.locator(".bad").count() > 0);
    found.addAll(Browser.violations(page, "try"));
    button(page, "Next").click();
    button(page, "Add the source").click();
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    found.addAll(Browser.violations(page, "name"));
    return found;
  }

  private static List<String> pages() {
    return List.of(
        "sources",
        "add",
        "links",
        "accounts",
        "tokens",
        "nodes",
        "server",
        "account",
        "sources/demo",
        "sources/demo/viewers",
        "sources/demo/timeline",
        "sources/demo/log",
        "sources/demo/embed",
        "sources/demo/share",
        "sources/demo/edit",
        "sources/obs/publish",
        "nowhere");
  }

  private static void goTo(Page page, String path) {
    page.evaluate(GO, path);
    Browser.await(page, "document.querySelector('main h1')");
    boolean isOfSource = path.startsWith("sources/") && !path.endsWith("edit");
    Browser.await(
        page,
        isOfSource
            ? "document.querySelector('.below .part')?.textContent"
            : path.endsWith("edit")
                ? "document.querySelector('main form')"
                : "document.querySelector('main h1').textContent !== ''");
    do {
      Browser.await(page, "window.unanswered === 0"); // what is asked for on entering has come
      page.evaluate(SHOW);
    } while (!page.evaluate("window.unanswered").equals(0)); // it made the page ask for more
  }

  /** A page for {@link #goTo}. */
  private static Page counting(NewContextOptions options) {
    Page page = browser.newPage(options);
    page.addInitScript(COUNTING);
    return page;
  }

  private static NewContextOptions laptop() {
    return new NewContextOptions().setViewportSize(1280, 900);
  }

  @Test
  void phoneScrollsNoPageSideways() {
    Page page =
        counting(
            new NewContextOptions().setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));
    signIn(page, "sources");

    for (String path : pages()) {
      goTo(page, path);
      assertThat(page.evaluate("document.documentElement.scrollWidth")).as(path).isEqualTo(360);
    }
    goTo(page, "sources");
    button(page, "Table").click();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).as("table").isEqualTo(360);
  }

  @Test
  void endOfTheSessionLosesNothingThatWasTyped() {
    Page page = signIn(browser.newPage(), "add");
    choose(page, "test-pattern");
    button(page, "Next").click();
    button(page, "Next").click();
    page.getByText("It works").waitFor();
    button(page, "Next").click();
    field(page, "Title").fill("Not lost");
    page.context().clearCookies();

    button(page, "Add the source").click();
    heading(page, "Please sign in again").waitFor();
    page.locator("dialog").getByLabel("Password").fill(PASSWORD);
    page.locator("dialog")
        .getByText("Sign in", new Locator.GetByTextOptions().setExact(true))
        .click();

    heading(page, "Not lost").waitFor();
    assertThat(home.folder().resolve("sources/not-lost.yaml")).content().contains("Not lost");
  }

  @Test
  void twoWhoChangeASourceLoseNeitherChange() throws Exception {
    home.source(
        "both", "# a remark", "title: Both", "kind: test-pattern", "width: 320", "height: 180");
    await().atMost(LIMIT).until(() -> call("GET", "sources/both", "").statusCode() == 200);
    Page page = signIn(browser.newPage(), "sources/both/edit");
    field(page, "Title").fill("Mine");
    assertThat(call("PATCH", "sources/both", "{\"linger\": \"3s\"}").statusCode()).isEqualTo(200);

    button(page, "Save").click();
    awaitText(page, ".conflict", "Somebody else has changed this source");
    button(page, "Take theirs, and keep what I changed").click();
    await().atMost(LIMIT).pollInSameThread().until(() -> !page.locator(".conflict").isVisible());
    save(page);

    assertThat(home.folder().resolve("sources/both.yaml"))
        .content()
        .contains("# a remark", "title: Mine", "linger: 3s", "width: 320");
  }

  @Test
  void deletingAsksAndEscapeIsNo() throws Exception {
    home.source("doomed", "kind: test-pattern");
    await().atMost(LIMIT).until(() -> call("GET", "sources/doomed", "").statusCode() == 200);
    Page page = signIn(browser.newPage(), "sources/doomed/edit");

    button(page, "Delete this source").click();
    heading(page, "Delete doomed?").waitFor();
    page.keyboard().press("Escape");
    assertThat(home.folder().resolve("sources/doomed.yaml")).exists();
    button(page, "Delete this source").click();
    button(page, "Delete").click();

    heading(page, "Sources").waitFor();
    assertThat(home.folder().resolve("sources/doomed.yaml")).doesNotExist();
  }

  @Test
  void mistakesAreToldAtTheirFields() {
    Page page = signIn(browser.newPage(), "sources/demo/edit");
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
    Page page = signIn(browser.newPage(), "add");
    choose(page, "url");
    button(page, "Next").click();

    field(page, "Address").pressSequentially(address);

    assertThat(page.locator(".said").textContent()).contains(words);
  }

  @Test
  void userAndPasswordOfAnAddressGoIntoTheirFields() {
    Page page = signIn(browser.newPage(), "add");
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
    Page page = signIn(browser.newPage(), "sources");
    page.locator("#source-demo").waitFor();
    Object millis =
        page.evaluate(
            """
            new Promise((resolve) => {
              const button = document.querySelector('[aria-label="Stop demo"]');
              const begin = performance.now();
              new MutationObserver(() => resolve(performance.now() - begin)).observe(button, { childList: true });
              button.click();
            })""");

    assertThat(((Number) millis).doubleValue()).isLessThan(ANSWER_MILLIS);
    awaitText(page, "#source-demo .badge", "Switched off");
    button(page, "Start demo").click();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> !page.locator("#source-demo .badge").textContent().equals("Switched off"));
  }

  @Test
  void listIsKeptUpToDateWithoutEvents() throws Exception {
    Page page = browser.newPage();
    page.route("**/api/v1/events", route -> route.abort());
    signIn(page, "sources");
    page.locator("#source-demo").waitFor();

    home.source("later", "title: Came later", "kind: test-pattern");

    awaitText(page, "#source-later .title", "Came later");
    Files.delete(home.folder().resolve("sources/later.yaml"));
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.locator("#source-later").count() == 0);
  }

  @Test
  void eventsChangeOnlyWhatChanged() throws Exception {
    Page page = signIn(browser.newPage(), "sources");
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

    Page viewer = browser.newPage();
    Browser.open(viewer, server.uri("watch/demo"));
    awaitPlaying(viewer);

    awaitText(page, "#source-demo .watched", "1 viewer");
    awaitText(page, "#source-demo .watched", "1 fMP4");
    assertThat(page.evaluate("touched.has('demo')")).isEqualTo(true);
    assertThat(page.evaluate("touched.has('quiet')")).isEqualTo(false);
  }

  @Test
  void twoHundredSourcesAreFilteredWithoutDelay(@TempDir Path otherHome) throws Exception {
    TestHome many = new TestHome(otherHome.resolve("home"));
    for (int i = 0; i < 200; i++) {
      many.source("camera-" + i, "title: Camera " + i, "kind: test-pattern", "enabled: false");
    }
    try (TestServer own = TestServer.at(many.folder())) {
      Page page = browser.newPage();
      setUp(page, own);
      Browser.await(page, "document.querySelectorAll('.tile').length === 200");

      field(page, "Filter").fill("camera-19");
      awaitText(page, "main", "11 of 200 sources");
      Object millis =
          page.evaluate(
              """
              new Promise((resolve) => {
                const filter = document.getElementById('filter');
                const begin = performance.now();
                filter.value = '';
                filter.dispatchEvent(new Event('input'));
                requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
              })""");

      assertThat(((Number) millis).doubleValue()).isLessThan(500);
      assertThat(browser.takeErrors()).isEmpty();
      browser.closePages();
    }
  }

  @Test
  void operatorSeesNeitherSecretsNorRights() throws Exception {
    String operator = "{\"role\": \"operator\", \"password\": \"operators have one\"}";
    assertThat(call("PUT", "accounts/opal", operator).statusCode()).isBetween(200, 201);
    Page page = counting(laptop());
    Browser.open(page, server.uri("admin/"));
    signIn(page, "opal", "operators have one");

    assertThat(page.locator("#rooms a").allTextContents())
        .containsExactly("Sources", "Nodes", "Server", "Your account");
    goTo(page, "sources/obs");
    Browser.await(page, "document.querySelector('.parts a')");
    assertThat(page.locator(".parts").textContent()).doesNotContain("Send to it", "Share");
    goTo(page, "accounts");
    heading(page, "Not for this account").waitFor();
  }

  @Test
  void publishingIsReadyToPasteAndItsKeyIsRenewed() {
    Page page = signIn(browser.newPage(), "sources/obs/publish");
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
    Page page = signIn(browser.newPage(), "sources/demo/embed");

    awaitText(page, ".lines", "<zoetrope-player src=");
    awaitText(page, ".lines li:has(code:text('zoetrope-player'))", "per viewer, as measured");
  }

  @Test
  void viewerIsDisconnected() {
    Page viewer = browser.newPage();
    Browser.open(viewer, server.uri("watch/demo#gif"));
    awaitPlaying(viewer);
    Page page = signIn(browser.newPage(), "sources/demo/viewers");
    Locator gif = page.locator("tr", new Page.LocatorOptions().setHasText("gif"));
    gif.first().waitFor();
    int before = gif.count();

    gif.first().getByRole(AriaRole.BUTTON).click();

    awaitText(page, "#told", "Disconnected.");
    assertThat(before).isPositive();
  }

  @Test
  void pageRunsUnderItsPolicyWithoutErrors() {
    Page page = signIn(counting(laptop()), "sources");

    for (String path : pages()) {
      goTo(page, path);
    }

    assertThat(browser.takeErrors())
        .as("but for pictures that are not there")
        .allMatch(error -> error.startsWith("Failed to load resource") && error.contains(".jpg"));
  }
}
