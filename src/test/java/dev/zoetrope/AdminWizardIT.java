package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.LIMIT;
import static dev.zoetrope.AdminBrowser.answer;
import static dev.zoetrope.AdminBrowser.awaitFocus;
import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static dev.zoetrope.AdminBrowser.fill;
import static dev.zoetrope.AdminBrowser.heading;
import static dev.zoetrope.AdminBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.onvif.NetworkCamera;
import dev.zoetrope.server.FreePort;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of all sorts are added by the wizard of the admin page, in a real Chromium. */
@Tag("browser")
class AdminWizardIT {
  private static final Path STAND_INS = Path.of("src/test/programs").toAbsolutePath();

  @TempDir private static Path folder;
  private static AdminBrowser admin;
  private static StreamingServer streaming;
  private static HttpServer guarded; // by a password

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.settings(
        "hardware: off",
        "rtmpPort: " + FreePort.find(),
        "ffmpeg: " + STAND_INS.resolve("ffmpeg-with-webcam"));
    home.source("taken", "kind: test-pattern", "enabled: false");
    home.source("moving", "kind: test-pattern", "width: 320", "height: 180");
    home.media("h264-aac.mp4");
    String clip = LiveClips.folder().resolve("hevc.mp4").toString();
    List<String> hevc = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-v", "error", "-re"));
    hevc.addAll(List.of("-stream_loop", "-1", "-i", clip, "-c", "copy", "-f", "mpegts", "pipe:1"));
    streaming =
        new StreamingServer()
            .stream("/hevc.ts", "video/mp2t", hevc).files("/files", LiveClips.folder());
    guarded = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    guarded
        .createContext("/", exchange -> exchange.sendResponseHeaders(204, -1))
        .setAuthenticator(
            new BasicAuthenticator("camera") {
              @Override
              public boolean checkCredentials(String user, String password) {
                return password.equals("the right one");
              }
            });
    guarded.start();
    String path = STAND_INS + ":" + System.getenv("PATH");
    admin = new AdminBrowser(home.folder(), Map.of("PATH", path));
  }

  @AfterAll
  static void stop() throws Exception {
    admin.close();
    streaming.close();
    guarded.stop(0);
  }

  @AfterEach
  void closePages() {
    admin.closePages();
  }

  private static void next(Page page) {
    button(page, "Next").click();
  }

  /** The second step, for a camera by its address. */
  private static Page atAddress() {
    Page page = admin.open("add");
    page.locator("input[name=kind][value=url]").check();
    next(page);
    heading(page, "Where does it come from?").waitFor();
    return page;
  }

  private static void awaitLive(Page page, String title) {
    heading(page, title).waitFor();
    awaitText(page, ".bar .badge", "Live");
    Browser.await( // these browsers ask for little motion: stills are what they get first
        page, "['playing', 'calm'].includes(document.querySelector('zoetrope-player').state)");
  }

  private static String file(String id) throws Exception {
    return Files.readString(folder.resolve("home/sources").resolve(id + ".yaml"));
  }

  @Test
  void webcamThatIsFoundIsTriedAndAdded() throws Exception {
    Page page = admin.newPage(new NewContextOptions().setViewportSize(1280, 800));
    page.route("**/api/v1/devices", AdminWizardIT::withWebcam);
    Browser.open(page, admin.address("add"));

    page.getByText("Desk camera (/dev/video0)").click();
    heading(page, "Where does it come from?").waitFor();
    assertThat(field(page, "Device").inputValue()).isEqualTo("/dev/video0");
    next(page);
    page.getByText("It works").waitFor();
    assertThat(text(page, ".trial")).contains("640 × 480");
    next(page);
    assertThat(field(page, "Title").inputValue()).isEqualTo("Desk camera");
    button(page, "Add the source").click();

    awaitLive(page, "Desk camera");
    assertThat(file("desk-camera")).contains("kind: webcam", "/dev/video0");
  }

  /** What the server has found, and a webcam beside it. */
  private static void withWebcam(Route route) {
    APIResponse real = route.fetch();
    JsonObject webcam =
        Json.createObjectBuilder().add("device", "/dev/video0").add("name", "Desk camera").build();
    String devices =
        Json.createObjectBuilder(Operator.object(real.text()))
            .add("webcams", Json.createArrayBuilder().add(webcam))
            .build()
            .toString();
    route.fulfill(new Route.FulfillOptions().setResponse(real).setBody(devices));
  }

  @Test
  void raspberryPiCameraThatIsFoundIsTried() {
    Page page = admin.open("add");

    page.getByText("Raspberry Pi camera 0 (imx708)").click();
    heading(page, "Where does it come from?").waitFor();
    assertThat(field(page, "Camera").inputValue()).isEqualTo("0");
    fill(page, "Width", "320");
    fill(page, "Height", "180");
    next(page);

    page.getByText("It works").waitFor();
    assertThat(text(page, ".trial")).contains("320 × 180");
  }

  @Test
  void cameraOnTheNetworkIsFoundAskedTriedAndAdded() throws Exception {
    try (RtspServer rtsp = RtspServer.start();
        NetworkCamera camera = new NetworkCamera("Front door", rtsp.uri("plain"))) {
      Page page = admin.open("add");

      button(page, "Look for cameras on the network").click();
      button(page, "Looking for some seconds…").waitFor();
      page.locator(".found button", containing("Front door (")).waitFor();
      fill(page, "At one address only", "127.0.0.1");
      button(page, "Look for cameras on the network").click();
      page.locator(".found button", containing("Front door (127.0.0.1)")).click();
      assertThat(camera.wasLookedFor()).isTrue();
      heading(page, "Front door").waitFor();
      fill(page, "User", NetworkCamera.USER);
      fill(page, "Password", "wrong");
      page.keyboard().press("Enter");
      awaitText(page, "dialog .problem[role=alert]", "refuses the user name or the password");
      assertThat(text(page, "dialog .problem[role=alert]"))
          .contains("users of their own for ONVIF");
      fill(page, "Password", NetworkCamera.PASSWORD);
      page.keyboard().press("Enter");
      awaitText(page, "dialog .hint", "2 streams");
      awaitFocus(page, "mainStream: H264, 1920 × 1080");
      page.locator("dialog .found button").last().click();

      heading(page, "Where does it come from?").waitFor();
      awaitFocus(page, "Where does it come from?");
      assertThat(field(page, "Address").inputValue()).isEqualTo(rtsp.uri("plain"));
      assertThat(field(page, "User").inputValue()).isEqualTo(NetworkCamera.USER);
      next(page);
      page.getByText("It works").waitFor();
      next(page);
      assertThat(field(page, "Title").inputValue()).isEqualTo("Front door");
      button(page, "Add the source").click();
      awaitLive(page, "Front door");
    }
    assertThat(file("front-door")).contains("user: viewer").doesNotContain(NetworkCamera.PASSWORD);
  }

  @Test
  void cameraThatDoesNotAnswerIsToldWithWhatToDo() {
    Page page = admin.open("add");

    fill(page, "At one address only", "127.0.0.1");
    page.keyboard().press("Enter");

    awaitText(page, ".finding", "No ONVIF camera answered at 127.0.0.1");
    assertThat(text(page, ".finding")).contains("It can be added by its address, below");
    assertThat(heading(page, "What is it?").isVisible()).isTrue();
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }

  @Test
  void makeOfACameraFillsInItsTypicalAddress() {
    Page page = atAddress();
    Locator address = field(page, "Address");

    field(page, "Not sure? Typical addresses").selectOption("Hikvision");
    assertThat(address.inputValue()).isEqualTo("rtsp:///Streaming/Channels/101");
    assertThat(text(page, ".said")).contains("name or number is missing");
    assertThat(page.getByText("102 is its smaller stream.").isVisible()).isTrue();
    address.focus();
    Browser.await(page, "document.activeElement.selectionStart === 'rtsp://'.length");
    page.keyboard().type("192.168.1.20");
    assertThat(address.inputValue()).isEqualTo("rtsp://192.168.1.20/Streaming/Channels/101");
    field(page, "Not sure? Typical addresses").selectOption("ESP32-CAM");

    assertThat(address.inputValue()).isEqualTo("http://192.168.1.20:81/stream");
  }

  @Test
  void onlyWhatFitsTheAddressIsAskedFor() {
    Page page = atAddress();

    assertThat(field(page, "Passphrase").isVisible()).isFalse();
    assertThat(field(page, "User").isVisible()).isTrue();
    fill(page, "User", "somebody");
    fill(page, "Address", "srt://127.0.0.1:9000");

    assertThat(field(page, "Passphrase").isVisible()).isTrue();
    assertThat(field(page, "User").isVisible()).isFalse();
  }

  @Test
  void failureSaysWhatToDo() throws Exception {
    Page page = atAddress();

    field(page, "Not sure? Typical addresses").selectOption("Reolink");
    fill(page, "User", "me");
    fill(page, "Password", "s3cret");
    look(page, "http://127.0.0.1:" + guarded.getAddress().getPort() + "/stream");
    awaitText(page, ".trial .bad", "refuses the user name or the password");
    assertThat(text(page, ".trial"))
        .contains("they are those of the camera")
        .doesNotContain("s3cret");
    button(page, "Change user and password").click();
    awaitFocus(page, "Password");

    look(page, "rtsp://127.0.0.1:" + FreePort.find() + "/camera");
    awaitText(page, ".trial .bad", "does not accept connections");
    assertThat(text(page, ".trial")).contains("Check the port", "It may also be kept as it is");
    button(page, "Change what is wrong").click();
    awaitFocus(page, "Address");

    look(page, streaming.uri("/files/nothing.ts"));
    awaitText(page, ".trial .bad", "has no stream of this name");
    assertThat(text(page, ".trial")).contains("Check the path");
  }

  @Test
  void addressIsCompletedAndTakenApart() {
    Page page = atAddress();

    fill(page, "Address", "ann:my dog #1@127.0.0.1:1/stream");
    assertThat(text(page, ".said")).contains("rtsp:// is taken");
    next(page);
    heading(page, "Does it work?").waitFor();
    back(page);

    assertThat(field(page, "Address").inputValue()).isEqualTo("rtsp://127.0.0.1:1/stream");
    assertThat(field(page, "User").inputValue()).isEqualTo("ann");
    assertThat(field(page, "Password").inputValue()).isEqualTo("my dog #1");
  }

  @Test
  void addressThatWasLookedAtInVainNeedNotBeTypedAgain() {
    Page page = admin.open("add");

    fill(page, "At one address only", "127.0.0.1:554/stream1");
    page.keyboard().press("Enter");
    awaitText(page, ".finding", "No ONVIF camera answered at 127.0.0.1.");
    page.locator("input[name=kind][value=url]").check();
    next(page);

    assertThat(field(page, "Address").inputValue()).isEqualTo("rtsp://127.0.0.1:554/stream1");
  }

  @Test
  void hostThatNobodyKnowsIsNamed() {
    Page page = admin.open("add");

    fill(page, "At one address only", "no-such-camera.invalid");
    page.keyboard().press("Enter");

    awaitText(page, ".finding", "Nobody knows a host \"no-such-camera.invalid\"");
  }

  @Test
  void requestThatTheBrowserHoldsBackSaysWhatItWaitsFor() {
    Page page = atAddress();
    page.evaluate(
        """
        (() => {
          window.tabs = new AbortController();
          window.held = 0;
          const { signal } = window.tabs;
          const hold = ({ ok, body }) => {
            window.held += ok ? 1 : 0;
            return body.pipeTo(new WritableStream());
          };
          for (let i = 0; i < 12; i++) { // those past the sixth take the place of one that fails
            fetch('../live/moving.mjpeg', { signal }).then(hold).catch(() => {});
          }
        })()""");
    Browser.await(page, "window.held >= 5"); // the sixth connection has the page's own events

    page.clock().install();
    look(page, streaming.uri("/hevc.ts"));
    page.clock().runFor(20_500); // of which the page has heard nothing
    awaitText(page, ".trial [role=alert]", "only six connections to a server");
    assertThat(text(page, ".trial .hint")).startsWith("Waiting for the server");
    page.evaluate("window.tabs.abort()");

    page.getByText("It works").waitFor();
    assertThat(text(page, ".trial [role=alert]")).isEmpty();
  }

  private static void look(Page page, String address) {
    fill(page, "Address", address);
    next(page);
    heading(page, "Does it work?").waitFor();
  }

  private static void back(Page page) {
    button(page, "Back").click();
    awaitFocus(page, "Where does it come from?");
  }

  @Test
  void lookThatTakesLongShowsThatItGoesOn() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Page page = atAddress();
      fill(page, "Address", "rtsp://127.0.0.1:" + silent.getLocalPort() + "/camera");

      Object told =
          page.evaluate(
              """
              new Promise((resolve) => {
                new MutationObserver(() => resolve('at once'))
                    .observe(document.querySelector('.trial'), { subtree: true, childList: true, characterData: true });
                [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Next').click();
                setTimeout(() => resolve('later'));
              })""");
      assertThat(told).isEqualTo("at once");
      awaitText(page, ".trial", "1 s of at most 15 s");
      back(page);
      look(page, streaming.uri("/hevc.ts"));

      page.getByText("It works").waitFor();
    }
  }

  @Test
  void cameraOfHevcIsEncodedForAllBrowsers() throws Exception {
    Page page = atAddress();

    look(page, streaming.uri("/hevc.ts"));
    page.getByText("H.265 is not played by every browser").waitFor();
    button(page, "Encode it for all browsers").click();
    awaitFocus(page, "Try");
    awaitText(page, ".trial", "fMP4: encoded while watched");
    assertThat(text(page, ".trial")).doesNotContain("is not played by every browser");
    next(page);
    fill(page, "Title", "Newest camera");
    button(page, "Add the source").click();

    awaitLive(page, "Newest camera");
    assertThat(file("newest-camera")).contains("encode: always");
  }

  @Test
  void filmsAreLookedForWhereThePageSays() throws Exception {
    Page page = admin.open("add");
    page.locator("input[name=kind][value=file]").check();
    next(page);

    awaitText(page, "form > section:not([hidden]) .hint", folder.resolve("home/media").toString());
    fill(page, "File", "h264-aac.mp4");
    next(page);

    page.getByText("It works").waitFor();
  }

  @Test
  void idThatIsTakenIsToldAtItsField() {
    Page page = admin.open("add");
    next(page);
    awaitText(page, "[role=alert].problem:not(:empty)", "Please choose what it is");
    assertThat(page.evaluate("document.activeElement.name")).isEqualTo("kind");
    page.locator("input[name=kind][value=pictures]").check();
    next(page);
    heading(page, "Where does it come from?").waitFor();
    assertThat(page.locator(".steps").innerText()).as("somebody sends it").doesNotContain("Try");
    next(page);
    heading(page, "What is it called?").waitFor();
    back(page);
    next(page);
    fill(page, "Title", "Taken");
    assertThat(field(page, "Id").inputValue()).isEqualTo("taken-2");
    fill(page, "Id", "taken");
    button(page, "Add the source").click();

    awaitText(page, ".field:has([name=id]) .problem", "There is a source taken already");
    awaitFocus(page, "Id");
  }

  @Test
  void sourceIsDeletedOnlyAfterTheQuestion() throws Exception {
    Files.writeString(folder.resolve("home/sources/gone.yaml"), "kind: test-pattern\n");
    Page page = admin.open("sources");
    page.locator("#source-gone").waitFor();
    AdminBrowser.goTo(page, "sources/gone/edit", "Change gone");
    button(page, "Delete this source").waitFor();
    awaitFocus(page, "Change gone");

    button(page, "Delete this source").click();
    assertThat(text(page, "#told")).as("nothing is done yet").isEmpty();
    answer(page, "Cancel").click();
    awaitFocus(page, "Delete this source");
    button(page, "Delete this source").click();
    answer(page, "Delete").click();

    awaitText(page, "#told", "gone is deleted.");
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> !Files.exists(folder.resolve("home/sources/gone.yaml")));
  }
}
