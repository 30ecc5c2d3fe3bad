package dev.zoetrope.bench.glass;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.zoetrope.Browser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** Chromium's: looked at by its screencast, each frame with the time at which it was composed. */
final class ChromiumWindow implements Window {
  private final Browser browser = Browser.whole("--autoplay-policy=no-user-gesture-required");
  private final Page page =
      browser.newPage(new NewContextOptions().setViewportSize(ClockStrip.WIDTH, ClockStrip.HEIGHT));

  @Override
  public void open(URI address) {
    Browser.open(page, address);
  }

  @Override
  public Object evaluate(String expression) {
    return page.evaluate(expression);
  }

  @Override
  public List<Sighting> watch(Duration time) {
    List<Sighting> sightings = new ArrayList<>();
    CDPSession session = page.context().newCDPSession(page);
    session.on(
        "Page.screencastFrame",
        frame -> {
          sightings.add(sighting(frame));
          JsonObject acknowledged = new JsonObject();
          acknowledged.add("sessionId", frame.get("sessionId"));
          session.send("Page.screencastFrameAck", acknowledged);
        });
    JsonObject options = new JsonObject();
    options.addProperty("format", "jpeg");
    options.addProperty("quality", 70);
    session.send("Page.startScreencast", options);
    page.waitForTimeout((double) time.toMillis());
    session.send("Page.stopScreencast");
    session.detach();
    return sightings;
  }

  private static Sighting sighting(JsonObject frame) {
    byte[] jpeg = Base64.getDecoder().decode(frame.get("data").getAsString());
    double seconds = frame.getAsJsonObject("metadata").get("timestamp").getAsDouble();
    try {
      int number = ClockStrip.read(ImageIO.read(new ByteArrayInputStream(jpeg))).orElse(-1);
      return new Sighting(number, seconds * 1000);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    browser.close();
  }
}
