package dev.zoetrope;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server with a home of its own and a Chromium that visits it, for all tests of a class; each
 * test ends its visits. Confined to one thread.
 */
final class Site implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Furnishing furnishing;
  private final List<String> live;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private TestHome home;
  private TestServer server;
  private Browser browser;

  /** What an operator puts into the home before the start. */
  interface Furnishing {
    void into(TestHome home) throws Exception;
  }

  /**
   * @param live sources that are waited for before the first test
   */
  Site(Furnishing furnishing, String... live) {
    this.furnishing = furnishing;
    this.live = List.of(live);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path folder = Files.createTempDirectory("site");
    open.push(() -> TestServer.remove(folder));
    home = new TestHome(folder);
    furnishing.into(home);
    server = TestServer.at(folder);
    open.push(server);
    browser = new Browser();
    open.push(browser);
    live.forEach(id -> SourceList.awaitState(server, id, "live"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    browser.closePages();
    browser.takeErrors();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  TestHome home() {
    return home;
  }

  TestServer server() {
    return server;
  }

  Browser browser() {
    return browser;
  }

  /** The address of {@code path}, which has no leading slash. */
  URI uri(String path) {
    return server.uri(path);
  }

  /** A page as wide as a laptop's screen, of a visitor who has never been here. */
  Page newPage() {
    return browser.newPage();
  }

  Page newPage(NewContextOptions options) {
    return browser.newPage(options);
  }

  /** What pages said on the console as errors, and what they threw, since the last call. */
  List<String> takeErrors() {
    return browser.takeErrors();
  }

  /** Waits until so many watch a source. */
  void awaitViewers(String id, int viewers) {
    Awaitility.await(id + " has " + viewers)
        .atMost(LIMIT)
        .until(() -> SourceList.source(server, id).getInt("viewers") == viewers);
  }
}
