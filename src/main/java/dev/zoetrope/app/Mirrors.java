package dev.zoetrope.app;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Offer;
import dev.zoetrope.relay.Relays;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sources that are here because another node has them: {@code source: "*"}. They come and go with
 * what that node offers; while it is away, they stay. Confined to the timer, one call at a time.
 */
final class Mirrors {
  private static final Logger LOG = System.getLogger(Mirrors.class.getName());

  private final Channels channels;
  private final Relays relays;

  /** What was added, by its id here; and what it was added for. */
  private final Map<SourceId, Relay> mirrored = new HashMap<>();

  private final Set<SourceId> refused = new HashSet<>(); // that was told

  Mirrors(Channels channels, Relays relays) {
    this.channels = channels;
    this.relays = relays;
  }

  /** Adds what has come, and removes what has gone. About once a second. */
  void look() {
    Set<SourceId> wanted = new HashSet<>();
    for (Channel channel : channels.all()) {
      SourceSettings settings = channel.settings();
      if (settings.isMirror() && settings.enabled()) {
        look(settings, (Relay) settings.source(), wanted);
      }
    }
    for (SourceId id : List.copyOf(mirrored.keySet())) {
      if (!wanted.contains(id)) {
        Relay source = mirrored.remove(id);
        boolean isStillIt =
            channels.channel(id).map(one -> one.settings().source().equals(source)).orElse(false);
        if (isStillIt) {
          var unused = channels.remove(id);
        }
      }
    }
  }

  private void look(SourceSettings settings, Relay all, Set<SourceId> wanted) {
    Optional<Map<SourceId, Offer>> offers = relays.offers(all);
    if (offers.isEmpty()) { // nobody says anything: what there is stays
      mirrored.forEach(
          (id, source) -> {
            if (source.origins().equals(all.origins())) {
              wanted.add(id);
            }
          });
      return;
    }
    for (Offer offer : offers.get().values()) {
      String name = all.prefix() + offer.id();
      if (SourceId.isValid(name)) {
        SourceId id = new SourceId(name);
        wanted.add(id);
        if (channels.channel(id).isEmpty()) {
          add(settings, id, new Relay(all.origins(), Optional.of(offer.id()), "", all.form()));
        }
      }
    }
  }

  private void add(SourceSettings mirror, SourceId id, Relay source) {
    try {
      var unused =
          channels.add(
              new SourceSettings(
                  id,
                  id.value(),
                  source,
                  mirror.keepRunning(),
                  mirror.linger(),
                  mirror.renditions(),
                  mirror.capture(),
                  true,
                  mirror.audience()));
      mirrored.put(id, source);
      refused.remove(id);
    } catch (RefusedException e) {
      if (refused.add(id)) {
        LOG.log(Level.WARNING, "{0}: {1} is not mirrored: {2}", mirror.id(), id, e.getMessage());
      }
    }
  }
}
