package dev.zoetrope.bench.glass;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.TestServer;
import dev.zoetrope.bench.FlvCamera;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * From a camera's packet to the screen: how old the picture is that a browser shows, by each way of
 * the player. Prints a table and asserts nothing.
 *
 * <p>The frames of the camera have their number in them. It notes when each packet is written to
 * its socket; a page at another origin than the server's looks at each animation frame which number
 * its player shows. So capture, encoder where there is one, network and player are all in it, the
 * camera's own encoder is not, and neither is what follows after an animation frame: the
 * compositor, and a display. Of an endless GIF scripts see one picture only: it is looked at from
 * outside.
 */
public final class GlassBench implements AutoCloseable {
  /** The player's control of its latency has come to rest by then. */
  private static final Duration SETTLING = Duration.ofSeconds(6);

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration START = Duration.ofSeconds(2);
  private static final Duration MARGIN = Duration.ofSeconds(60);
  private static final String WITH_SOUND = "mse-sound";

  private final GlassOptions options;
  private final Path home;
  private final FlvCamera silent;
  private final FlvCamera loud;
  private final TestServer server;
  private final HttpServer pages;
  private final GlassTable table = new GlassTable();

  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.println(GlassOptions.USAGE);
      return;
    }
    GlassOptions options;
    try {
      options = GlassOptions.of(arguments);
    } catch (IllegalArgumentException mistake) {
      System.err.println(mistake.getMessage() + "\n" + GlassOptions.USAGE);
      System.exit(2);
      return;
    }
    try (GlassBench bench = new GlassBench(options)) {
      bench.measure();
      bench.table.print();
      if (options.json().isPresent()) {
        Files.writeString(options.json().get(), bench.table.json());
      }
    }
  }

  private GlassBench(GlassOptions options) throws Exception {
    this.options = options;
    home = Files.createTempDirectory("glass");
    silent = camera("silent", false);
    loud = camera("loud", true);
    server = TestServer.at(home, TestServer.asOperatorsHaveIt("-Dzoetrope.rtmpPort=0"));
    endWithUs(ProcessHandle.of(server.pid()).orElseThrow());
    pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] page = page(server.uri());
    pages.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    pages.start();
  }

  /** Also when the bench is stopped by a signal. */
  private static void endWithUs(ProcessHandle process) {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  private FlvCamera camera(String id, boolean hasSound) throws Exception {
    Duration each = SETTLING.plus(options.window()).plus(START.multipliedBy(options.starts()));
    int measurements = options.browsers().size() * options.ways().size();
    Path clip = home.resolve(id + ".flv");
    ClockStrip.makeClip(
        clip, (int) each.multipliedBy(measurements).plus(MARGIN).toSeconds(), hasSound);
    FlvCamera camera = new FlvCamera(clip);
    Path sources = Files.createDirectories(home.resolve("sources"));
    Files.writeString(
        sources.resolve(id + ".yaml"),
        "kind: url\nurl: %s\nkeepRunning: true\n".formatted(camera.uri()));
    return camera;
  }

  private static byte[] page(URI server) throws IOException {
    try (InputStream page = GlassBench.class.getResourceAsStream("page.html")) {
      return new String(page.readAllBytes(), UTF_8)
          .replace("SERVER", server.toString())
          .getBytes(UTF_8);
    }
  }

  private void measure() throws Exception {
    for (String browser : options.browsers()) {
      for (String way : options.ways()) {
        try (Window window =
            browser.equals("firefox") ? new FirefoxWindow() : new ChromiumWindow()) {
          table.add(measure(window, browser, way));
        }
      }
    }
  }

  private GlassTable.Row measure(Window window, String browser, String way) throws Exception {
    boolean hasSound = way.equals(WITH_SOUND);
    String name = hasSound ? "mse" : way;
    URI source = server.uri("live/" + (hasSound ? "loud" : "silent"));
    window.open(URI.create("http://127.0.0.1:" + pages.getAddress().getPort() + "/"));
    await(window, "glass.isReady()");
    window.evaluate("glass.open('%s', '%s', %s)".formatted(source, name, hasSound));
    await(window, "glass.isPlaying()");
    Thread.sleep(SETTLING.toMillis());
    if (hasSound) {
      await(window, "glass.hasSound()");
    }

    window.evaluate("glass.take()");
    double[] before = numbers(window.evaluate("glass.quality()"));
    List<Sighting> sightings = look(window, way);
    double[] after = numbers(window.evaluate("glass.quality()"));

    double[] stills = new double[options.starts()];
    double[] moving = new double[options.starts()];
    for (int i = 0; i < options.starts(); i++) {
      double[] start = numbers(window.evaluate("glass.begin()"));
      stills[i] = start[0];
      moving[i] = start[1];
    }
    return new GlassTable.Row(
        browser,
        way,
        ages(sightings, hasSound ? loud : silent),
        missing(sightings, way.equals("gif") ? 10 : ClockStrip.FPS),
        (after[1] - before[1]) / (after[0] - before[0]),
        new Figures(stills),
        new Figures(moving));
  }

  private List<Sighting> look(Window window, String way) throws Exception {
    if (way.equals("gif")) {
      return window.watch(options.window());
    }
    Thread.sleep(options.window().toMillis());
    return ((List<?>) window.evaluate("glass.take()")).stream().map(Sighting::of).toList();
  }

  /** Of each frame, when it was first seen. */
  private static Figures ages(List<Sighting> sightings, FlvCamera camera) {
    List<Double> ages = new ArrayList<>();
    int last = sightings.isEmpty() ? -1 : sightings.get(0).number(); // it may be there for long
    for (Sighting sighting : sightings) {
      if (sighting.number() > last) {
        last = sighting.number();
        camera.sentMicros(last).ifPresent(sent -> ages.add(sighting.unixMillis() - sent / 1e3));
      }
    }
    return new Figures(ages.stream().mapToDouble(age -> age).toArray());
  }

  /**
   * The share of frames, of so many a second, that were never seen between the first and the last.
   */
  private static double missing(List<Sighting> sightings, int fps) {
    int[] numbers =
        sightings.stream()
            .mapToInt(Sighting::number)
            .filter(n -> n >= 0)
            .distinct()
            .sorted()
            .toArray();
    if (numbers.length < 2) {
      return Double.NaN;
    }
    double due = (numbers[numbers.length - 1] - numbers[0]) * (double) fps / ClockStrip.FPS;
    return Math.max(0, 1 - (numbers.length - 1) / due);
  }

  private static double[] numbers(Object list) {
    return ((List<?>) list).stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
  }

  private static void await(Window window, String expression) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!window.evaluate(expression).equals(true)) {
      if (System.nanoTime() > end) {
        throw new IOException("after " + LIMIT + " not yet: " + expression);
      }
      Thread.sleep(50);
    }
  }

  @Override
  public void close() throws IOException {
    pages.stop(0);
    server.close();
    silent.close();
    loud.close();
    TestServer.remove(home);
  }
}
