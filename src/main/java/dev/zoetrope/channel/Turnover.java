package dev.zoetrope.channel;

import dev.zoetrope.media.Format;
import java.util.Map;

/**
 * What came into a channel and went out of it since it began; only the numbers of viewers ever go
 * down.
 *
 * @param bytesIn that the source brought
 * @param pictures that the source brought
 * @param formats what went out, of the formats that there have been
 */
public record Turnover(long bytesIn, long pictures, Map<Format, FormatStats> formats) {
  public Turnover {
    formats = Map.copyOf(formats);
  }
}
