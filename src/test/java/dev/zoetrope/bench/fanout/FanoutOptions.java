package dev.zoetrope.bench.fanout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code ./bench fanout} is asked to measure.
 *
 * @param tls whether the server encrypts; the yardstick never does
 * @param yardstick a program with the yardstick's options, to which all is compared instead
 */
record FanoutOptions(
    List<Way> formats,
    List<Integer> viewers,
    List<Door> doors,
    double stalled,
    double slow,
    int slowBytes,
    int joins,
    Duration window,
    Duration warmUp,
    int rounds,
    int clients,
    int ramp,
    boolean tls,
    Optional<Path> yardstick) {

  static final String USAGE =
      """
      options, with their defaults:
        --formats mjpeg,gif,mpeg1,fmp4
        --viewers 1,100,500,2000,4000, with --tls 200
        --doors portable,fast
        --stalled 0           the part of the viewers that never reads
        --slow 0              the part of them that reads slowly
        --slow-bytes 20000    how slowly: bytes a second
        --joins 0             further viewers that come in a second, and leave after one
        --seconds 5           each window
        --warm-up 30          seconds with 400 viewers before the first
        --rounds 3
        --clients 1           threads of the load client
        --ramp 1000           viewers that come in a second
        --tls                 HTTPS, compared to the yardstick and the JDK's SSLEngine.wrap together
        --yardstick PROGRAM   with its options, to which all is compared instead of it""";

  /** How the server writes to its viewers. */
  enum Door {
    PORTABLE("off"),
    FAST("auto");

    final String property;

    Door(String property) {
      this.property = property;
    }
  }

  /** Throws {@link IllegalArgumentException} for what it does not know. */
  static FanoutOptions of(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (arguments[i].equals("--tls")) {
        given.put("tls", "");
        i--; // it has no value
        continue;
      }
      boolean isKnown = arguments[i].startsWith("--") && USAGE.contains(arguments[i] + " ");
      if (!isKnown || i + 1 == arguments.length) {
        throw new IllegalArgumentException("unknown or without a value: " + arguments[i]);
      }
      given.put(arguments[i].substring(2), arguments[i + 1]);
    }
    boolean tls = given.containsKey("tls");
    if (tls && given.containsKey("slow")) {
      throw new IllegalArgumentException("--slow reads less than a TLS record: not with --tls");
    }
    Function<String, String> upper = word -> word.toUpperCase(Locale.ROOT);
    return new FanoutOptions(
        list(given, "formats", "mjpeg,gif,mpeg1,fmp4", upper.andThen(Way::valueOf)),
        list(given, "viewers", tls ? "200" : "1,100,500,2000,4000", Integer::valueOf),
        list(given, "doors", "portable,fast", upper.andThen(Door::valueOf)),
        Double.parseDouble(given.getOrDefault("stalled", "0")),
        Double.parseDouble(given.getOrDefault("slow", "0")),
        Integer.parseInt(given.getOrDefault("slow-bytes", "20000")),
        Integer.parseInt(given.getOrDefault("joins", "0")),
        seconds(given, "seconds", "5"),
        seconds(given, "warm-up", "30"),
        Integer.parseInt(given.getOrDefault("rounds", "3")),
        Integer.parseInt(given.getOrDefault("clients", "1")),
        Integer.parseInt(given.getOrDefault("ramp", "1000")),
        tls,
        Optional.ofNullable(given.get("yardstick")).map(Path::of));
  }

  private static Duration seconds(Map<String, String> given, String name, String otherwise) {
    return Duration.ofSeconds(Long.parseLong(given.getOrDefault(name, otherwise)));
  }

  private static <T> List<T> list(
      Map<String, String> given, String name, String otherwise, Function<String, T> value) {
    return Arrays.stream(given.getOrDefault(name, otherwise).split(",", -1)).map(value).toList();
  }
}
