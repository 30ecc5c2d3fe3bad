package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.zoetrope.access.Access;
import dev.zoetrope.access.Link;
import dev.zoetrope.config.AccessFile;
import dev.zoetrope.config.Home;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.server.FreePort;
import jakarta.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that goes live from a browser, in a real Chromium whose camera moves and beeps. */
@Tag("browser")
class PublishBrowserIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String KEY = "correct horse&battery";
  private static final String[] FAKE_DEVICES = {
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen"
  };

  @TempDir private static Path folder;
  private static AdminBrowser admin;
  private static TestServer server;
  private static TestAdmin api;
  private static Browser browser;
  private static String expired; // the value of a link

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.secrets("door: " + KEY, "admin-token: \"token of the test\"");
    for (String id :
        List.of("camera", "screen", "microphone", "door", "linked", "stuck", "handed", "phone")) {
      home.source(id, "kind: http-publish", "key: door", "linger: 0s");
    }
    home.source("hidden", "kind: http-publish", "key: door", "access: link", "title: The cellar");
    home.source("pattern", "kind: test-pattern", "width: 320", "height: 180");
    expired = expiredLink(home.folder(), "linked");
    admin = new AdminBrowser(home.folder(), Map.of());
    server = admin.server();
    api = new TestAdmin(server);
    browser = new Browser(FAKE_DEVICES);
  }

  /** As the server itself had made it two hours ago, for one. */
  private static String expiredLink(Path folder, String id) throws Exception {
    Clock past = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
    Home home = Home.resolve(Optional.of(folder.toString()), Map.of(), folder);
    home.prepare();
    try (Access access =
        new Access(
            new AccessFile(home), Optional::empty, source -> List.of(), past, System::nanoTime)) {
      Link link =
          access
              .links()
              .make(
                  "Old",
                  Set.of(new SourceId(id)),
                  Set.of(Link.PUBLISH),
                  Duration.ofHours(1),
                  OptionalInt.empty());
      return access.links().value(link);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
    admin.close();
  }

  @AfterEach
  void closePages() {
    browser.closePages();
    browser.takeErrors();
    admin.closePages();
  }

  private static Page open(String path) {
    Page page = browser.newPage();
    Browser.open(page, server.uri(path));
    return page;
  }

  /** The page of a source, with the key and a camera: all but the last button. */
  private static Page prepared(String id) {
    Page page = open("publish/" + id);
    field(page, "Key").fill(KEY);
    button(page, "Open the camera").click();
    awaitPreview(page);
    return page;
  }

  private static Page live(String id) {
    Page page = prepared(id);
    goLive(page);
    return page;
  }

  private static void awaitPreview(Page page) {
    Browser.await(page, "document.querySelector('#preview').videoWidth > 0");
  }

  private static void goLive(Page page) {
    button(page, "Go live").click();
    awaitState(page, "Live");
  }

  private static void awaitState(Page page, String words) {
    awaitText(page, "#state", words);
  }

  private static Page watch(String id) {
    return open("watch/" + id);
  }

  @ParameterizedTest
  @CsvSource({
    "camera, Open the camera",
    "screen, Choose the screen",
    "microphone, Open the microphone"
  })
  void whatABrowserRecordsIsSeenElsewhere(String kind, String open) throws Exception {
    Page page = open("publish/" + kind);
    assertThat(button(page, "Go live").isDisabled()).isTrue();
    page.locator("input[name=kind][value=" + kind + "]").check();
    button(page, open).click();
    awaitPreview(page);
    assertThat(SourceList.state(server, kind)).as("nothing is sent yet").isEqualTo("idle");
    field(page, "Key").fill(KEY);

    goLive(page);
    Page viewer = watch(kind);

    Players.awaitMoving(viewer);
    Browser.await(viewer, "document.querySelector('zoetrope-player').stats?.ageMillis > 0");
    Players.awaitMoving(page); // what viewers see
    awaitText(page, "#number-age", "ms");
    awaitText(page, "#number-lag", "ms");
    awaitText(page, "#number-viewers", "2");
    awaitText(page, "#number-bits", "Mbit/s");
    button(page, "Stop").click();
    awaitState(page, "Not live");
    SourceList.awaitCause(server, kind, "nobody publishes at the moment");
    assertThat(page.locator("#trouble").textContent()).isEmpty();
    assertThat(browser.takeErrors()).isEmpty();
  }

  @Test
  void viewersHearTheSoundUntilItIsMuted() throws Exception {
    Page page = live("door");
    try (LiveStream sound = LiveStream.open(server.uri("live/door.mp4?tracks=audio"))) {
      sound.awaitMore(20_000);

      assertThat(Seen.of("mp4", sound.bytes()).distinctSounds()).isGreaterThan(10);
    }
    button(page, "Mute").click();

    assertThat(button(page, "Mute").getAttribute("aria-pressed")).isEqualTo("true");
    assertThat(
            page.evaluate(
                "document.querySelector('#preview').srcObject.getAudioTracks()[0].enabled"))
        .isEqualTo(false);
  }

  @Test
  void wrongKeyIsToldAndTheRightOneIsKeptForTheTab() {
    Page page = prepared("door");
    field(page, "Key").fill("open sesame");
    button(page, "Go live").click();

    awaitText(page, "#trouble", "Wrong key.");
    awaitState(page, "Not live");
    assertThat(field(page, "Key").inputValue()).isEmpty();
    assertThat(AdminBrowser.focused(page)).isEqualTo("Key");

    field(page, "Key").fill(KEY);
    goLive(page);
    button(page, "Stop").click();
    awaitState(page, "Not live");
    page.reload();

    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> field(page, "Key").inputValue().equals(KEY));
    Page stranger = open("publish/door");
    Browser.await(stranger, "!document.querySelector('#desk').hidden");
    assertThat(field(stranger, "Key").inputValue()).isEmpty();
  }

  @Test
  void linkNeedsNoKeyUntilItIsRevoked() throws Exception {
    JsonObject link = api.link(List.of("hidden"), List.of("publish"));
    Page page = open(link.getString("path").substring(1));
    button(page, "Open the camera").click();
    awaitPreview(page);
    assertThat(field(page, "Key").isVisible()).isFalse();
    goLive(page);
    assertThat(page.locator("#unseen").isVisible()).as("the link is not for watching").isTrue();

    api.revoke(link);

    awaitText(page, "#trouble", "This link has expired, or was revoked.");
    awaitState(page, "Not live");
  }

  @Test
  void expiredLinkIsToldAndAKeyIsAskedFor() {
    Page page = open("publish/linked?link=" + expired);
    button(page, "Open the camera").click();
    awaitPreview(page);

    button(page, "Go live").click();

    awaitText(page, "#trouble", "This link has expired; ask for a new one.");
    field(page, "Key").fill(KEY);
    goLive(page);
  }

  @Test
  void anotherPublisherIsTold() throws Exception {
    try (PublisherSocket other = PublisherSocket.ready(server, "door", KEY);
        LiveClip clip = LiveClip.endless(other, "matroska")) {
      SourceList.awaitState(server, "door", "live");
      Page page = prepared("door");
      awaitState(page, "Somebody else is live");

      button(page, "Go live").click();

      awaitText(page, "#trouble", "Somebody else is publishing already.");
      assertThat(button(page, "Go live").isVisible()).isTrue();
      assertThat(clip.bytes()).isPositive();
      assertThat(other.isClosed()).isFalse();
    }
  }

  @Test
  void publisherOutlivesARestartOfTheServer() throws Exception {
    TestHome home = new TestHome(folder.resolve("restarted"));
    home.secrets("door: " + KEY).source("gate", "kind: http-publish", "key: door");
    String port = Integer.toString(FreePort.find());
    Page page = browser.newPage();
    page.addInitScript(Browser.IMPATIENT);
    try (TestServer first = TestServer.at(home.folder(), "--port", port)) {
      Browser.open(page, first.uri("publish/gate"));
      field(page, "Key").fill(KEY);
      button(page, "Open the camera").click();
      awaitPreview(page);
      goLive(page);
    }
    awaitState(page, "Interrupted");

    try (TestServer second = TestServer.at(home.folder(), "--port", port)) {
      awaitState(page, "Live");
      Page viewer = browser.newPage();
      Browser.open(viewer, second.uri("watch/gate"));
      Players.awaitMoving(viewer);
      assertThat(page.locator("#trouble").textContent()).isEmpty();
    }
  }

  @Test
  void streamThatIsNotReadBeginsAnew() throws Exception {
    Page page = live("stuck");
    Page viewer = watch("stuck");
    Players.awaitMoving(viewer);
    List<Long> stopped = server.children().stream().map(ProcessHandle::pid).toList();
    for (long pid : stopped) {
      Program.run("kill", "-STOP", Long.toString(pid));
    }

    Browser.await(page, "!document.querySelector('#state').textContent.startsWith('Live')");

    awaitState(page, "Live");
    Players.awaitMoving(viewer);
  }

  @Test
  void whoLeavesWhileLiveIsWarnedAndTheStreamEnds() {
    Page page = live("door");
    List<String> asked = new ArrayList<>();
    page.onDialog(
        dialog -> {
          asked.add(dialog.type());
          dialog.accept();
        });

    page.waitForClose(() -> page.close(new Page.CloseOptions().setRunBeforeUnload(true)));

    assertThat(asked).containsExactly("beforeunload");
    await("the end of the stream")
        .atMost(LIMIT)
        .until(() -> !SourceList.state(server, "door").equals("live"));
  }

  @Test
  void pageThatCameByPlainHttpIsToldWhyItNeedsHttps() {
    URI address = URI.create("http://zoetrope.example:" + server.uri().getPort() + "/publish/door");
    try (Browser elsewhere = new Browser("--host-resolver-rules=MAP zoetrope.example 127.0.0.1")) {
      Page page = elsewhere.newPage();
      Browser.open(page, address);

      awaitText(page, "#trouble", "only to pages that come by https");
      assertThat(page.locator("#desk").isVisible()).isFalse();
    }
  }

  @Test
  void browserThatCannotRecordIsTold() {
    Page page = browser.newPage();
    page.addInitScript("delete window.MediaRecorder");
    Browser.open(page, server.uri("publish/door"));

    awaitText(page, "#trouble", "This browser cannot record.");
    assertThat(page.locator("#desk").isVisible()).isFalse();
  }

  @Test
  void cameraThatIsDeniedIsTold() {
    try (Browser denying =
        new Browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny")) {
      Page page = denying.newPage();
      Browser.open(page, server.uri("publish/door"));
      button(page, "Open the camera").click();

      awaitText(page, "#trouble", "The browser does not let this page use the camera");
      assertThat(button(page, "Open the camera").isEnabled()).isTrue();
      assertThat(button(page, "Go live").isDisabled()).isTrue();
    }
  }

  @Test
  void allIsDoneByKeyboard() {
    Page page = open("publish/door");
    Browser.await(page, "!document.querySelector('#desk').hidden");
    AdminBrowser.tabTo(page, "Key");
    page.keyboard().type(KEY);
    AdminBrowser.tabTo(page, "Open the camera");
    page.keyboard().press("Enter");
    awaitPreview(page);
    AdminBrowser.tabTo(page, "Go live");
    page.keyboard().press("Enter");
    awaitState(page, "Live");
    assertThat(AdminBrowser.focused(page)).isEqualTo("Stop");
    page.keyboard().press("Enter");
    awaitState(page, "Not live");
    assertThat(AdminBrowser.focused(page)).isEqualTo("Go live");
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void axeFindsNothing(ColorScheme scheme) throws Exception {
    Page page =
        browser.newPage(new NewContextOptions().setViewportSize(1280, 800).setColorScheme(scheme));
    Browser.open(page, server.uri("publish/door"));
    Browser.await(page, "!document.querySelector('#desk').hidden");

    field(page, "Key").fill(KEY);
    button(page, "Open the camera").click();
    awaitPreview(page);
    goLive(page);
    assertThat(Browser.violations(page, "live")).isEmpty();
  }

  @Test
  void phoneShowsItWithoutScrollingSideways() {
    Page page =
        browser.newPage(
            new NewContextOptions().setViewportSize(320, 640).setIsMobile(true).setHasTouch(true));
    Browser.open(page, server.uri("publish/phone"));
    field(page, "Key").fill(KEY);
    button(page, "Open the camera").click();
    awaitPreview(page);

    goLive(page);

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
  }

  @Test
  void operatorHandsOnALinkThatGoesLive() {
    Page operator = admin.open("sources/handed/publish");
    String here =
        operator
            .locator("a", new Page.LocatorOptions().setHasText("Open on this device"))
            .getAttribute("href");
    assertThat(here).startsWith(server.uri("publish/handed#key=").toString());
    button(operator, "Make a link to send").click();
    awaitText(operator, "main", "/publish/handed?link=");
    String address =
        operator.locator("code", new Page.LocatorOptions().setHasText("?link=")).textContent();

    Page own = browser.newPage();
    Browser.open(own, URI.create(here));
    await("the key")
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> field(own, "Key").inputValue().equals(KEY));
    assertThat(own.url()).doesNotContain("#");
    Page guest = browser.newPage();
    Browser.open(guest, URI.create(address));
    button(guest, "Open the camera").click();
    awaitPreview(guest);
    goLive(guest);
    Players.awaitMoving(guest); // the link is for watching as well
  }

  @Test
  void formForLinksOffersGoingLiveWhereASourceTakesIt() {
    Page page = admin.open("sources/handed/share");
    button(page, "New link").click();
    AdminBrowser.answer(page, "Make the link").waitFor();
    field(page, "Go live").check();
    AdminBrowser.answer(page, "Make the link").click();
    awaitText(page, ".lines code", "/publish/handed?link=");
    awaitText(page, "table", "Going live");

    AdminBrowser.goTo(page, "sources/pattern/share", "pattern");
    button(page, "New link").click();
    AdminBrowser.answer(page, "Make the link").waitFor();
    assertThat(field(page, "Go live").count()).isZero();
  }
}
