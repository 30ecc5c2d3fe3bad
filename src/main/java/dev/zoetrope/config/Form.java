package dev.zoetrope.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of a key's value: how its text is read, and what to say when it cannot be. The same for
 * files, environment and system properties.
 */
interface Form<T> {

  /** The value that {@code text} stands for. */
  T read(String text) throws WrongValue;

  /** A whole number in decimal digits. */
  static Form<Integer> number(int least, int most) {
    return text -> {
      long value = wholeNumber(text);
      if (value < least || value > most) {
        throw new WrongValue("expected a whole number, " + least + " to " + most);
      }
      return (int) value;
    };
  }

  /** An even number: 4:2:0 video halves it. */
  static Form<Integer> evenNumber(int least, int most) {
    return text -> {
      long value = wholeNumber(text);
      if (value < least || value > most || value % 2 != 0) {
        throw new WrongValue("expected an even number, " + least + " to " + most);
      }
      return (int) value;
    };
  }

  /** What YAML 1.2 calls a boolean; {@code yes} and {@code on} are not. */
  static Form<Boolean> yesOrNo() {
    return text -> {
      if (Set.of("true", "True", "TRUE").contains(text)) {
        return true;
      }
      if (Set.of("false", "False", "FALSE").contains(text)) {
        return false;
      }
      throw new WrongValue("expected true or false");
    };
  }

  /** One of some values, each written as its word. */
  static <T> Form<T> choice(List<T> values, Function<T, String> word) {
    List<String> words = values.stream().map(word).toList();
    return text -> {
      int index = words.indexOf(text);
      if (index < 0) {
        throw new WrongValue(
            "expected " + String.join(", ", words) + Nearest.question(text, words));
      }
      return values.get(index);
    };
  }

  /** A time with its unit: ms, s, m or h. */
  static Form<Duration> duration(Duration most) {
    return duration(Duration.ZERO, most);
  }

  /** A time with its unit: ms, s, m or h. */
  static Form<Duration> duration(Duration least, Duration most) {
    return text -> {
      Matcher parts = Quantity.DURATION.matcher(text);
      if (parts.matches()) {
        long number = Long.parseLong(parts.group(1));
        Duration value =
            switch (parts.group(2)) {
              case "ms" -> Duration.ofMillis(number);
              case "s" -> Duration.ofSeconds(number);
              case "m" -> Duration.ofMinutes(number);
              default -> Duration.ofHours(number);
            };
        if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
          return value;
        }
      }
      throw new WrongValue(
          "expected a time with its unit, such as 500ms, 10s or 2m, "
              + (least.isZero() ? "" : least.toSeconds() + "s to ")
              + (least.isZero() ? "at most " : "")
              + (most.toHours() > 0 ? most.toHours() + "h" : most.toMinutes() + "m"));
    };
  }

  /** Bits a second; k and M are 1000 and 1,000,000, as for ffmpeg. */
  static Form<Long> bitrate(long least, long most) {
    return text ->
        Quantity.read(text, 1000, least, most, "bits a second, such as 800k or 2M", "kM");
  }

  /** Bytes; k, m and g are 1024, 1024² and 1024³. */
  static Form<Long> bytes(long least, long most) {
    return text -> Quantity.read(text, 1024, least, most, "bytes, such as 64k, 16m or 1g", "kmg");
  }

  private static long wholeNumber(String text) {
    return Quantity.WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
  }

  /** Numbers with units. */
  final class Quantity {
    // Nine digits and any unit stay within a long.
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmMgG]?)");

    private Quantity() {}

    private static long read(
        String text, int base, long least, long most, String expected, String units)
        throws WrongValue {
      Matcher parts = SIZE.matcher(text);
      if (parts.matches()) {
        String unit = parts.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "kmg".indexOf(unit) + 1;
        long value = Long.parseLong(parts.group(1));
        for (int i = 0; i < power; i++) {
          value *= base;
        }
        if (value >= least && value <= most) {
          return value;
        }
      }
      throw new WrongValue(
          "expected "
              + expected
              + ", "
              + written(least, base, units)
              + " to "
              + written(most, base, units));
    }

    /** With the largest unit that leaves a whole number. */
    private static String written(long value, int base, String units) {
      int power = 0;
      while (power < units.length() && value >= base && value % base == 0) {
        value /= base;
        power++;
      }
      return value + (power == 0 ? "" : units.substring(power - 1, power));
    }
  }
}
