package dev.zoetrope.bench.fanout;

import dev.zoetrope.bench.fanout.FanoutOptions.Door;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What fan-out costs: the real WAR behind each of its doors against the {@link Yardstick}, in turn,
 * so that all have the same minutes of the machine. Prints a table and asserts nothing.
 */
public final class FanoutBench {
  private static final int WARM_UP_VIEWERS = 400;
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final double BUSY_PERCENT = 90;

  private final FanoutOptions options;
  private final Path clips;
  private final Map<String, Integer> errors = new TreeMap<>();
  private boolean clientWasBusy;

  /** Of one contender: what it costs with one viewer, what it has resident with none. */
  private record Base(double cpuPerSecond, long kilobytes) {}

  /**
   * Of one contender's cost to the yardstick's.
   *
   * @param wrapMicros what was added to its cost for each frame; 0 for whoever encrypts itself
   * @param net without what it costs to serve one viewer
   */
  private record Ratios(double wrapMicros, double whole, double net) {}

  public static void main(String[] arguments) throws Exception {
    if (List.of(arguments).contains("--help")) {
      System.out.println(FanoutOptions.USAGE);
      return;
    }
    FanoutOptions options;
    try {
      options = FanoutOptions.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + FanoutOptions.USAGE);
      System.exit(2);
      return;
    }
    new FanoutBench(options, Path.of("target/clips/fanout").toAbsolutePath()).run();
  }

  private FanoutBench(FanoutOptions options, Path clips) {
    this.options = options;
    this.clips = clips;
  }

  private void run() throws Exception {
    makeClips();
    System.out.printf(
        "%-6s %7s %-10s %7s %7s %6s %6s %9s %11s %7s %7s %8s %8s %8s %8s%n",
        "format",
        "viewers",
        "door",
        "µs/vf",
        "wrap",
        "ratio",
        "net",
        "missing %",
        ">= 95 %",
        "p50 ms",
        "p99 ms",
        "first ms",
        "RSS KB",
        "client %",
        "others %");
    for (Way way : options.formats()) {
      measure(way);
    }
    System.out.printf(
        "%n%s %s, %d cores, Java %s; ratio to %s, median of %d rounds of %d s%n",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        options.yardstick().map(Path::toString).orElse("nio, the yardstick in plain NIO"),
        options.rounds(),
        options.window().toSeconds());
    if (options.tls()) {
      System.out.println(
          TlsChannel.PROTOCOL
              + ", "
              + TlsChannel.SUITE
              + "; the yardstick is plain: wrap is added");
    }
    if (clientWasBusy) {
      System.out.println("! the load client was the bottleneck: try --clients 2");
    }
    errors.forEach((what, count) -> System.out.println(count + " x " + what));
  }

  private void makeClips() throws IOException, InterruptedException {
    Files.createDirectories(clips);
    Process script =
        new ProcessBuilder("src/test/clips/fanout", clips.toString()).inheritIO().start();
    if (script.waitFor() != 0) {
      throw new IOException("src/test/clips/fanout failed");
    }
  }

  private void measure(Way way) throws Exception {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Door door : options.doors()) {
        contenders.add(Contender.server(door, options.tls(), way, clips));
      }
      LoadReport sample = load(contenders.get(0), way, 1, Duration.ofSeconds(2), 0);
      int frameBytes = (int) (sample.bytes() / Math.max(1, sample.frames()));
      Optional<WrapCost> wrap = Optional.empty();
      if (options.tls()) {
        wrap = Optional.of(WrapCost.against(contenders.get(0).port(), frameBytes));
      }
      contenders.add(0, Contender.yardstick(Optional.empty(), way, frameBytes, clips));
      if (options.yardstick().isPresent()) {
        contenders.add(0, Contender.yardstick(options.yardstick(), way, frameBytes, clips));
      }
      Map<Contender, Base> bases = new LinkedHashMap<>();
      for (Contender contender : contenders) {
        bases.put(contender, warmUp(contender, way));
      }
      for (int viewers : options.viewers()) {
        measure(way, viewers, bases, wrap);
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
    }
  }

  private Base warmUp(Contender contender, Way way) throws Exception {
    load(contender, way, WARM_UP_VIEWERS, options.warmUp(), 0);
    LoadReport alone = load(contender, way, 1, options.window(), 0);
    return new Base(
        alone.cost().serverSeconds() / alone.cost().seconds(), alone.cost().serverKilobytes());
  }

  private void measure(Way way, int viewers, Map<Contender, Base> bases, Optional<WrapCost> wrap)
      throws Exception {
    Map<Contender, List<LoadReport>> reports = new LinkedHashMap<>();
    List<Double> wraps = new ArrayList<>();
    for (int round = 0; round < options.rounds(); round++) {
      wraps.add(wrap.isPresent() ? wrap.get().micros() : 0);
      for (Contender contender : bases.keySet()) {
        reports
            .computeIfAbsent(contender, key -> new ArrayList<>())
            .add(load(contender, way, viewers, options.window(), 1));
      }
    }
    Contender yardstick = bases.keySet().iterator().next();
    List<LoadReport> others = reports.get(yardstick);
    for (Contender contender : bases.keySet()) {
      List<LoadReport> rounds = reports.get(contender);
      List<Double> ratios = new ArrayList<>();
      List<Double> nets = new ArrayList<>();
      for (int round = 0; round < rounds.size(); round++) {
        LoadReport report = rounds.get(round);
        LoadReport other = others.get(round);
        double added = contender.tls() ? 0 : wraps.get(round);
        double least = other.serverMicrosPerFrame() + wraps.get(round);
        double leastNet = net(other, bases.get(yardstick)) + wraps.get(round);
        ratios.add((report.serverMicrosPerFrame() + added) / least);
        nets.add((net(report, bases.get(contender)) + added) / leastNet);
      }
      Ratios all = new Ratios(contender.tls() ? 0 : median(wraps), median(ratios), median(nets));
      print(way, viewers, contender, rounds, all, bases.get(contender));
    }
  }

  /** CPU time for each frame of each viewer but the first, in microseconds. */
  private static double net(LoadReport report, Base base) {
    double more = report.cost().serverSeconds() - base.cpuPerSecond() * report.cost().seconds();
    return 1e6 * more / (report.frames() * (1 - 1.0 / report.viewers()));
  }

  private LoadReport load(Contender contender, Way way, int viewers, Duration window, int troubles)
      throws Exception {
    LoadReport report =
        LoadClient.run(
            new Load(
                contender.port(),
                contender.tls(),
                contender.path(),
                way,
                viewers,
                options.stalled() * troubles,
                options.slow() * troubles,
                options.slowBytes(),
                options.joins() * troubles,
                options.clients(),
                options.ramp(),
                SETTLE,
                window),
            contender.process());
    String where = " (" + way + ", " + viewers + ", " + contender.name() + ")";
    report.errors().forEach((what, count) -> errors.merge(what + where, count, Integer::sum));
    return report;
  }

  private void print(
      Way way,
      int viewers,
      Contender contender,
      List<LoadReport> rounds,
      Ratios ratios,
      Base base) {
    double clientPercent = median(rounds, report -> report.cost().clientPercent());
    boolean isBusy = clientPercent >= BUSY_PERCENT;
    clientWasBusy |= isBusy;
    double grown = median(rounds, report -> report.cost().serverKilobytes()) - base.kilobytes();
    System.out.printf(
        Locale.ROOT,
        "%-6s %7d %-10s %7.1f %7s %6.2f %6s %9.2f %11s %7s %7s %8s %8s %7.0f%s %8.0f%n",
        way.name().toLowerCase(Locale.ROOT),
        viewers,
        contender.name(),
        median(rounds, LoadReport::serverMicrosPerFrame),
        ratios.wrapMicros() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", ratios.wrapMicros()),
        ratios.whole(),
        viewers == 1 ? "-" : String.format(Locale.ROOT, "%.2f", ratios.net()),
        median(rounds, LoadReport::missingPercent),
        Math.round(median(rounds, LoadReport::whole)) + "/" + rounds.get(0).viewers(),
        millis(rounds, report -> report.latencies().percentile(50)),
        millis(rounds, report -> report.latencies().percentile(99)),
        millis(rounds, report -> report.firsts().percentile(99)),
        viewers < 100 ? "-" : String.format(Locale.ROOT, "%.0f", Math.max(0, grown / viewers)),
        clientPercent,
        isBusy ? "!" : " ",
        median(rounds, report -> report.cost().othersPercent()));
    note("slow viewers: frames so many ms old, p99", rounds, LoadReport::slowLatencies);
    note("joined meanwhile: first frame in ms, p99", rounds, LoadReport::joins);
  }

  private static void note(
      String what, List<LoadReport> rounds, Function<LoadReport, Latencies> value) {
    String millis = millis(rounds, report -> value.apply(report).percentile(99));
    if (!millis.equals("-")) {
      System.out.printf("%14s %s: %s%n", "", what, millis);
    }
  }

  private static String millis(List<LoadReport> rounds, ToDoubleFunction<LoadReport> value) {
    double median = median(rounds, value);
    return Double.isNaN(median) ? "-" : String.format(Locale.ROOT, "%.1f", median);
  }

  private static double median(List<LoadReport> rounds, ToDoubleFunction<LoadReport> value) {
    return median(rounds.stream().map(value::applyAsDouble).toList());
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
