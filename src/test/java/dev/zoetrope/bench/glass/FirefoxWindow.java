package dev.zoetrope.bench.glass;

import dev.zoetrope.Firefox;
import dev.zoetrope.FirefoxTab;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Firefox's: looked at by one screenshot after the other, each with the time at which it was
 * complete, so a few hundredths of a second too late rather than too early.
 */
final class FirefoxWindow implements Window {
  private final Firefox firefox = new Firefox();
  private final FirefoxTab tab = firefox.newTab();

  FirefoxWindow() throws IOException {}

  @Override
  public void open(URI address) {
    tab.open(address);
  }

  @Override
  public Object evaluate(String expression) {
    return tab.evaluate(expression);
  }

  @Override
  public List<Sighting> watch(Duration time) {
    List<Sighting> sightings = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      int number =
          ClockStrip.read(tab.screenshot(0, 0, ClockStrip.WIDTH, ClockStrip.HEIGHT / 9)).orElse(-1);
      sightings.add(new Sighting(number, (double) System.currentTimeMillis()));
    }
    return sightings;
  }

  @Override
  public void close() throws IOException {
    firefox.close();
  }
}
