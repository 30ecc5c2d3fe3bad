package dev.zoetrope;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Players of one page, which share one WebSocket by themselves. */
@Tag("browser")
class LinkIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PLAYERS = "[...document.querySelectorAll('zoetrope-player')]";
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

  /** A number for what each of the players shows now, 0 where no way does. */
  private static final String PIXELS =
      """
      () => %s.map((player) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
        const context = canvas.getContext('2d');
        const picture = player.way ? player.picture() : null;
        if (!picture) {
          return 0;
        }
        context.drawImage(picture, 0, 0, 64, 36);
        return context.getImageData(0, 0, 64, 36).data
            .reduce((sum, value, i) => (sum * 31 + value + i) %% 2147483647, 7);
      })""";

  private static final String SAY =
      "%s.map(({ state, way, message, stats }) =>"
          + " JSON.stringify({ state, way, message, stats })).join('; ')";

  @TempDir private static Path folder;
  private static TestHome home;
  private static TestServer server;
  private static Browser browser;

  private final List<WebSocket> sockets = new ArrayList<>();
  private final Set<Integer> acknowledged = new HashSet<>(); // numbers of subscriptions

  @BeforeAll
  static void start() throws Exception {
    home = home(folder.resolve("home"));
    server = TestServer.at(home.folder());
    browser = new Browser();
    for (String id : List.of("one", "two", "three", "sizes")) {
      SourceList.awaitState(server, id, "live");
    }
  }

  private static TestHome home(Path folder) throws Exception {
    TestHome made = new TestHome(folder);
    for (String id : List.of("one", "two", "three")) {
      made.source(id, PATTERN);
    }
    List<String> locked = new ArrayList<>(List.of(PATTERN));
    locked.add("access: link");
    made.source("locked", locked.toArray(String[]::new));
    List<String> sizes = new ArrayList<>(List.of(PATTERN));
    sizes.add("renditions: {small: {format: mjpeg, width: 80}}");
    made.source("sizes", sizes.toArray(String[]::new));
    return made;
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

  /** A page of the server with a player for each of the sources, which may have a query. */
  private Page open(TestServer at, List<String> sources, String attributes, String... scripts) {
    String players =
        sources.stream()
            .map(source -> "<zoetrope-player src='/live/" + source + "' " + attributes + ">")
            .collect(joining("</zoetrope-player>"));
    Page page = browser.newPage();
    NeverBlack.watch(page);
    for (String script : scripts) {
      page.addInitScript(script);
    }
    page.onWebSocket(this::watch);
    Browser.open(page, at.uri("player/way.js")); // any that has no player of its own
    page.evaluate(
        """
        (players) => {
          document.body.innerHTML = '<style>zoetrope-player { float: left; width: 240px }</style>' + players;
          return import('/player/zoetrope-player.js').then(() => {});
        }""",
        players);
    return page;
  }

  private void watch(WebSocket socket) {
    sockets.add(socket);
    socket.onFrameSent(
        frame -> {
          if (frame.binary() != null) {
            ByteBuffer entries = ByteBuffer.wrap(frame.binary());
            while (entries.hasRemaining()) {
              acknowledged.add((int) entries.getShort());
              entries.position(entries.position() + 6);
            }
          }
        });
  }

  /** What the addresses of all sockets there have been end with. */
  private List<String> addresses(TestServer at) {
    String base = at.uri().toString().replaceFirst("http", "ws");
    return sockets.stream().map(socket -> socket.url().replace(base, "")).toList();
  }

  private static void awaitStates(Page page, String state) {
    Browser.await(page, PLAYERS + ".every((player) => player.state === '" + state + "')");
  }

  /** Waits until each player has shown three different pictures. */
  private static void awaitAllMoving(Page page) {
    awaitMoving(page, PLAYERS);
  }

  private static void awaitMoving(Page page, String players) {
    try {
      awaitPictures(page, players);
    } catch (ConditionTimeoutException tooLate) {
      throw new AssertionError((String) page.evaluate(SAY.formatted(players)), tooLate);
    }
  }

  private static void awaitPictures(Page page, String players) {
    Map<Integer, Set<Object>> seen = new HashMap<>();
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              List<?> pixels = (List<?>) page.evaluate(PIXELS.formatted(players));
              for (int i = 0; i < pixels.size(); i++) {
                seen.computeIfAbsent(i, key -> new HashSet<>()).add(pixels.get(i));
              }
              return !seen.isEmpty()
                  && seen.values().stream().allMatch(pictures -> pictures.size() > 3);
            });
  }

  private static void awaitViewers(String id, int viewers) {
    await(id + " has " + viewers)
        .atMost(LIMIT)
        .until(() -> SourceList.source(server, id).getInt("viewers") == viewers);
  }

  @Test
  void tenPlayersOfThreeSourcesMoveOverOneSocket() throws Exception {
    Page page = open(server, TEN, "");

    awaitAllMoving(page);

    assertThat(addresses(server)).containsExactly("live?version=1");
    assertThat(page.evaluate(PLAYERS + ".map((player) => player.way).join(' ')"))
        .isEqualTo("webcodecs ".repeat(10).trim());
    awaitViewers("one", 4);
    awaitViewers("two", 3);
    await().atMost(LIMIT).pollInSameThread().until(() -> isAcknowledged(page, 10));
    Browser.await(page, PLAYERS + ".every((player) => player.stats?.ageMillis < 5000)");
    assertThat(page.evaluate(PLAYERS + ".at(-1).stats.rendition")).isEqualTo("fmp4");
    NeverBlack.assertIn(page);
    assertThat(browser.takeErrors()).isEmpty();
  }

  private boolean isAcknowledged(Page page, int subscriptions) {
    page.evaluate("0"); // lets the browser's events come
    return acknowledged.size() == subscriptions;
  }

  /** Over HTTP/1.1 a browser has six connections to a server. */
  @ParameterizedTest
  @ValueSource(strings = {"mjpeg", "mpeg1", "mse"})
  void tenPlayersShareTheSocketByEachWay(String way) {
    Page page = open(server, TEN, "way=" + way);

    awaitAllMoving(page);

    assertThat(addresses(server)).containsExactly("live?version=1");
    await().atMost(LIMIT).pollInSameThread().until(() -> isAcknowledged(page, 10));
    assertThat(page.evaluate("changes.map(({ to }) => to).join(' ')"))
        .isEqualTo((way + " ").repeat(10).trim());
    Browser.await(page, PLAYERS + ".every((player) => player.stats?.ageMillis < 5000)");
    NeverBlack.assertIn(page);
  }

  @Test
  void whatIsScrolledAwayCostsNothingAndIsBackAtOnce() {
    Page page = open(server, List.of("one", "two", "three"), "");
    awaitAllMoving(page);
    page.evaluate(PLAYERS + ".slice(1).forEach(({ style }) => style.marginTop = '3000px')");

    awaitViewers("two", 0);
    awaitViewers("three", 0);
    awaitViewers("one", 1);
    assertThat(page.evaluate(PLAYERS + "[1].picture() !== null")).isEqualTo(true);
    page.evaluate(PLAYERS + ".slice(1).forEach(({ style }) => style.marginTop = '')");

    awaitAllMoving(page);
    awaitViewers("three", 1);
    assertThat(addresses(server)).containsExactly("live?version=1");
    NeverBlack.assertIn(page);
  }

  @Test
  void playerThatIsRemovedDoesNotDisturbTheOthers() {
    Page page = open(server, List.of("one", "two", "two"), "");
    awaitAllMoving(page);
    awaitViewers("two", 2);

    page.evaluate(PLAYERS + "[1].remove()");

    awaitViewers("two", 1);
    awaitAllMoving(page);
    assertThat(page.evaluate("changes.length")).isEqualTo(3);
    assertThat(addresses(server)).containsExactly("live?version=1");
  }

  @Test
  void socketThatNobodyNeedsIsClosed() {
    Page page = open(server, List.of("one", "two"), "");
    awaitAllMoving(page);

    page.evaluate(PLAYERS + ".forEach((player) => player.pause())");

    awaitViewers("one", 0);
    await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              page.evaluate("0");
              return sockets.get(0).isClosed();
            });
    page.evaluate(PLAYERS + ".forEach((player) => player.play())");
    awaitAllMoving(page);
    assertThat(sockets).hasSize(2);
    NeverBlack.assertIn(page);
  }

  @Test
  void serverThatIsKilledAndStartedAgainIsFoundByAllOneAfterTheOther(@TempDir Path other)
      throws Exception {
    TestHome otherHome = home(other.resolve("home"));
    Page page;
    String port;
    try (TestServer first = TestServer.at(otherHome.folder())) {
      port = Integer.toString(first.uri().getPort());
      page = open(first, TEN, "");
      awaitAllMoving(page);
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
      awaitStates(page, "retrying");
    }

    try (TestServer second = TestServer.at(otherHome.folder(), "--port", port)) {
      awaitStates(page, "playing");
      awaitAllMoving(page);

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
      browser.closePages();
    }
  }

  @Test
  void playerWithALinkOfItsOwnSharesTheSocket() throws Exception {
    JsonObject link = new TestAdmin(server).link(List.of("locked"), List.of());

    Page page = open(server, List.of("one", "locked?link=" + link.getString("link"), "locked"), "");

    awaitMoving(page, PLAYERS + ".slice(0, 2)");
    Browser.await(page, PLAYERS + "[2].reason === 'denied'");
    assertThat(addresses(server)).containsOnly("live?version=1");
    awaitViewers("locked", 1);
  }

  @Test
  void whatIsShownSmallComesInTheSmallRenditionAndChangesWithItsSize() {
    Page page = open(server, List.of("sizes"), "way=mjpeg style='width: 70px'");
    awaitAllMoving(page);
    assertThat(page.evaluate(PLAYERS + "[0].stats.rendition")).isEqualTo("small");

    page.evaluate(PLAYERS + "[0].style.width = '600px'");
    Browser.await(page, PLAYERS + "[0].stats?.rendition === 'mjpeg'");
    awaitAllMoving(page);
    page.evaluate(PLAYERS + "[0].style.width = '70px'");
    Browser.await(page, PLAYERS + "[0].stats?.rendition === 'small'");

    NeverBlack.assertIn(page);
  }

  @ParameterizedTest
  @ValueSource(strings = {"webcodecs", "mse", "mpeg1", "mjpeg"})
  void whereThereIsNoSuchSocketEachPlayerHasAConnectionOfItsOwn(String way) {
    Page page = open(server, List.of("one", "two"), "way=" + way, NO_LINK);

    awaitAllMoving(page);

    String format = way.equals("mpeg1") ? "mpeg1" : "fmp4";
    if (way.equals("mjpeg")) {
      assertThat(sockets).isEmpty();
    } else {
      assertThat(addresses(server)).hasSize(2).allMatch(address -> address.contains("/" + format));
    }
    assertThat(page.evaluate("changes.map(({ reason }) => reason).join(' ')"))
        .isEqualTo("start start");
    NeverBlack.assertIn(page);
  }
}
