package dev.zoetrope;

import static dev.zoetrope.AdminBrowser.LIMIT;
import static dev.zoetrope.AdminBrowser.answer;
import static dev.zoetrope.AdminBrowser.awaitFocus;
import static dev.zoetrope.AdminBrowser.awaitGone;
import static dev.zoetrope.AdminBrowser.awaitText;
import static dev.zoetrope.AdminBrowser.button;
import static dev.zoetrope.AdminBrowser.field;
import static dev.zoetrope.AdminBrowser.fill;
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
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The page of nodes in a real Chromium: keys are made and revoked at a real server, and a tree is
 * drawn of what a server with many nodes would answer.
 */
@Tag("browser")
class NodesPageIT {
  private static final Path EXAMPLE = Path.of("src/test/resources/dev/zoetrope/nodes.json");

  @RegisterExtension
  private static final AdminBrowser admin = new AdminBrowser(NodesPageIT::furnish);

  private static TestAdmin api;

  private static void furnish(TestHome home) throws Exception {
    home.source("gate", "title: Front gate", "kind: test-pattern", "enabled: false");
    home.source("yard", "kind: test-pattern", "enabled: false");
    home.secrets("admin-token: \"token of the test\"");
    home.settings("rtmpPort: 0", "hardware: off", "node: Ingress");
  }

  @BeforeAll
  static void start() throws Exception {
    api = admin.api();
  }

  private static Locator row(Page page, String name) {
    return page.locator("tr", new Page.LocatorOptions().setHasText(name));
  }

