package dev.zoetrope.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client takes, as its header {@code Accept} says. Parameters but the weight are passed
 * over, and so is what cannot be read. Immutable.
 *
 * @see "RFC 9110, 12.4.2 (quality values), 12.5.1 (Accept)"
 */
record Accept(List<Accept.Range> ranges) {
  /** Who says nothing takes everything. */
  static final Accept ANYTHING = new Accept(List.of(new Range("*", "*", 1)));

  private static final String ANY = "*";

  /** What stands between commas: they may be quoted. */
  private static final Pattern ELEMENT = Pattern.compile("(?:[^,\"]|\"(?:[^\"\\\\]|\\\\.)*+\")++");

  private static final Pattern RANGE = Pattern.compile("\\s*([^\\s/;,]+)/([^\\s/;,]+)\\s*(;.*)?");
  private static final Pattern WEIGHT =
      Pattern.compile(";\\s*q\\s*=\\s*([0-9.]+)\\s*(?:;.*)?$", Pattern.CASE_INSENSITIVE);

  /** The longest that is looked at. */
  private static final int MOST_CHARACTERS = 2048;

  /** A type, or a group of types, and how much it is liked: 0, not at all, to 1. */
  record Range(String type, String subtype, double weight) {
    boolean isAnything() {
      return type.equals(ANY);
    }

    boolean isGroup() {
      return subtype.equals(ANY);
    }
  }

  /**
   * How well something fits.
   *
   * @param weight as the client says
   * @param closeness of what it says to what it is
   */
  record Fit(double weight, Closeness closeness) implements Comparable<Fit> {
    @Override
    public int compareTo(Fit other) {
      int byWeight = Double.compare(weight, other.weight);
      return byWeight != 0 ? byWeight : closeness.compareTo(other.closeness);
    }
  }

  /** What was said of a type. */
  enum Closeness {
    /** That everything is taken. */
    ANYTHING,
    /** That all of its kind are. */
    GROUP,
    /** Its name. */
    NAME
  }

  /** As the header's lines say, put together by commas. */
  static Accept of(String header) {
    List<Range> ranges = new ArrayList<>();
    if (header.length() <= MOST_CHARACTERS) {
      Matcher elements = ELEMENT.matcher(header);
      while (elements.find()) {
        range(elements.group()).ifPresent(ranges::add);
      }
    }
    return ranges.isEmpty() ? ANYTHING : new Accept(List.copyOf(ranges));
  }

  private static Optional<Range> range(String element) {
    Matcher range = RANGE.matcher(element.toLowerCase(Locale.ROOT));
    if (!range.matches()) {
      return Optional.empty();
    }
    String parameters = Optional.ofNullable(range.group(3)).orElse("");
    return Optional.of(new Range(range.group(1), range.group(2), weight(parameters)));
  }

  private static double weight(String parameters) {
    Matcher weight = WEIGHT.matcher(parameters);
    if (!weight.find()) {
      return 1;
    }
    try {
      return Math.min(1, Double.parseDouble(weight.group(1)));
    } catch (NumberFormatException e) {
      return 1; // "1.2.3": as if it had not been said
    }
  }

  /** How well a media type fits: the closest range counts. Empty if it is not taken. */
  Optional<Fit> fit(String type, String subtype) {
    Optional<Fit> closest = Optional.empty();
    for (Range range : ranges) {
      Optional<Closeness> closeness = closeness(range, type, subtype);
      boolean isCloser =
          closeness.isPresent()
              && (closest.isEmpty() || closeness.get().compareTo(closest.get().closeness()) > 0);
      if (isCloser) {
        closest = Optional.of(new Fit(range.weight(), closeness.get()));
      }
    }
    return closest.filter(fit -> fit.weight() > 0);
  }

  private static Optional<Closeness> closeness(Range range, String type, String subtype) {
    if (range.isAnything()) {
      return Optional.of(Closeness.ANYTHING);
    }
    if (!range.type().equals(type)) {
      return Optional.empty();
    }
    if (range.isGroup()) {
      return Optional.of(Closeness.GROUP);
    }
    return range.subtype().equals(subtype) ? Optional.of(Closeness.NAME) : Optional.empty();
  }
}
