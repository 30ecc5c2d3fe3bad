package dev.zoetrope.app;

import dev.zoetrope.access.HandedLink;
import dev.zoetrope.access.Link;
import dev.zoetrope.access.Links;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.OfferedLink;
import dev.zoetrope.relay.Relays;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has share links of the nodes whose sources are had from there let people watch here, too. While
 * none of a source's origins answers, those stay good that it knew last. Confined to the timer, one
 * call at a time.
 */
final class ShareLinks {
  /** No node makes more of its own. */
  private static final int MOST = 10_000;

  private final Channels channels;
  private final Relays relays;
  private final Links links;

  private Map<List<Origin>, Collection<OfferedLink>> heard = Map.of(); // last
  private List<HandedLink> told = List.of();

  ShareLinks(Channels channels, Relays relays, Links links) {
    this.channels = channels;
    this.relays = relays;
    this.links = links;
  }

  /** Passes on what is new. About five times a second. */
  void look() {
    Map<List<Origin>, Map<SourceId, Set<SourceId>>> names = names();
    Map<List<Origin>, Collection<OfferedLink>> now = new HashMap<>();
    Map<String, HandedLink> all = new LinkedHashMap<>();
    names.forEach(
        (origins, idsHere) -> {
          Collection<OfferedLink> known =
              relays.shareLinks(origins).orElse(heard.getOrDefault(origins, List.of()));
          now.put(origins, List.copyOf(known));
          known.forEach(link -> here(link, idsHere).ifPresent(each -> add(each, all)));
        });
    heard = now;
    List<HandedLink> list = all.values().stream().limit(MOST).toList();
    if (!list.equals(told)) {
      told = list;
      links.handedDown(list);
    }
  }

  /** What the sources of each set of origins are called here, by what they are called there. */
  private Map<List<Origin>, Map<SourceId, Set<SourceId>>> names() {
    Map<List<Origin>, Map<SourceId, Set<SourceId>>> names = new LinkedHashMap<>();
    for (Channel channel : channels.all()) {
      if (channel.settings().source() instanceof Relay relay && !channel.settings().isMirror()) {
        names
            .computeIfAbsent(relay.origins(), origins -> new HashMap<>())
            .computeIfAbsent(relay.source().orElse(channel.id()), there -> new HashSet<>())
            .add(channel.id());
      }
    }
    return names;
  }

  private static Optional<HandedLink> here(OfferedLink link, Map<SourceId, Set<SourceId>> idsHere) {
    Set<SourceId> sources = new HashSet<>();
    link.sources().forEach(there -> sources.addAll(idsHere.getOrDefault(there, Set.of())));
    return sources.isEmpty() ? Optional.empty() : Optional.of(handed(link, sources));
  }

  private static HandedLink handed(OfferedLink link, Set<SourceId> sources) {
    return new HandedLink(
        new Link(
            link.id(),
            "",
            sources,
            link.ways(),
            Instant.EPOCH,
            link.expiresAt(),
            link.maxViewers()),
        link.sha256(),
        link.path());
  }

  /** One that is known from several nodes is for the sources of all of them. */
  private static void add(HandedLink link, Map<String, HandedLink> all) {
    all.merge(
        link.link().id(),
        link,
        (before, more) -> {
          if (!before.sha256().equals(more.sha256())) {
            return before; // it is not the same: the one that was configured first counts
          }
          Set<SourceId> sources = new HashSet<>(before.link().sources());
          sources.addAll(more.link().sources());
          boolean isShorter = more.path().size() < before.path().size();
          return (isShorter ? more : before).with(sources);
        });
  }
}