  /** A page at which the server seems to have many nodes around it. */
  private static Page atTree(NewContextOptions options) throws IOException {
    String nodes = Files.readString(EXAMPLE);
    Page page = admin.newPage(options);
    page.route(
        "**/api/v1/nodes",
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(nodes)));
    Browser.open(page, admin.address("nodes"));
    page.locator(".node-tree .branches .branches .branches").waitFor();
    return page;
  }

  private static NewContextOptions size(int width, int height) {
    return new NewContextOptions().setViewportSize(width, height);
  }

  @Test
  void keyIsShownOnceWithTheLinesToPasteAndRevoked() throws Exception {
    Page page = admin.open("nodes");
    awaitText(page, ".node-tree", "Ingress");
    page.getByText("This node is not connected with any other.").waitFor(); // one may just be gone
    button(page, "New node key").click();
    fill(page, "Title", "Edge Hamburg");
    field(page, "What it may have").selectOption("Chosen sources");
    answer(page, "Make the key").click();
    awaitText(page, "dialog .problem[role=alert]", "Please choose at least one source.");
    field(page, "Front gate (gate)").check();
    answer(page, "Make the key").click();

    awaitText(page, ".lines", "It is shown this once: copy it now.");
    awaitFocus(page, "Copy the line for Node key Edge Hamburg");
    String line = text(page, ".lines code");
    String key = line.replaceAll(".*\"(.*)\"", "$1");
    assertThat(line).isEqualTo("ingress-key: \"" + key + "\"");
    assertThat(key).startsWith("zoetrope-node-");
    String address = admin.server().uri().toString().replaceAll("/$", "");
    assertThat(page.locator(".lines code").nth(1).textContent())
        .isEqualTo("kind: relay\norigin: " + address + "\nsource: gate\nkey: ingress-key");
    assertThat(row(page, "Edge Hamburg").textContent()).contains("gate", "never");
    page.reload();
    row(page, "Edge Hamburg").waitFor();
    assertThat(page.content()).doesNotContain(key);
    assertThat(api.text("GET", "nodes/keys", "", 200)).doesNotContain(key);

    button(page, "Revoke Edge Hamburg").click();
    answer(page, "Revoke").click();

    awaitText(page, "#told", "Edge Hamburg is revoked");
    awaitFocus(page, "New node key");
    assertThat(api.text("GET", "nodes/keys", "", 200)).doesNotContain("Edge Hamburg");
  }

  @Test
  void keyboardAloneMakesAndRevokesAKeyForAll() throws Exception {
    Page page = admin.open("nodes");
    tabTo(page, "New node key");
    page.keyboard().press("Enter");
    heading(page, "New node key").waitFor();
    page.keyboard().type("By keyboard");
    page.keyboard().press("Enter");
    awaitFocus(page, "Copy the line for Node key By keyboard");
    assertThat(text(page, ".lines")).contains("source: \"*\"");
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(row(page, "By keyboard").textContent()).contains("all"));

    tabTo(page, "Revoke By keyboard");
    page.keyboard().press("Enter");
    tabTo(page, "Revoke");
    page.keyboard().press("Enter");

    awaitText(page, "#told", "By keyboard is revoked");
    awaitFocus(page, "New node key");
  }

  @Test
  void operatorSeesTheTreeAndNoKeys() throws Exception {
    String body = "{\"role\": \"operator\", \"password\": \"" + AdminBrowser.PASSWORD + "\"}";
    api.call("PUT", "accounts/olga", body, 201);
    Page page = admin.stranger("nodes");
    admin.signIn(page, "olga", AdminBrowser.PASSWORD);

    awaitText(page, ".node-tree", "Ingress");

    assertThat(page.locator("main").textContent()).doesNotContain("Node keys");
  }

  @Test
  void treeShowsEachConnectionAndWhatIsBroken() throws Exception {
    Page page = atTree(size(1280, 900));

    assertThat(text(page, ".summary"))
        .isEqualTo("2 origins, 5 followers, 1 broken, 211 viewers there");
    Locator origins = page.locator(".branches.above > li");
    assertThat(origins.count()).isEqualTo(2);
    assertThat(origins.nth(0).textContent())
        .contains("Ingress 1", "Connected", "25.0 Mbit/s", "96 ms", "32 ms");
    assertThat(origins.nth(1).textContent())
        .contains("https://ingress2.example:8443", "Broken", "The node key is not taken");
    Locator hamburg = page.locator(".node-tree > .branches:not(.above) > li").first();
    assertThat(hamburg.locator("> .node").textContent())
        .contains("Edge Hamburg", "by the key “hamburg”", "142 ms", "211");
    assertThat(hamburg.locator("> .branches > li").count()).isEqualTo(2);
    assertThat(hamburg.locator(".branches .branches > li").textContent())
        .contains("Display", "About to end", "2.6 s", "41");
  }

  @Test
  void treeFollowsWhatHappens() throws Exception {
    Page page = atTree(size(1280, 900));
    String later =
        Files.readString(EXAMPLE)
            .replaceFirst("\"lost\": 3,", "\"lost\": 4711,")
            .replaceFirst("\"name\": \"Edge Kiel\"", "\"name\": \"Edge Kiel 2\"");
    page.evaluate("document.querySelector('.node-tree .branches li').id = 'same'");
    page.unroute("**/api/v1/nodes");
    page.route(
        "**/api/v1/nodes",
        route ->
            route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(later)));

    awaitText(page, ".node-tree", "4,711");
    assertThat(text(page, ".node-tree")).contains("Edge Kiel 2");
    assertThat(page.locator("#same").count()).as("what is the same is left alone").isEqualTo(1);
    page.unroute("**/api/v1/nodes"); // the server itself has none
    awaitGone(page, ".branches li");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void axeFindsNothing(ColorScheme scheme) throws Exception {
    api.call("POST", "nodes/keys", "{\"title\": \"axe " + scheme + "\"}", 201);
    Page page = atTree(size(1280, 900).setColorScheme(scheme));
    row(page, "axe " + scheme).waitFor();

    List<String> found = Browser.violations(page, "nodes");
    button(page, "New node key").click();
    field(page, "What it may have").selectOption("Chosen sources");
    found.addAll(Browser.violations(page, "new node key"));

    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"360, 740", "390, 844", "800, 600"})
  void treeFitsNarrowWindows(int width, int height) throws Exception {
    Page page = atTree(size(width, height).setIsMobile(true).setHasTouch(true));

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
    Object widest =
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('.node, .node *')].map((e) =>"
                + " e.getBoundingClientRect().right))");
    assertThat(((Number) widest).doubleValue()).isLessThanOrEqualTo(width);
  }

  @Test
  void sourceOfAnotherNodeIsAddedAndChangedByTheForm() throws Exception {
    Page page = admin.open("add");
    page.locator("input[name=kind][value=relay]").check();
    button(page, "Next").click();
    heading(page, "Where does it come from?").waitFor();
    button(page, "Next").click();
    awaitText(page, ".field:has([name=origin])", "Address of that node is needed.");
    fill(page, "Address of that node", "http://127.0.0.1:1\nhttp://127.0.0.1:2");
    fill(page, "Source there", "front");
    fill(page, "Node key", "zoetrope-node-1");
    button(page, "Next").click();
    heading(page, "Does it work?").waitFor();
    button(page, "Next").click();
    assertThat(field(page, "Id").inputValue()).isEqualTo("front");
    button(page, "Add the source").click();
    heading(page, "front").waitFor();

    Path file = admin.home().folder().resolve("sources/front.yaml");
    assertThat(Files.readString(file))
        .contains("kind: relay", "origin:", "127.0.0.1:1", "127.0.0.1:2", "source: front")
        .doesNotContain("zoetrope-node-1");
    Files.writeString(
        file,
        Files.readString(file).replaceAll("(?m)^(source|origin):.*\n", "")
            + "origin: http://127.0.0.1:1\n");
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              JsonObject settings =
                  api.call("GET", "sources/front", "", 200).getJsonObject("settings");
              return settings.containsKey("origin") && !settings.containsKey("source");
            });
    AdminBrowser.goTo(page, "sources/front/edit", "Change front");
    assertThat(field(page, "Source there").inputValue()).isEqualTo("front");
    fill(page, "Title", "Another’s");
    button(page, "Save").click();
    awaitText(page, "#told", "Saved.");
    assertThat(Files.readString(file))
        .contains("origin: http://127.0.0.1:1\n", "Another’s")
        .doesNotContain("source:");
  }

  @Test
  void mirroredSourceLeadsToTheOneThatHasItsSettings(@TempDir Path folder) throws Exception {
    TestHome there = new TestHome(folder.resolve("there"));
    there.source("far", "title: Far away", "kind: test-pattern", "width: 320", "height: 180");
    try (TestServer origin = TestServer.at(there.folder())) {
      String key =
          new TestAdmin(origin)
              .call("POST", "nodes/keys", "{\"title\": \"mirror\"}", 201)
              .getString("key");
      String settings =
          """
          {"kind": "relay", "origin": "%s", "source": "*", "prefix": "north-",
           "key": {"value": "%s"}}"""
              .formatted(origin.uri(), key);
      api.call("PUT", "sources/north", settings, 201);
      await()
          .atMost(LIMIT)
          .pollInSameThread()
          .until(() -> api.text("GET", "sources", "", 200).contains("\"mirroredBy\":\"north\""));

      Page page = admin.open("sources/north-far");
      heading(page, "Far away").waitFor();
      awaitText(page, ".stage", "Mirrored from another node by north, whose settings it has.");
      assertThat(page.locator(".controls").innerText()).doesNotContain("Change", "Stop", "Start");
      assertThat(Browser.violations(page, "a mirrored source")).isEmpty();
      for (String[] edit :
          List.of(
              new String[] {"DELETE", "sources/north-far", ""},
              new String[] {"PATCH", "sources/north-far", "{\"title\": \"Mine\"}"},
              new String[] {"PUT", "sources/north-far", "{\"kind\": \"test-pattern\"}"},
              new String[] {"POST", "sources/north-far/stop", ""})) {
        assertThat(api.text(edit[0], edit[1], edit[2], 409))
            .contains("source north mirrors it from another node");
      }
      AdminBrowser.goTo(page, "sources/north-far/edit", "Change north-far");
      awaitText(page, "main .problem", "north mirrors it from another node");
      AdminBrowser.goTo(page, "sources/north-far", "Far away");
      page.locator(".stage .hint a").click();
      heading(page, "north").waitFor();
    } finally {
      api.call("DELETE", "sources/north", "", 204);
    }
  }
}
