package dev.zoetrope;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.NavigateOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The Chromium on the PATH, without a window: what draws pages, alone, where that is there, as it
 * takes a third less of the processor than the whole browser. Confined to one thread.
 */
public final class Browser implements AutoCloseable {
  private static final List<String> PROGRAMS = List.of("chromium-headless-shell", "chromium");

  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-background-networking",
          "--disable-component-update",
          "--no-first-run");

  private static final Path AXE = Path.of("node_modules/axe-core/axe.min.js");

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int FADE_MILLIS = 700;

  /**
   * A script for pages: who has lost the server asks for it again after a tenth of the usual times,
   * as the chance that spreads them is below its range.
   */
  static final String IMPATIENT = "Math.random = () => -0.8;";

  /** Of all in this JVM that want nothing special, one after the other: it starts once. */
  private static Started usual;

  private final Started started;
  private final List<BrowserContext> visitors = new ArrayList<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  /** A process, and what talks to it. */
  private record Started(Playwright playwright, com.microsoft.playwright.Browser browser) {
    static Started of(Path program, String... arguments) {
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      return new Started(
          playwright,
          playwright
              .chromium()
              .launch(
                  new LaunchOptions()
                      .setExecutablePath(program)
                      .setArgs(Stream.concat(ARGUMENTS.stream(), Stream.of(arguments)).toList())
                      .setHeadless(true)));
    }

    /** It goes with this JVM. */
    static synchronized Started usual() {
      if (usual == null || !usual.browser.isConnected()) {
        usual = of(program(PROGRAMS));
      }
      return usual;
    }

    void end() {
      browser.close();
      playwright.close();
    }
  }

  public Browser() {
    this(Started.usual());
  }

  /** One of its own, with {@code arguments} of the command line beside the usual ones. */
  public Browser(String... arguments) {
    this(Started.of(program(PROGRAMS), arguments));
  }

  private Browser(Started started) {
    this.started = started;
  }

  /** The whole browser, as people have it. */
  public static Browser whole(String... arguments) {
    return new Browser(Started.of(program(List.of("chromium")), arguments));
  }

  private static Path program(List<String> names) {
    return names.stream()
        .flatMap(
            name ->
                Stream.concat(
                        Stream.of("/usr/bin"),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("none of " + names + " is on the PATH"));
  }

  /** A page of a visitor who has never been here. */
  public Page newPage(com.microsoft.playwright.Browser.NewContextOptions options) {
    BrowserContext visitor = started.browser.newContext(options);
    visitors.add(visitor);
    visitor.onConsoleMessage(this::heard);
    visitor.onWebError(error -> errors.add(error.error()));
    return visitor.newPage();
  }

  /** A page as wide as a laptop's screen. */
  public Page newPage() {
    return newPage(
        new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1280, 800));
  }

  private void heard(ConsoleMessage message) {
    if (message.type().equals("error")) {
      errors.add(message.text() + " at " + message.location());
    }
  }

  /** Ends all visits. */
  void closePages() {
    visitors.forEach(BrowserContext::close);
    visitors.clear();
  }

  /** What pages said on the console as errors, and what they threw, since the last call. */
  List<String> takeErrors() {
    List<String> taken = List.copyOf(errors);
    errors.clear();
    return taken;
  }

  /** Endless images keep a page loading for ever: its document is enough. */
  public static void open(Page page, URI address) {
    page.navigate(
        address.toString(), new NavigateOptions().setWaitUntil(WaitUntilState.DOMCONTENTLOADED));
  }

  /**
   * Waits until {@code expression} is true in the page. Playwright's own way evaluates within the
   * page, whose security policy forbids that.
   */
  public static void await(Page page, String expression) {
    Awaitility.await(expression)
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> page.evaluate("!!(" + expression + ")").equals(true));
  }

  /** A script for pages: timers for exactly {@code millis} take {@code instead}. */
  public static String timers(int millis, int instead) {
    return """
        {
          const real = setTimeout;
          globalThis.setTimeout = (task, millis, ...rest) => real(task, millis === %d ? %d : millis, ...rest);
        }
        """
        .formatted(millis, instead);
  }

  /** A number for what {@code element}, a canvas, a video or a JPEG, shows now. */
  static long pixels(ElementHandle element) {
    Object sum =
        element.evaluate(
            """
            (element) => {
              const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
              const context = canvas.getContext('2d');
              context.drawImage(element, 0, 0, 64, 36);
              return context.getImageData(0, 0, 64, 36).data
                  .reduce((sum, value, i) => (sum * 31 + value + i) % 2147483647, 7);
            }""");
    return ((Number) sum).longValue();
  }

  /** A number for what {@code element} looks like: of an endless GIF, scripts see nothing. */
  static long looks(ElementHandle element) {
    return Arrays.hashCode(element.screenshot());
  }

  /** What axe finds wrong with the page as it is, one a line. */
  static List<String> violations(Page page, String where) throws IOException {
    List<String> found = violationsNow(page, where);
    if (!found.isEmpty()) { // what is fading in or out is no violation
      page.waitForTimeout(FADE_MILLIS);
      found = violationsNow(page, where);
    }
    return found;
  }

  @SuppressWarnings("unchecked") // axe's own form
  private static List<String> violationsNow(Page page, String where) throws IOException {
    if (page.evaluate("typeof axe").equals("undefined")) {
      page.evaluate(Files.readString(AXE));
    }
    Map<String, Object> result =
        (Map<String, Object>)
            page.evaluate(
                "axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa',"
                    + " 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })");
    List<String> found = new ArrayList<>();
    for (Map<String, Object> violation : (List<Map<String, Object>>) result.get("violations")) {
      for (Map<String, Object> node : (List<Map<String, Object>>) violation.get("nodes")) {
        String what = node.get("target") + " " + node.get("failureSummary");
        found.add(where + ": " + violation.get("id") + ": " + what);
      }
    }
    return found;
  }

  @Override
  public void close() {
    closePages();
    if (!started.equals(usual)) {
      started.end();
    }
  }
}
