package dev.zoetrope.bench.soak;

import dev.zoetrope.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How much memory a Chromium's page takes that watches for long: one by GIF, 320x180 at 10 fps, and
 * one by WebCodecs, 640x360 at 25 fps, at the same time. Prints a table and asserts nothing.
 *
 * <p>An endless GIF takes more and more until it is relieved by a new one. So a figure is the
 * median of a minute, in which that happens twice.
 */
public final class SoakBench {
  static final String USAGE = "options: --minutes 60, at least 3";

  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final int PER_MINUTE = 12;
  private static final int FIRST_MINUTE = 5;
  private static final int FEWEST_MINUTES = 3;
  private static final double MEGA = 1 << 20;
  private static final List<String> WAYS = List.of("gif", "webcodecs");

  private SoakBench() {}

  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.println(USAGE);
      return;
    }
    int minutes = minutes(arguments);
    if (minutes < FEWEST_MINUTES) {
      System.err.println(USAGE);
      System.exit(2);
    }
    Path home = Files.createTempDirectory("soak");
    Path sources = Files.createDirectory(home.resolve("sources"));
    Files.writeString(
        sources.resolve("demo.yaml"),
        "kind: test-pattern\nwidth: 640\nheight: 360\nkeepRunning: true\n");
    List<Watching> all = new ArrayList<>();
    try (TestServer server = TestServer.at(home, List.of("-XX:TieredStopAtLevel=4"))) {
      ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // also by a signal
      for (String way : WAYS) {
        all.add(new Watching(server, "demo", way));
      }
      print(soak(all, minutes), minutes);
    } finally {
      all.forEach(Watching::close);
      remove(home);
    }
  }

  private static int minutes(String[] arguments) {
    if (arguments.length == 0) {
      return 60;
    }
    boolean isKnown = arguments.length == 2 && arguments[0].equals("--minutes");
    return isKnown && arguments[1].matches("\\d{1,5}") ? Integer.parseInt(arguments[1]) : 0;
  }

  /** Of each way the median of each minute, in bytes. */
  private static List<List<Long>> soak(List<Watching> all, int minutes)
      throws IOException, InterruptedException {
    List<List<Long>> medians = new ArrayList<>();
    all.forEach(watching -> medians.add(new ArrayList<>()));
    for (int minute = 1; minute <= minutes; minute++) {
      List<List<Long>> samples = new ArrayList<>();
      all.forEach(watching -> samples.add(new ArrayList<>()));
      for (int i = 0; i < PER_MINUTE; i++) {
        Thread.sleep(PERIOD.toMillis());
        for (int way = 0; way < all.size(); way++) {
          samples.get(way).add(all.get(way).bytes());
        }
      }
      for (int way = 0; way < all.size(); way++) {
        Collections.sort(samples.get(way));
        medians.get(way).add(samples.get(way).get(PER_MINUTE / 2));
      }
      System.err.printf("minute %d of %d%n", minute, minutes);
    }
    return medians;
  }

  private static void print(List<List<Long>> medians, int minutes) {
    int first = Math.min(FIRST_MINUTE, minutes - 1);
    System.out.printf(
        "%n%-10s %15s %15s %10s %10s%n",
        "way", "MB, minute " + first, "MB, minute " + minutes, "change %", "most MB");
    for (int way = 0; way < WAYS.size(); way++) {
      double before = medians.get(way).get(first - 1) / MEGA;
      double after = medians.get(way).get(minutes - 1) / MEGA;
      System.out.printf(
          Locale.ROOT,
          "%-10s %15.1f %15.1f %10.1f %10.1f%n",
          WAYS.get(way),
          before,
          after,
          100 * (after / before - 1),
          Collections.max(medians.get(way)) / MEGA);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
