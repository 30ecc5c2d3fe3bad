package dev.zoetrope;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Players of one page, which share one WebSocket by themselves. */
@Tag("browser")
class LinkIT {
  private static final Route.FulfillOptions NO_SCRIPT =
      new Route.FulfillOptions().setContentType("text/javascript").setBody("");

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PLAYERS = Players.ALL;
  private static final List<String> TEN =
      List.of("one", "two", "three", "one", "two", "three", "one", "two", "three", "one");
  private static final String[] PATTERN = {
    "kind: test-pattern", "width: 160", "height: 96", "fps: 10", "keepRunning: true"
  };

  /** A server that has no {@code WS /live}, or a proxy that lets none through. */
  private static final String NO_LINK =
      """
      {
        const Real = WebSocket;
        globalThis.WebSocket = class {
          constructor(url) {
            if (!url.includes('?version=')) {
              return new Real(url);
            }
            setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 20);
          }
          close() {}
        };
      }
      """;

  /** Notes which subscriptions the page has told the server about that they are on screen. */
  private static final String LISTENER =
      """
      globalThis.acknowledged = new Set();
      {
        const { send } = WebSocket.prototype;
        WebSocket.prototype.send = function (message) {
          if (message instanceof ArrayBuffer) {
            for (let at = 0; at < message.byteLength; at += 8) {
              acknowledged.add(new DataView(message).getUint16(at));
            }
          }
          send.call(this, message);
        };
      }
      """;

  /** Counts how often the page asks for the list of sources. */
  private static final String QUESTIONS =
      """
      globalThis.questions = 0;
      {
        const { fetch } = globalThis;
        globalThis.fetch = (address, ...others) => {
          questions += new URL(address, location).pathname === '/live/' ? 1 : 0;
          return fetch(address, ...others);
        };
      }
      """;

  @RegisterExtension
  private static final Site site = new Site(LinkIT::furnish, "one", "two", "three", "sizes");

  private final List<WebSocket> sockets = new ArrayList<>();

  private static void furnish(TestHome home) throws Exception {
    for (String id : List.of("one", "two", "three")) {
      home.source(id, PATTERN);
    }
    List<String> locked = new ArrayList<>(List.of(PATTERN));
    locked.add("access: link");
    home.source("locked", locked.toArray(String[]::new));
    List<String> sizes = new ArrayList<>(List.of(PATTERN));
    sizes.add("renditions: {small: {format: mjpeg, width: 80}}");
    home.source("sizes", sizes.toArray(String[]::new));
  }

  /** A page of the server with a player for each of the sources, which may have a query. */
  private Page open(TestServer at, List<String> sources, String attributes, String... scripts) {
    String players =
        sources.stream()
            .map(source -> "<zoetrope-player src='/live/" + source + "' " + attributes + ">")
            .collect(joining("</zoetrope-player>"));
    Page page = site.newPage();
    NeverBlack.watch(page);
    for (String script : scripts) {
      page.addInitScript(script);
    }
    page.onWebSocket(sockets::add);
    page.addInitScript(LISTENER);
    page.route(
        "**/api/api.js", script -> script.fulfill(NO_SCRIPT)); // what it writes to will be gone
    Browser.open(page, at.uri("api/")); // one that has no player of its own
    page.evaluate(
        """
        (players) => {
          document.body.innerHTML = '<style>zoetrope-player { float: left; width: 240px }</style>' + players;
          return import('/player/zoetrope-player.js').then(() => {});
        }""",
        players);
    return page;
  }

  /** What the addresses of all sockets there have been end with. */
  private List<String> addresses(TestServer at) {
    String base = at.uri().toString().replaceFirst("http", "ws");
    return sockets.stream().map(socket -> socket.url().replace(base, "")).toList();
  }

  @Test
  void tenPlayersOfThreeSourcesMoveOverOneSocket() throws Exception {
    Page page = open(site.server(), TEN, "");

    Players.awaitMoving(page);

    assertThat(addresses(site.server())).containsExactly("live?version=1");
    assertThat(page.evaluate(PLAYERS + ".map((player) => player.way).join(' ')"))
        .isEqualTo("webcodecs ".repeat(10).trim());
    site.awaitViewers("one", 4);
    site.awaitViewers("two", 3);
    Browser.await(page, "acknowledged.size === 10");
    Browser.await(page, PLAYERS + ".every((player) => player.stats?.ageMillis < 5000)");
    Browser.await(page, PLAYERS + ".at(-1).stats?.rendition === 'fmp4'");
    NeverBlack.assertIn(page);
    assertThat(site.takeErrors()).isEmpty();
  }

  /** Over HTTP/1.1 a browser has six connections to a server. */
  @ParameterizedTest
  @ValueSource(strings = {"mjpeg", "mpeg1", "mse"})
  void tenPlayersShareTheSocketByEachWay(String way) {
    Page page = open(site.server(), TEN, "way=" + way);

    Players.awaitMoving(page);

    assertThat(addresses(site.server())).containsExactly("live?version=1");
    Browser.await(page, "acknowledged.size === 10");
    assertThat(page.evaluate("changes.map(({ to }) => to).join(' ')"))
        .isEqualTo((way + " ").repeat(10).trim());
    Browser.await(page, PLAYERS + ".every((player) => player.stats?.ageMillis < 5000)");
    NeverBlack.assertIn(page);
  }

  /** They ask which formats there are, and whether there is sound. */
  @Test
  void playersOfAPageAskTogether() {
    Page page = open(site.server(), TEN, "", QUESTIONS);

    Players.awaitMoving(page);

    assertThat(((Number) page.evaluate("questions")).intValue()).isBetween(1, 3);
  }

