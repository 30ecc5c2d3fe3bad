package dev.zoetrope.admin;

import dev.zoetrope.access.Link;
import dev.zoetrope.access.Links;
import dev.zoetrope.access.RefusedException;
import dev.zoetrope.media.SourceId;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** {@code /api/v1/links}. */
final class LinkResource {
  private static final int MOST_HOURS = 87_600; // ten years
  private static final int MOST_VIEWERS = 1_000_000;

  private final Links links;

  LinkResource(Links links) {
    this.links = links;
  }

  Reply all(Slice slice) {
    return Reply.list(links.all(), slice, link -> describe(link).build());
  }

  private JsonObjectBuilder describe(Link link) {
    JsonObjectBuilder json =
        Json.createObjectBuilder()
            .add("id", link.id())
            .add("title", link.title())
            .add("sources", AccountResource.ids(link.sources()))
            .add("ways", Json.createArrayBuilder(new TreeSet<>(link.ways())))
            .add("createdAt", link.createdAt().toString())
            .add("expiresAt", link.expiresAt().toString())
            .add("viewers", links.viewers(link))
            .add("revoked", false) // those that are, are gone
            .add("path", path(link));
    link.maxViewers()
        .ifPresentOrElse(most -> json.add("maxViewers", most), () -> json.addNull("maxViewers"));
    return json;
  }

  /** The page of its first source that it is for, below the application's address. */
  private String path(Link link) {
    SourceId first = new TreeSet<>(link.sources()).first();
    String page = link.ways().contains(Link.PUBLISH) ? "/publish/" : "/watch/";
    return page + first + "?link=" + links.value(link);
  }

  Reply post(Call call) throws Problem {
    Fields fields =
        new Fields(call.body(), Set.of("title", "sources", "ways", "hours", "maxViewers"));
    String title = fields.title();
    Set<SourceId> sources = fields.sources();
    fields.need(!sources.isEmpty(), "sources", "expected at least one source");
    Set<String> ways = fields.words("ways", Link.WAYS);
    int hours = fields.required("hours", 1, MOST_HOURS);
    Optional<Integer> most = fields.number("maxViewers", 1, MOST_VIEWERS);
    fields.check();
    OptionalInt maxViewers = most.map(OptionalInt::of).orElse(OptionalInt.empty());
    try {
      Link link = links.make(title, sources, ways, Duration.ofHours(hours), maxViewers);
      return new Reply(
          201, Map.of(), Optional.of(describe(link).add("link", links.value(link)).build()));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
  }

  Reply delete(Call call) throws Problem {
    try {
      links.delete(call.variable("id"));
    } catch (RefusedException e) {
      throw Problem.of(e);
    }
    return Reply.nothing();
  }
}
