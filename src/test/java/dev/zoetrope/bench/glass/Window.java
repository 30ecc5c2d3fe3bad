package dev.zoetrope.bench.glass;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A browser's window with one page, looked at from outside. Confined to one thread. */
sealed interface Window extends AutoCloseable permits ChromiumWindow, FirefoxWindow {
  void open(URI page);

  /** As JSON would have it: numbers, lists, booleans; of a promise what it comes to. */
  Object evaluate(String expression);

  /** What is seen from outside within that time; no frame is told before it is on the screen. */
  List<Sighting> watch(Duration time) throws IOException;

  @Override
  void close() throws IOException;
}
