package dev.zoetrope.admin;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a list that somebody wants: {@code ?offset=&limit=}.
 *
 * @param offset of the first, from 0
 * @param limit how many at most
 */
record Slice(int offset, int limit) {
  private static final int MOST = 999_999_999;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  /** As a query says; all where it says nothing. */
  static Slice of(Optional<String> offset, Optional<String> limit) throws Problem {
    return new Slice(number("offset", offset, 0, 0), number("limit", limit, 1, MOST));
  }

  private static int number(String name, Optional<String> text, int least, int otherwise)
      throws Problem {
    if (text.isEmpty()) {
      return otherwise;
    }
    int number = NUMBER.matcher(text.get()).matches() ? Integer.parseInt(text.get()) : -1;
    if (number < least) {
      throw new Problem(400, name + ": expected a whole number from " + least + " to " + MOST);
    }
    return number;
  }

  <T> List<T> of(List<T> all) {
    int from = Math.min(offset, all.size());
    return all.subList(from, from + Math.min(limit, all.size() - from));
  }
}