  @Test
  void whatIsScrolledAwayCostsNothingAndIsBackAtOnce() {
    Page page = open(site.server(), List.of("one", "two", "three"), "");
    Players.awaitMoving(page);
    page.evaluate(PLAYERS + ".slice(1).forEach(({ style }) => style.marginTop = '3000px')");

    site.awaitViewers("two", 0);
    site.awaitViewers("three", 0);
    site.awaitViewers("one", 1);
    assertThat(page.evaluate(PLAYERS + "[1].picture() !== null")).isEqualTo(true);
    page.evaluate(PLAYERS + ".slice(1).forEach(({ style }) => style.marginTop = '')");

    Players.awaitMoving(page);
    site.awaitViewers("three", 1);
    assertThat(addresses(site.server())).containsExactly("live?version=1");
    NeverBlack.assertIn(page);
  }

  @Test
  void playerThatIsRemovedDoesNotDisturbTheOthers() {
    Page page = open(site.server(), List.of("one", "two", "two"), "");
    Players.awaitMoving(page);
    site.awaitViewers("two", 2);

    page.evaluate(PLAYERS + "[1].remove()");

    site.awaitViewers("two", 1);
    Players.awaitMoving(page);
    assertThat(page.evaluate("changes.length")).isEqualTo(3);
    assertThat(addresses(site.server())).containsExactly("live?version=1");
  }

  @Test
  void socketThatNobodyNeedsIsClosed() {
    Page page = open(site.server(), List.of("one", "two"), "");
    Players.awaitMoving(page);

    page.evaluate(PLAYERS + ".forEach((player) => player.pause())");

    site.awaitViewers("one", 0);
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              page.evaluate("0");
              return sockets.get(0).isClosed();
            });
    page.evaluate(PLAYERS + ".forEach((player) => player.play())");
    Players.awaitMoving(page);
    assertThat(sockets).hasSize(2);
    NeverBlack.assertIn(page);
  }

  @Test
  void serverThatIsKilledAndStartedAgainIsFoundByAllOneAfterTheOther(@TempDir Path other)
      throws Exception {
    TestHome otherHome = new TestHome(other.resolve("home"));
    furnish(otherHome);
    Page page;
    String port;
    try (TestServer first = TestServer.at(otherHome.folder())) {
      port = Integer.toString(first.uri().getPort());
      page = open(first, TEN, "");
      Players.awaitMoving(page);
      page.evaluate(
          """
          globalThis.comings = [];
          document.addEventListener('statechange', ({ target }) => {
            if (target.state === 'connecting') {
              comings.push({ at: performance.now(), player: %s.indexOf(target) });
            }
          }, true)"""
              .formatted(PLAYERS));
      ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
      Players.awaitState(page, "retrying");
    }

    try (TestServer second = TestServer.at(otherHome.folder(), "--port", port)) {
      Players.awaitState(page, "playing");
      Players.awaitMoving(page);

      // The last try of each is the one that found it.
      String last =
          "comings.filter(({ player }, i) => !comings.slice(i + 1).some((other) => other.player === player))";
      assertThat(page.evaluate("new Set(" + last + ".map(({ player }) => player)).size"))
          .isEqualTo(10);
      Object spread =
          page.evaluate(
              "(() => { const at = "
                  + last
                  + ".map(({ at }) => at); return Math.max(...at) - Math.min(...at); })()");
      assertThat(((Number) spread).doubleValue()).isGreaterThan(100);
      assertThat(addresses(second)).containsOnly("live?version=1");
      assertThat(sockets.stream().filter(socket -> !socket.isClosed())).hasSize(1);
      NeverBlack.assertIn(page);
      site.browser().closePages();
    }
  }

  @Test
  void playerWithALinkOfItsOwnSharesTheSocket() throws Exception {
    String link = new TestAdmin(site.server()).link(List.of("locked"), List.of()).getString("link");

    Page page = open(site.server(), List.of("one", "locked?link=" + link, "locked"), "");

    Players.awaitMoving(page, PLAYERS + ".slice(0, 2)");
    Browser.await(page, PLAYERS + "[2].reason === 'denied'");
    assertThat(addresses(site.server())).containsOnly("live?version=1");
    await()
        .atMost(LIMIT)
        .until(() -> SourceList.source(site.server(), "locked", link).getInt("viewers") == 1);
  }

  @Test
  void whatIsShownSmallComesInTheSmallRenditionAndChangesWithItsSize() {
    Page page = open(site.server(), List.of("sizes"), "way=mjpeg style='width: 70px'");
    Players.awaitMoving(page);
    Browser.await(page, PLAYERS + "[0].stats?.rendition === 'small'");

    page.evaluate(PLAYERS + "[0].style.width = '600px'");
    Browser.await(page, PLAYERS + "[0].stats?.rendition === 'mjpeg'");
    Players.awaitMoving(page);
    page.evaluate(PLAYERS + "[0].style.width = '70px'");
    Browser.await(page, PLAYERS + "[0].stats?.rendition === 'small'");

    NeverBlack.assertIn(page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webcodecs", "mse", "mpeg1", "mjpeg"})
  void whereThereIsNoSuchSocketEachPlayerHasAConnectionOfItsOwn(String way) {
    Page page = open(site.server(), List.of("one", "two"), "way=" + way, NO_LINK);

    Players.awaitMoving(page);

    String format = way.equals("mpeg1") ? "mpeg1" : "fmp4";
    if (way.equals("mjpeg")) {
      assertThat(sockets).isEmpty();
    } else {
      assertThat(addresses(site.server()))
          .hasSize(2)
          .allMatch(address -> address.contains("/" + format));
    }
    assertThat(page.evaluate("changes.map(({ reason }) => reason).join(' ')"))
        .isEqualTo("start start");
    NeverBlack.assertIn(page);
  }
}
