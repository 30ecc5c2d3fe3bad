package dev.zoetrope.media;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password, key or passphrase: never shown, compared in constant time. */
public final class Secret {
  private final String value;

  /**
   * @param value at least one character
   */
  public Secret(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("an empty secret");
    }
    this.value = value;
  }

  /** The text itself, for the one place that has to say it. */
  public String reveal() {
    return value;
  }

  /** Whether {@code offered} is the same text; takes as long whichever character differs. */
  public boolean matches(String offered) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "…";
  }
}
