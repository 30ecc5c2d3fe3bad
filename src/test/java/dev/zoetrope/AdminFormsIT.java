package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.LIMIT;
import static dev.zoetrope.AdminBrowser.answer;
import static dev.zoetrope.AdminBrowser.awaitFocus;
import static dev.zoetrope.AdminBrowser.awaitGone;
import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static dev.zoetrope.AdminBrowser.fill;
import static dev.zoetrope.AdminBrowser.focused;
import static dev.zoetrope.AdminBrowser.goTo;
import static dev.zoetrope.AdminBrowser.heading;
import static dev.zoetrope.AdminBrowser.tabTo;
import static dev.zoetrope.AdminBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.server.FreePort;
import jakarta.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The forms and buttons of the admin page in a real Chromium, at a server with 200 cameras: what
 * administrators fill in, what comes of it, and what they are told.
 */
@Tag("browser")
class AdminFormsIT {
  private static final int CAMERAS = 200;
  private static final Pattern BEARER = Pattern.compile("Bearer ([\\w-]+)");
  private static final String OTHER_PASSWORD = "another sentence";

  @RegisterExtension
  private static final AdminBrowser admin = new AdminBrowser(AdminFormsIT::furnish);

  private static TestAdmin api;
  private static int closedPort;

  private static void furnish(TestHome home) throws Exception {
    for (int i = 0; i < CAMERAS; i++) {
      String title = "title: Camera %03d".formatted(i);
      home.source("camera-%03d".formatted(i), title, "kind: test-pattern", "enabled: false");
    }
    home.source("demo", "title: Demonstration", "kind: test-pattern", "width: 320", "height: 180");
    home.source("plot", "kind: pictures", "key: plot-key");
    closedPort = FreePort.find();
    String url = "url: http://127.0.0.1:" + closedPort + "/stream";
    home.source("failing", "kind: url", url, "keepRunning: true");
    home.secrets("plot-key: \"long-and-random\"", "admin-token: \"token of the test\"");
    home.settings("rtmpPort: " + FreePort.find(), "limits:", "  sources: 300");
  }

  @BeforeAll
  static void start() throws Exception {
    api = admin.api();
  }

