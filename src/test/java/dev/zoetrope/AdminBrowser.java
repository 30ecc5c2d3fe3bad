package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server, and a Chromium in which the administrator {@code admin} is signed in; as an extension
 * with a home of its own, for all tests of a class. Confined to one thread.
 */
final class AdminBrowser
    implements AutoCloseable, BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  static final Duration LIMIT = Duration.ofSeconds(40);
  static final String PASSWORD = "a sentence is good";

  private static final String FOCUSED =
      """
      (() => {
        const e = document.activeElement;
        return (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || '').trim();
      })()""";

  private Site.Furnishing furnishing;
  private TestHome home;
  private TestServer server;
  private Browser browser;
  private String signedIn;

  /** That of a class, with a home of its own. */
  AdminBrowser(Site.Furnishing furnishing) {
    this.furnishing = furnishing;
  }

  /**
   * @param environment of the server, beside that of the test
   */
  AdminBrowser(Path home, Map<String, String> environment) throws IOException {
    start(home, environment);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    home = new TestHome(Files.createTempDirectory("admin"));
    furnishing.into(home);
    start(home.folder(), Map.of());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    closePages();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
    TestServer.remove(home.folder());
  }

  private void start(Path home, Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("ZOETROPE_ADMIN_PASSWORD", PASSWORD);
    server = TestServer.at(home, all);
    browser = new Browser();
    Page page = stranger("");
    signIn(page, "admin", PASSWORD);
    signedIn = page.context().storageState();
    browser.closePages();
  }

  /** Its own. */
  TestHome home() {
    return home;
  }

  TestServer server() {
    return server;
  }

  /** Who has the server's token. */
  TestAdmin api() throws IOException {
    return new TestAdmin(server);
  }

  /** The address of a page of the administration: {@code sources/gate/log}. */
  URI address(String path) {
    return server.uri("admin/#/" + path);
  }

  /** The administrator's, as wide as a laptop. */
  Page open(String path) {
    return open(path, new NewContextOptions().setViewportSize(1280, 800));
  }

  Page open(String path, NewContextOptions options) {
    Page page = newPage(options);
    Browser.open(page, address(path));
    page.locator("main h1").waitFor();
    return page;
  }

  /** The administrator's, before it goes anywhere. */
  Page newPage(NewContextOptions options) {
    return browser.newPage(
        options.setStorageState(signedIn).setReducedMotion(ReducedMotion.REDUCE));
  }

  /** That of somebody who is not signed in. */
  Page stranger(String path) {
    Page page = browser.newPage();
    Browser.open(page, address(path));
    field(page, "Account").waitFor();
    return page;
  }

  /** Signs in, and waits where wrong passwords before have made the server slow. */
  void signIn(Page page, String name, String password) {
    fill(page, "Account", name);
    fill(page, "Password", password);
    await("sign in of " + name)
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () ->
                page.evaluate(
                        """
                        (() => {
                          document.querySelector('main form .primary')?.click();
                          return document.querySelectorAll('#rooms a').length > 0;
                        })()""")
                    .equals(true));
  }

  static void goTo(Page page, String path, String heading) {
    page.evaluate("path => { location.hash = '#/' + path }", path);
    heading(page, heading).waitFor();
  }

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** A button of the dialog that is open. */
  static Locator answer(Page page, String name) {
    return page.locator("dialog")
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator heading(Page page, String name) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  static Locator field(Page page, String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  static void fill(Page page, String label, String value) {
    field(page, label).fill(value);
  }

  /** Waits until the first one that fits {@code selector} has that text in it. */
  static void awaitText(Page page, String selector, String part) {
    await(selector + " with " + part)
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(text(page, selector)).contains(part));
  }

  /** Of the first one that fits; empty if none does. */
  static String text(Page page, String selector) {
    return String.valueOf(
        page.evaluate("selector => document.querySelector(selector)?.textContent ?? ''", selector));
  }

  static void awaitGone(Page page, String selector) {
    await(selector + " to go")
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.locator(selector).count() == 0);
  }

  /** What has the focus, as screen readers name it. */
  static String focused(Page page) {
    return String.valueOf(page.evaluate(FOCUSED));
  }

  static void awaitFocus(Page page, String name) {
    await("the focus at " + name)
        .atMost(LIMIT)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(focused(page)).startsWith(name));
  }

  /** Presses Tab until what has the focus is called {@code name}, and it is seen that it has it. */
  static void tabTo(Page page, String name) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      String focused = focused(page);
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

  /** Ends all visits; fails if a page threw something, or did what its policy forbids. */
  void closePages() {
    browser.closePages();
    assertThat(browser.takeErrors())
        .filteredOn(error -> !error.startsWith("Failed to load resource")) // a call was refused
        .isEmpty();
  }

  @Override
  public void close() throws IOException {
    browser.close();
    server.close();
  }
}
