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

  private final Browser browser = new Browser();
  private final Page page = // small: what Chromium sets aside for painting grows with it
      browser.newPage(new NewContextOptions().setViewportSize(320, 180));

  Watching(TestServer server, String source, String way) {
    Browser.open(page, server.uri("embed/" + source + "?ways=" + way));
    Browser.await(page, "document.querySelector('zoetrope-player')?.way === '" + way + "'");
  }

  /**
   * What the page's process has for itself, or shares with the browser's others, after a collection
   * of its garbage; without the pages of Chromium's own program, of which more and more are read.
   */
  long bytes() throws IOException {
    CDPSession session = page.context().newCDPSession(page);
    session.send("HeapProfiler.collectGarbage");
    session.detach();
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
