package dev.zoetrope.bench.glass;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code ./bench glass} is asked to measure.
 *
 * @param window in which frames are looked at
 * @param starts how often the element comes anew
 * @param json where the figures are written to, beside the table
 */
record GlassOptions(
    List<String> browsers, List<String> ways, Duration window, int starts, Optional<Path> json) {

  static final String USAGE =
      """
      options, with their defaults:
        --browsers chromium,firefox
        --ways webcodecs,mse,mse-sound,mpeg1,mjpeg,gif
        --seconds 10          in which the frames of a way are looked at
        --starts 6            how often the element comes anew
        --json FILE           the figures, beside the table""";

  private static final List<String> BROWSERS = List.of("chromium", "firefox");
  private static final List<String> WAYS =
      List.of("webcodecs", "mse", "mse-sound", "mpeg1", "mjpeg", "gif");

  /** Throws {@link IllegalArgumentException} for what it does not know. */
  static GlassOptions of(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      boolean isKnown = arguments[i].startsWith("--") && USAGE.contains(arguments[i] + " ");
      if (!isKnown || i + 1 == arguments.length) {
        throw new IllegalArgumentException("unknown or without a value: " + arguments[i]);
      }
      given.put(arguments[i].substring(2), arguments[i + 1]);
    }
    return new GlassOptions(
        some(given.get("browsers"), BROWSERS),
        some(given.get("ways"), WAYS),
        Duration.ofSeconds(Long.parseLong(given.getOrDefault("seconds", "10"))),
        Integer.parseInt(given.getOrDefault("starts", "6")),
        Optional.ofNullable(given.get("json")).map(Path::of));
  }

  private static List<String> some(String given, List<String> all) {
    if (given == null) {
      return all;
    }
    List<String> some = Arrays.asList(given.split(",", -1));
    if (!all.containsAll(some)) {
      throw new IllegalArgumentException("expected some of " + all + ", got " + some);
    }
    return some;
  }
}
