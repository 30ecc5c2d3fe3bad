package dev.zoetrope.access;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets whoever has its address watch some sources for a time, or publish to them.
 *
 * @param id 16 hexadecimal digits
 * @param sources at least one
 * @param ways of {@link #WAYS}; empty: {@link #WATCHING}
 * @param expiresAt in whole seconds
 * @param maxViewers at the same time; empty: any number
 */
public record Link(
    String id,
    String title,
    Set<SourceId> sources,
    Set<String> ways,
    Instant createdAt,
    Instant expiresAt,
    OptionalInt maxViewers) {
  /** To publish, which a link has to name. */
  public static final String PUBLISH = "publish";

  /** The ways of watching, as at the end of addresses: all of them, where a link names none. */
  public static final List<String> WATCHING =
      List.of("gif", "mjpeg", "jpg", "ts", "mp4", "mpeg1", "fmp4");

  /** What a link can be for. */
  public static final List<String> WAYS =
      Stream.concat(WATCHING.stream(), Stream.of(PUBLISH)).toList();

  public Link {
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("link " + id + ": expected at least one source");
    }
    sources = Set.copyOf(sources);
    ways = Set.copyOf(ways);
  }

  /** Whether it has not expired. */
  public boolean isValid(Instant now) {
    return now.isBefore(expiresAt);
  }

  /** Whether it lets in anybody but publishers. */
  boolean isForWatching() {
    return !ways.equals(Set.of(PUBLISH));
  }

  /** The same without the right to publish. */
  Link forWatching() {
    Set<String> watching = new TreeSet<>(ways);
    watching.remove(PUBLISH);
    return new Link(id, title, sources, watching, createdAt, expiresAt, maxViewers);
  }

  boolean isFor(SourceId source, String way) {
    boolean isForAll = ways.isEmpty() && !way.equals(PUBLISH);
    return sources.contains(source) && (isForAll || ways.contains(way));
  }

  /** All that it allows, in one form only: what is signed. */
  String terms() {
    return String.join(
        "\n",
        id,
        new TreeSet<>(sources).stream().map(SourceId::value).collect(Collectors.joining(",")),
        String.join(",", new TreeSet<>(ways)),
        Long.toString(expiresAt.getEpochSecond()),
        maxViewers.isPresent() ? Integer.toString(maxViewers.getAsInt()) : "any");
  }
}
