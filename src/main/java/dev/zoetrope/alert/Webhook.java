package dev.zoetrope.alert;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An address that is told when a source is lost and when it is back. Immutable.
 *
 * @param name for logs and addresses, formed as a source's id
 * @param url http or https
 * @param key signs what is sent, by HMAC-SHA256; empty for unsigned
 * @param sources whose fate is told; empty for all
 * @param delay how long a source has to be lost before it is told, zero to one day
 */
public record Webhook(
    String name, URI url, Optional<Secret> key, Set<SourceId> sources, Duration delay) {

  /** The longest {@code delay}. */
  public static final Duration MOST_DELAY = Duration.ofDays(1);

  public Webhook {
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(key, "key");
    sources = Set.copyOf(sources);
    if (!SourceId.isValid(name)) {
      throw new IllegalArgumentException("webhook name \"" + name + "\": expected a-z, 0-9, -");
    }
    if (delay.isNegative() || delay.compareTo(MOST_DELAY) > 0) {
      throw new IllegalArgumentException(
          "webhook " + name + ": delay must be zero to " + MOST_DELAY + ", got " + delay);
    }
  }

  /** Whether {@code id} is one of its sources. */
  public boolean isAbout(SourceId id) {
    return sources.isEmpty() || sources.contains(id);
  }
}
