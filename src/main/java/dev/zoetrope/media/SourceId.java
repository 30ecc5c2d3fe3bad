package dev.zoetrope.media;

import java.util.regex.Pattern;

/** The name of a source in addresses, files and logs: {@code [a-z0-9][a-z0-9-]{0,63}}. */
public record SourceId(String value) implements Comparable<SourceId> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  public SourceId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "source id \""
              + value
              + "\": expected 1 to 64 of a-z, 0-9 and -, beginning with a letter or digit");
    }
  }

  /** Whether {@code value} has the form of an id. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public int compareTo(SourceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
