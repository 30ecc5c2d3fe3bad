package dev.zoetrope.bench.glass;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, as a table and as JSON. */
final class GlassTable {
  private final List<Row> rows = new ArrayList<>();

  /**
   * One way in one browser.
   *
   * @param ages milliseconds from packet to screen
   * @param missing the share of frames that were never seen
   * @param dropped the same as the video element counts; not a number without one
   * @param stills milliseconds from the element's arrival to a picture
   * @param moving milliseconds from there to the way's second picture, for GIF the first
   */
  record Row(
      String browser,
      String way,
      Figures ages,
      double missing,
      double dropped,
      Figures stills,
      Figures moving) {}

  void add(Row row) {
    rows.add(row);
  }

  void print() {
    System.out.printf(
        "%n%-9s %-10s %5s %10s %8s %10s %10s %9s %8s %10s %9s%n",
        "browser",
        "way",
        "n",
        "median ms",
        "p95 ms",
        "missing %",
        "dropped %",
        "still ms",
        "most",
        "moving ms",
        "most");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-9s %-10s %5d %10.1f %8.1f %10.1f %10s %9.0f %8.0f %10.0f %9.0f%n",
          row.browser,
          row.way,
          row.ages.count(),
          row.ages.median(),
          row.ages.percentile(95),
          100 * row.missing,
          Double.isNaN(row.dropped) ? "-" : String.format(Locale.ROOT, "%.1f", 100 * row.dropped),
          row.stills.median(),
          row.stills.most(),
          row.moving.median(),
          row.moving.most());
    }
    System.out.printf(
        "%n%s %s, %d cores, Java %s%n",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
  }

  String json() {
    JsonArrayBuilder array = Json.createArrayBuilder();
    for (Row row : rows) {
      JsonObjectBuilder object = Json.createObjectBuilder().add("browser", row.browser);
      object.add("way", row.way).add("n", row.ages.count());
      add(object, "medianMillis", row.ages.median());
      add(object, "p95Millis", row.ages.percentile(95));
      add(object, "missing", row.missing);
      add(object, "dropped", row.dropped);
      add(object, "stillMillis", row.stills.median());
      add(object, "stillMostMillis", row.stills.most());
      add(object, "movingMillis", row.moving.median());
      add(object, "movingMostMillis", row.moving.most());
      array.add(object);
    }
    return array.build() + "\n";
  }

  /** JSON knows nothing that is not a number. */
  private static void add(JsonObjectBuilder object, String name, double figure) {
    if (!Double.isNaN(figure)) {
      object.add(name, figure);
    }
  }
}