  // Accounts.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "viewer   | Viewer: watches chosen sources | Your account",
        "operator | Operator: starts and stops all | Sources Nodes Server Your account",
        "admin    | Administrator: everything      | Sources Add a source Links"
            + " Accounts Tokens Nodes Server Your account",
      })
  void accountIsMadeSignsInAndIsDeleted(String role, String label, String rooms) throws Exception {
    Page page = admin.open("accounts");
    String name = "one-" + role;
    button(page, "New account").click();
    fill(page, "Name", name);
    field(page, "Role").selectOption(label);
    boolean isViewer = role.equals("viewer");
    assertThat(field(page, "Show only").isVisible()).isEqualTo(isViewer);
    if (isViewer) {
      fill(page, "Show only", "camera-007");
      field(page, "Camera 007 (camera-007)").check();
      awaitText(page, "dialog fieldset", "1 of 203 sources chosen");
    }
    fill(page, "Password", OTHER_PASSWORD);
    answer(page, "Save").click();
    awaitText(page, "#told", "Saved.");
    awaitFocus(page, "New account");
    String row = row(page, name).textContent();
    assertThat(row).contains(isViewer ? "camera-007" : "all", "never");
    assertThat(row).contains(role.equals("admin") ? "administrator" : role);

    Page own = admin.stranger("sources");
    admin.signIn(own, name, OTHER_PASSWORD);
    assertThat(String.join(" ", own.locator("#rooms a").allTextContents())).isEqualTo(rooms);
    button(page, "Delete " + name).click();
    heading(page, "Delete " + name + "?").waitFor();
    answer(page, "Delete").click();

    awaitText(page, "#told", name + " is deleted.");
    awaitFocus(page, "New account");
    assertThat(row(page, name).count()).isZero();
    await().atMost(LIMIT).pollInSameThread().until(() -> role(own).equals("nobody"));
    assertThat(api.text("GET", "accounts", "", 200)).doesNotContain(name);
  }

  private static Locator row(Page page, String name) {
    return page.locator("tr", new Page.LocatorOptions().setHasText(name));
  }

  /** What the server says of who is signed in. */
  private static String role(Page page) {
    return String.valueOf(
        page.evaluate(
            "fetch('../api/v1/session').then((answer) => answer.json()).then(({ role }) => role)"));
  }

  @Test
  void accountIsChangedAndItsOldRightsEnd() throws Exception {
    api.call("PUT", "accounts/opal", "{\"role\": \"admin\", \"password\": \"opals own one\"}", 201);
    Page own = admin.stranger("accounts");
    admin.signIn(own, "opal", "opals own one");
    Page page = admin.open("accounts");

    button(page, "Change opal").click();
    assertThat(field(page, "Name").isDisabled()).isTrue();
    field(page, "Role").selectOption("operator");
    fill(page, "New password", OTHER_PASSWORD);
    answer(page, "Save").click();
    awaitText(page, "#told", "Saved.");

    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> row(page, "opal").textContent().contains("operator"));
    await().atMost(LIMIT).pollInSameThread().until(() -> role(own).equals("nobody"));
    own.reload();
    admin.signIn(own, "opal", OTHER_PASSWORD);
    heading(own, "Not for this account").waitFor();
    api.call("DELETE", "accounts/opal", "", 204);
  }

  @Test
  void mistakesInAnAccountAreToldAtItsFields() throws Exception {
    Page page = admin.open("accounts");
    button(page, "New account").click();

    fill(page, "Name", "Capital");
    fill(page, "Password", OTHER_PASSWORD);
    page.keyboard().press("Enter");
    awaitText(page, "dialog .field:has([name=name]) .problem", "Expected 1 to 64 of a-z");
    awaitFocus(page, "Name");
    fill(page, "Name", "admin");
    page.keyboard().press("Enter");
    awaitText(page, "dialog .field:has([name=name]) .problem", "There is an account admin already");
    button(page, "Show what is typed").click();
    assertThat(field(page, "Password").getAttribute("type")).isEqualTo("text");
    page.keyboard().press("Escape");
    awaitFocus(page, "New account");

    assertThat(api.text("GET", "accounts", "", 200)).containsOnlyOnce("\"name\"");
    button(page, "Delete admin").click();
    awaitText(page, "dialog", "This is your own account");
    answer(page, "Delete").click();
    awaitText(page, "main .problem", "Admin is the last administrator: make another one first.");
  }

  @Test
  void ownPasswordIsChangedAndOtherSessionsEnd() throws Exception {
    api.call(
        "PUT", "accounts/paula", "{\"role\": \"operator\", \"password\": \"paulas first\"}", 201);
    Page page = admin.stranger("account");
    admin.signIn(page, "paula", "paulas first");
    Page elsewhere = admin.stranger("account");
    admin.signIn(elsewhere, "paula", "paulas first");

    fill(page, "Present password", "not that one");
    fill(page, "New password", OTHER_PASSWORD);
    button(page, "Change the password").click();
    awaitText(page, ".field:has([autocomplete=current-password]) .problem", "present password");
    awaitFocus(page, "Present password");
    fill(page, "Present password", "paulas first");
    changePassword(page);

    assertThat(field(page, "New password").inputValue()).isEmpty();
    assertThat(role(page)).isEqualTo("operator");
    assertThat(role(elsewhere)).isEqualTo("nobody");
    Page again = admin.stranger("account");
    admin.signIn(again, "paula", OTHER_PASSWORD);
    api.call("DELETE", "accounts/paula", "", 204);
  }

  /** A wrong one before has the server wait for a second, which the page tells. */
  private static void changePassword(Page page) {
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              page.evaluate("document.querySelector('main form .buttons button').click()");
              return text(page, "#told").contains("The password is changed.");
            });
  }

  @Test
  void signingInSaysWhatToDo() {
    Page page = admin.stranger("sources");

    fill(page, "Account", "admin");
    fill(page, "Password", "not the right one");
    page.keyboard().press("Enter");
    awaitText(page, "main [role=alert]", "Account or password is not right. Please check both");
    page.keyboard().press("Enter");
    awaitText(page, "main [role=alert]", "the next one is taken in");
    assertThat(text(page, "main [role=alert]")).matches("Too many wrong tries; .* in \\d+ s\\.");
    page.getByText("Password forgotten?").click();

    assertThat(page.getByText("ZOETROPE_ADMIN_PASSWORD").isVisible()).isTrue();
    admin.signIn(page, "admin", AdminBrowser.PASSWORD);
  }

  @Test
  void setupLinkThatHasDoneItsWorkLeadsToSigningIn() {
    Page page = admin.stranger("");

    Browser.open(page, admin.server().uri("admin/?again#setup=3q2-7w"));

    heading(page, "Sign in").waitFor();
    awaitText(page, "#told", "This server is set up already");
    assertThat(page.url()).doesNotContain("3q2");
  }

  @Test
  void keyboardAloneMakesAndDeletesAnAccount() {
    Page page = admin.open("accounts");

    tabTo(page, "New account");
    page.keyboard().press("Enter");
    awaitFocus(page, "Name");
    page.keyboard().type("keys");
    tabTo(page, "Role");
    page.keyboard().press("ArrowDown"); // from viewer to operator
    tabTo(page, "Password");
    page.keyboard().type(OTHER_PASSWORD);
    page.keyboard().press("Enter");
    awaitText(page, "#told", "Saved.");
    awaitFocus(page, "New account");
    tabTo(page, "Delete keys");
    page.keyboard().press("Enter");
    awaitFocus(page, "Cancel");
    page.keyboard().press("Tab");
    assertThat(focused(page)).isEqualTo("Delete");
    page.keyboard().press("Enter");

    awaitText(page, "#told", "keys is deleted.");
    awaitFocus(page, "New account");
  }

  // Tokens and keys.

  @Test
  void tokenIsShownOnceUsedAndRevoked() throws Exception {
    Page page = admin.open("tokens");
    page.getByText("There are no tokens.").waitFor();
    button(page, "New token").click();
    fill(page, "Title", "Home automation");
    fill(page, "Good for so many days", "30");
    page.keyboard().press("Enter");
    awaitText(page, ".lines", "It is shown this once: copy it now.");
    awaitFocus(page, "Copy the line for Token Home automation");
    String token = text(page, ".lines code");
    assertThat(token).startsWith("zoetrope-");
    assertThat(row(page, "Home automation").textContent()).contains("operator", "never");

    assertThat(status("sources", token)).isEqualTo(200);
    assertThat(status("accounts", token)).isEqualTo(403);
    page.reload();
    row(page, "Home automation").waitFor();
    assertThat(page.content()).doesNotContain(token);
    assertThat(api.text("GET", "tokens", "", 200)).doesNotContain(token);
    button(page, "Revoke Home automation").click();
    answer(page, "Revoke").click();

    awaitText(page, "#told", "Home automation is revoked.");
    awaitFocus(page, "New token");
    assertThat(status("sources", token)).isEqualTo(401);
  }

  private static int status(String path, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(admin.server().uri("api/v1/" + path))
            .header("Authorization", "Bearer " + token)
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.ofString()).statusCode();
  }

  @Test
  void publishKeyIsRenewedAndTheOldOneRefused() throws Exception {
    Page page = admin.open("sources/plot/publish");
    awaitText(page, ".lines code", "Bearer long-and-random");
    assertThat(publishPicture("long-and-random")).isBetween(200, 204);

    button(page, "New key").click();
    answer(page, "Cancel").click();
    assertThat(text(page, ".lines code")).contains("Bearer long-and-random");
    button(page, "New key").click();
    answer(page, "New key").click();

    awaitText(page, "#told", "The key is new");
    awaitFocus(page, "New key");
    Matcher fresh = BEARER.matcher(text(page, ".lines code"));
    assertThat(fresh.find()).isTrue();
    assertThat(fresh.group(1)).isNotEqualTo("long-and-random");
    assertThat(publishPicture("long-and-random")).isEqualTo(401);
    String key = fresh.group(1);
    await().atMost(LIMIT).until(() -> publishPicture(key) != 429); // a wrong key costs a second
    assertThat(publishPicture(key)).isBetween(200, 204);
  }

  private static int publishPicture(String key) throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(320, 180, BufferedImage.TYPE_INT_RGB), "png", png);
    HttpRequest request =
        HttpRequest.newBuilder(admin.server().uri("publish/plot/picture"))
            .PUT(BodyPublishers.ofByteArray(png.toByteArray()))
            .header("Authorization", "Bearer " + key)
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.ofString()).statusCode();
  }

  // Links.

  @Test
  void linkIsForTheSourcesAndWaysThatAreChosen() throws Exception {
    Page page = admin.open("links");
    button(page, "New link").click();
    answer(page, "Make the link").click();
    awaitText(page, "dialog .problem:not(:empty)", "Please choose at least one source.");
    fill(page, "Show only", "demonstration");
    field(page, "Demonstration (demo)").check();
    for (String way : List.of("fMP4", "MPEG-1", "MJPEG", "GIF")) {
      field(page, way).uncheck();
    }
    answer(page, "Make the link").click();
    awaitText(page, "dialog .problem:not(:empty)", "Please choose at least one way to watch.");
    field(page, "GIF").check();
    fill(page, "Title", "Only GIF");
    answer(page, "Make the link").click();

    awaitFocus(page, "Copy the line for New link, Only GIF");
    assertThat(row(page, "Only GIF").textContent()).contains("demo", "GIF").doesNotContain("all");
    assertThat(api.text("GET", "links", "", 200)).contains("[\"gif\",\"jpg\"]");
    button(page, "Revoke Only GIF").click();
    answer(page, "Revoke").click();
    awaitFocus(page, "New link");
    page.getByText("There are no links.").waitFor();
  }

  // Everything as one file.

  @Test
  void everythingIsExportedAndImported() throws Exception {
    Page page = admin.open("server");
    Path exported = page.waitForDownload(() -> button(page, "Export").click()).path();
    JsonObject copy = Operator.object(Files.readString(exported));
    assertThat(copy.getJsonObject("sources")).containsKeys("demo", "camera-199");
    assertThat(copy.getString("access")).contains("admin");
    awaitText(page, "#told", "The file is in your downloads.");
    page.locator("#import-file").setInputFiles(exported);
    button(page, "Import").click();
    awaitText(page, "#told", "Nothing would change");

    api.text("DELETE", "sources/camera-100", "", 204);
    api.call("PATCH", "sources/camera-101", "{\"title\": \"Another\"}", 200);
    button(page, "Import").click();
    heading(page, "Import this file?").waitFor();
    assertThat(text(page, "dialog"))
        .contains("New sourcescamera-100", "Changed sourcescamera-101", "Removed sourcesnone");
    assertThat(admin.home().folder().resolve("sources/camera-100.yaml")).doesNotExist();
    answer(page, "Import").click();

    awaitText(page, "#told", "Imported.");
    assertThat(admin.home().folder().resolve("sources/camera-100.yaml")).exists();
    assertThat(admin.home().folder().resolve("sources/camera-101.yaml"))
        .content()
        .contains("title: Camera 101");
    assertThat(role(page)).isEqualTo("admin");
  }

  @Test
  void fileThatCannotBeImportedIsExplained(@TempDir Path files) throws Exception {
    Page page = admin.open("server");
    button(page, "Import").click();
    awaitText(page, ".apart .problem", "Please choose a file that was exported before.");
    page.locator("#import-file")
        .setInputFiles(Files.writeString(files.resolve("holiday.txt"), "sun"));
    button(page, "Import").click();
    awaitText(page, ".apart .problem", "holiday.txt is no JSON");
    String wrong = "{\"zoetrope\": 1, \"sources\": {\"gate\": \"kind: test-pattern\\nfps: many\"}}";
    page.locator("#import-file")
        .setInputFiles(Files.writeString(files.resolve("copy.json"), wrong));
    button(page, "Import").click();

    awaitText(page, ".apart .problem", "Nothing is changed, for there are mistakes.");
    assertThat(text(page, ".apart .problem")).contains("gate.yaml:2", "fps", "xpected");
    assertThat(admin.home().folder().resolve("sources/gate.yaml")).doesNotExist();
  }

  // One source.

  @Test
  void logIsShownAsItIsWritten() throws Exception {
    Page page = admin.open("sources/failing/log");
    awaitText(page, ".log", "refused");
    awaitText(page, ".note", "does not accept connections");
    assertThat(text(page, ".log")).doesNotContain("404");

    HttpServer empty =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort), 0);
    empty.start();
    try {
      button(page, "Try now failing").click();

      awaitText(page, ".log", "404");
      awaitText(page, ".note", "has no stream of this name");
    } finally {
      empty.stop(0);
    }
  }

  @Test
  void oneViewerIsClosedAndTheOtherStays() {
    try (LiveStream gif = LiveStream.open(admin.server().uri("live/demo.gif"));
        LiveStream mjpeg = LiveStream.open(admin.server().uri("live/demo.mjpeg"))) {
      gif.awaitMore(1_000);
      mjpeg.awaitMore(1_000);
      Page page = admin.open("sources/demo/viewers");
      row(page, "MJPEG").waitFor();
      Locator close = row(page, "GIF").getByText("Disconnect");

      close.focus();
      page.keyboard().press("Enter");

      await().atMost(LIMIT).until(gif::hasEnded);
      await().atMost(LIMIT).pollInSameThread().until(() -> row(page, "GIF").count() == 0);
      awaitFocus(page, "Disconnect 127.0.0.1");
      mjpeg.awaitMore(20_000);
      assertThat(row(page, "MJPEG").count()).isEqualTo(1);
    }
  }

  @Test
  void costsAreToldBeforeAnybodyWatches() {
    Page page = admin.open("sources/demo/embed");

    awaitText(page, ".lines li:has(code:not(:empty))", "Will cost");
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(
            () ->
                assertThat(page.locator(".lines").textContent())
                    .contains("by the size of its newest picture", "about 800 kbit/s per viewer"));
  }

  // Many sources, and all pages.

  @Test
  void twoHundredSourcesAreFilteredAsItIsTyped() throws Exception {
    Page page = admin.open("sources");
    Browser.await(page, "document.querySelectorAll('.tile').length >= " + CAMERAS);
    Locator filter = field(page, "Filter");

    filter.pressSequentially("camera-19");
    awaitText(page, "main [role=status].hint", "10 of 203 sources");
    assertThat(page.locator(".tile:visible").count()).isEqualTo(10);
    assertThat(focused(page)).isEqualTo("Filter");
    filter.fill("pictures");
    awaitText(page, "main [role=status].hint", "1 of 203 sources");
    filter.fill("OFF 07 Camera");
    awaitText(page, "main [role=status].hint", "12 of 203 sources"); // 070 to 079, 007, 107
    filter.fill("nothing like it");
    awaitText(page, "main [role=status].hint", "0 of 203 sources");
    admin.home().source("late", "title: Came late", "kind: test-pattern", "enabled: false");
    awaitText(page, "main [role=status].hint", "0 of 204 sources");
    filter.fill("late");
    awaitText(page, "main [role=status].hint", "1 of 204 sources");
    List<?> millis =
        (List<?>)
            page.evaluate(
                """
                (async () => {
                  const filter = document.getElementById('filter');
                  const type = (text) => {
                    const begin = performance.now();
                    filter.value = text;
                    filter.dispatchEvent(new Event('input'));
                    const done = performance.now() - begin;
                    return new Promise((resolve) =>
                        requestAnimationFrame(() => setTimeout(() => resolve([done, performance.now() - begin]))));
                  };
                  let quickest = [Infinity, Infinity];
                  for (let i = 0; i < 5; i++) { // a busy machine may have something else to do now and then
                    await type('late');
                    const took = await type('');
                    quickest = quickest.map((millis, part) => Math.min(millis, took[part]));
                  }
                  return quickest;
                })()""");

    assertThat(((Number) millis.get(0)).doubleValue()).as("the filter itself").isLessThan(100);
    assertThat(((Number) millis.get(1)).doubleValue()).as("until it is shown").isLessThan(500);
    Files.delete(admin.home().folder().resolve("sources/late.yaml"));
    awaitGone(page, "#source-late");
  }

  @Test
  void firstSourceIsAskedForWhereThereIsNone() throws Exception {
    Page page = admin.newPage(new NewContextOptions().setViewportSize(1280, 800));
    page.route("**/api/v1/events", Route::abort);
    page.route(
        "**/api/v1/sources",
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody("[]")));
    Browser.open(page, admin.address("sources"));

    heading(page, "No sources yet").waitFor();
    assertThat(Browser.violations(page, "no sources")).isEmpty();
    page.getByText("Add the first one").click();

    heading(page, "What is it?").waitFor();
  }

  @ParameterizedTest
  @CsvSource({
    "accounts, accounts, .hint",
    "tokens, tokens, .hint",
    "links, links, .hint",
    "nodes, nodes, .hint",
    "server, server, .hint",
    "sources/demo/viewers, sources/*/viewers*, .part .hint",
    "sources/demo/timeline, sources/*/timeline*, .timeline",
    "sources/demo/log, sources/*/log*, .log",
    "sources/plot/publish, sources/*/publish-key/reveal, .lines",
  })
  void whatIsAskedForIsSaidMeanwhile(String path, String asked, String place) {
    Page page = admin.open("nowhere");
    List<Route> held = new ArrayList<>();
    page.route("**/api/v1/" + asked, held::add);

    page.evaluate("path => { location.hash = '#/' + path }", path);

    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () ->
                page.locator("main " + place).allTextContents().stream()
                    .anyMatch(text -> text.equals("Asking the server…")));
    Browser.await(page, "true"); // lets what was asked come in
    page.unroute("**/api/v1/" + asked);
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              held.forEach(Route::resume);
              held.clear();
              return page.getByText("Asking the server…").count() == 0;
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void axeFindsNothingInDialogs(ColorScheme scheme) throws Exception {
    Page page =
        admin.open(
            "accounts", new NewContextOptions().setViewportSize(1280, 900).setColorScheme(scheme));
    List<String> found = new ArrayList<>();

    for (Dialog dialog : dialogs()) {
      dialog.open(page);
      found.addAll(Browser.violations(page, dialog.heading));
      page.keyboard().press("Escape");
      awaitGone(page, "dialog");
    }
    goTo(page, "add", "Add a source");
    page.locator("input[name=kind][value=url]").check();
    button(page, "Next").click();
    field(page, "Not sure? Typical addresses").selectOption("Reolink");
    found.addAll(Browser.violations(page, "typical address"));
    goTo(page, "sources/nobody", "nobody");
    page.getByText("There is no source nobody").waitFor();
    found.addAll(Browser.violations(page, "no such source"));

    assertThat(found).isEmpty();
  }

  @Test
  void dialogsFitAPhone() {
    Page page =
        admin.open(
            "accounts",
            new NewContextOptions().setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));

    for (Dialog dialog : dialogs()) {
      dialog.open(page);
      Object wide =
          page.evaluate(
              """
              (() => {
                const box = document.querySelector('dialog').getBoundingClientRect();
                const isWithin = box.left >= 0 && box.right <= 360 && box.top >= 0 && box.bottom <= 740;
                const { scrollWidth, clientWidth } = document.querySelector('dialog');
                return isWithin && scrollWidth === clientWidth && document.documentElement.scrollWidth === 360;
              })()""");
      assertThat(wide).as(dialog.heading).isEqualTo(true);
      page.keyboard().press("Escape");
      awaitGone(page, "dialog");
    }
    Browser.open(page, admin.server().uri("api/"));
    Browser.await(page, "document.querySelectorAll('details').length > 40");
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
  }

  @Test
  void tablesAreCardsOnAPhone() {
    Page page =
        admin.open(
            "accounts",
            new NewContextOptions().setViewportSize(360, 740).setIsMobile(true).setHasTouch(true));

    button(page, "Delete admin").waitFor();
    Object fits =
        page.evaluate(
            """
            (() => {
              const { scrollWidth, clientWidth } = document.querySelector('.wide');
              const button = document.querySelector('.wide .danger').getBoundingClientRect();
              return scrollWidth === clientWidth && button.right <= 360;
            })()""");
    assertThat(fits).isEqualTo(true);
    Object said =
        page.evaluate("getComputedStyle(document.querySelector('.wide td'), '::before').content");
    assertThat(said).isEqualTo("\"Role\"");
  }

  private static List<Dialog> dialogs() {
    return List.of(
        new Dialog("accounts", "Accounts", "New account", "New account"),
        new Dialog("accounts", "Accounts", "Change admin", "Change admin"),
        new Dialog("accounts", "Accounts", "Delete admin", "Delete admin?"),
        new Dialog("tokens", "Tokens", "New token", "New token"),
        new Dialog("nodes", "Nodes", "New node key", "New node key"),
        new Dialog("links", "Links", "New link", "New link"),
        new Dialog("sources/plot/publish", "plot", "New key", "Make a new key?"));
  }

  private record Dialog(String path, String pageHeading, String button, String heading) {
    void open(Page page) {
      goTo(page, path, pageHeading);
      AdminBrowser.button(page, button).click();
      AdminBrowser.heading(page, heading).waitFor();
    }
  }
}
