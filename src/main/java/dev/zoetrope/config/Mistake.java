package dev.zoetrope.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Something in the configuration that cannot be as it is written. Holds no credentials: addresses
 * come masked.
 *
 * @param file below the home folder, such as {@code sources/gate.yaml}; {@code environment} or
 *     {@code system properties} for what was set there
 * @param line from 1; 0 if the mistake has no line
 * @param key with the keys around it: {@code renditions.gif.width}; empty if it is about the file
 * @param value as written, shortened; empty if there is none
 * @param remedy what was expected, or what to do
 */
public record Mistake(Path file, int line, String key, String value, String remedy) {
  public Mistake {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** One line for a log: {@code sources/gate.yaml:3: widht: 320 — unknown key; …}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file.toString().replace('\\', '/'));
    if (line > 0) {
      text.append(':').append(line);
    }
    if (!key.isEmpty()) {
      text.append(": ").append(key);
    }
    if (!value.isEmpty()) {
      text.append(": ").append(value);
    }
    return text.append(" — ").append(remedy).toString();
  }
}
