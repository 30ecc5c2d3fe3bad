package dev.zoetrope.bench.soak;

import dev.zoetrope.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How much memory a Chromium's page takes that watches for long: one by GIF, 320x180 at 10 fps, and
 * one by WebCodecs, 640x360 at 25 fps, at the same time. Prints a line for each minute, then a
 * table, and asserts nothing.
 *
 * <p>An endless GIF takes more and more until it is relieved by a new one, and garbage stays until
 * it is collected. So a figure is the median of a minute, in which the first happens twice; beside
 * it stands what is left after a collection at the minute's end.
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

  /**
   * What a page held in one minute.
   *
   * @param residentBytes the median of the minute, as it was
   * @param atEnd at the minute's end, collected
   */
  private record Minute(long residentBytes, Watching.Held atEnd) {}

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
    Map<String, Watching> all = new LinkedHashMap<>();
    try (TestServer server = TestServer.at(home, TestServer.asOperatorsHaveIt())) {
      ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // also by a signal
      for (String way : WAYS) {
        all.put(way, new Watching(server, "demo", way));
      }
      print(soak(all, minutes), minutes);
    } finally {
      all.values().forEach(Watching::close);
      TestServer.remove(home);
    }
  }

  private static int minutes(String[] arguments) {
    if (arguments.length == 0) {
      return 60;
    }
    boolean isKnown = arguments.length == 2 && arguments[0].equals("--minutes");
    return isKnown && arguments[1].matches("\\d{1,5}") ? Integer.parseInt(arguments[1]) : 0;
  }

  private static Map<String, List<Minute>> soak(Map<String, Watching> all, int minutes)
      throws IOException, InterruptedException {
    Map<String, List<Minute>> soaked = new LinkedHashMap<>();
    all.keySet().forEach(way -> soaked.put(way, new ArrayList<>()));
    for (int minute = 1; minute <= minutes; minute++) {
      Map<String, List<Long>> samples = new LinkedHashMap<>();
      all.keySet().forEach(way -> samples.put(way, new ArrayList<>()));
      for (int i = 0; i < PER_MINUTE; i++) {
        Thread.sleep(PERIOD.toMillis());
        for (Map.Entry<String, Watching> each : all.entrySet()) {
          samples.get(each.getKey()).add(each.getValue().residentBytes());
        }
      }
      for (Map.Entry<String, Watching> each : all.entrySet()) {
        List<Long> sorted = samples.get(each.getKey()).stream().sorted().toList();
        Watching watching = each.getValue();
        Minute told = new Minute(sorted.get(PER_MINUTE / 2), watching.collected());
        soaked.get(each.getKey()).add(told);
        printMinute(minute, each.getKey(), told, watching.isPlaying());
      }
    }
    return soaked;
  }

  private static void printMinute(int number, String way, Minute minute, boolean isPlaying) {
    System.out.printf(
        Locale.ROOT,
        "minute %2d  %-10s %6.1f MB, collected %6.1f MB, heap %5.2f MB, %d nodes%s%n",
        number,
        way,
        minute.residentBytes / MEGA,
        minute.atEnd.residentBytes() / MEGA,
        minute.atEnd.heapBytes() / MEGA,
        minute.atEnd.nodes(),
        isPlaying ? "" : "  not playing!");
  }

  private static void print(Map<String, List<Minute>> soaked, int minutes) {
    int first = Math.min(FIRST_MINUTE, minutes - 1);
    System.out.printf(
        "%n%-32s %15s %15s %10s %10s%n",
        "", "MB, minute " + first, "MB, minute " + minutes, "change %", "most MB");
    soaked.forEach(
        (way, each) -> {
          printLine(way + ": process", first, each.stream().map(Minute::residentBytes).toList());
          printLine(
              way + ": process, collected",
              first,
              each.stream().map(minute -> minute.atEnd.residentBytes()).toList());
          printLine(
              way + ": JS heap, collected",
              first,
              each.stream().map(minute -> minute.atEnd.heapBytes()).toList());
        });
  }

  private static void printLine(String what, int first, List<Long> bytes) {
    double before = bytes.get(first - 1) / MEGA;
    double after = bytes.get(bytes.size() - 1) / MEGA;
    System.out.printf(
        Locale.ROOT,
        "%-32s %15.1f %15.1f %10.1f %10.1f%n",
        what,
        before,
        after,
        100 * (after / before - 1),
        Collections.max(bytes) / MEGA);
  }
}
