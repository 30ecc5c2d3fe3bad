package dev.zoetrope.bench.soak;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.zoetrope.Browser;
import dev.zoetrope.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.StreamSupport;

/** A Chromium that watches one source by one way. Confined to one thread. */
final class Watching implements AutoCloseable {
  private static final int KILO = 1024;
  private static final String PLAYER = "document.querySelector('zoetrope-player')";

  /**
   * What a page held at one moment.
   *
   * @param residentBytes of its process
   * @param heapBytes of its scripts' objects
   * @param nodes of its documents
   */
  record Held(long residentBytes, long heapBytes, int nodes) {}

  private final Browser browser = Browser.whole();
  private final Page page = // small: what Chromium sets aside for painting grows with it
      browser.newPage(new NewContextOptions().setViewportSize(320, 180));
  private final String way;

  /**
   * @param scripts run in the page before its own
   */
  Watching(TestServer server, String source, String way, String... scripts) {
    this.way = way;
    for (String script : scripts) {
      page.addInitScript(script);
    }
    Browser.open(page, server.uri("embed/" + source + "?ways=" + way));
    Browser.await(page, PLAYER + "?.way === '" + way + "'");
  }

  /** Whether the page shows moving pictures by the way it was opened for. */
  boolean isPlaying() {
    return page.evaluate(PLAYER + ".way === '" + way + "' && " + PLAYER + ".state === 'playing'")
        .equals(true);
  }

  /** What {@code expression} is in the page. */
  Object evaluate(String expression) {
    return page.evaluate(expression);
  }

  /** What the page holds after a collection of its garbage. */
  Held collected() throws IOException {
    CDPSession session = page.context().newCDPSession(page);
    session.send("HeapProfiler.collectGarbage");
    long heap = session.send("Runtime.getHeapUsage").get("usedSize").getAsLong();
    int nodes = session.send("Memory.getDOMCounters").get("nodes").getAsInt();
    session.detach();
    return new Held(residentBytes(), heap, nodes);
  }

  /**
   * What the page's process has for itself, or shares with the browser's others; without the pages
   * of Chromium's own program, of which more and more are read.
   */
  long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(renderer()), "status");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILO)
        .sum();
  }

  /** Of all renderers the busiest: others wait for pages to come. */
  private long renderer() {
    CDPSession session = page.context().browser().newBrowserCDPSession();
    JsonObject processes = session.send("SystemInfo.getProcessInfo");
    session.detach();
    return StreamSupport.stream(processes.getAsJsonArray("processInfo").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(process -> process.get("type").getAsString().equals("renderer"))
        .max(Comparator.comparingDouble(process -> process.get("cpuTime").getAsDouble()))
        .orElseThrow()
        .get("id")
        .getAsLong();
  }

  @Override
  public void close() {
    browser.close();
  }
}
