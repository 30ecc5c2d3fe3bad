package dev.zoetrope.channel;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Following;
import dev.zoetrope.relay.Offer;
import dev.zoetrope.relay.Relays;
import java.util.List;
import java.util.Optional;

/**
 * What a channel knows of its source's origins, where that is of another node. Changed with the
 * channel's lock only; read by anybody.
 */
final class Followed {
  private final SourceId id;
  private final Optional<Relays> relays;
  private final Runnable onOffer;

  private Optional<Source> source = Optional.empty(); // of which it is; changed with the lock
  private volatile Optional<Following> following = Optional.empty();
  private volatile Optional<Offer> offer = Optional.empty(); // the newest there was

  /**
   * @param onOffer called, on any thread, when an origin has come or gone, or offers something else
   */
  Followed(SourceId id, Optional<Relays> relays, Runnable onOffer) {
    this.id = id;
    this.relays = relays;
    this.onOffer = onOffer;
  }

  /** Follows that source, if it is of another node, and no other one. */
  void follow(Source wanted) {
    if (source.filter(wanted::equals).isPresent()) {
      return;
    }
    close();
    source = Optional.of(wanted);
    offer = Optional.empty();
    following = begin(wanted);
  }

  private Optional<Following> begin(Source wanted) {
    if (!(wanted instanceof Relay relay) || relays.isEmpty()) {
      return Optional.empty();
    }
    Following begun = relays.get().follow(id, relay);
    begun.watch(onOffer);
    return Optional.of(begun);
  }

  /** Ends what {@link #follow} began; what was heard is still told. Idempotent. */
  void close() {
    if (following.isPresent() && source.orElse(null) instanceof Relay relay) {
      following.get().unwatch(onOffer);
      relays.orElseThrow().leave(id, relay);
    }
    source = Optional.empty();
  }

  /** With the title and the renditions that the origin has, or had, as far as they are wanted. */
  SourceSettings offered(SourceSettings wanted) {
    offer = following.flatMap(Following::offer).or(() -> offer);
    return wanted.isMirror() ? wanted : offer.map(wanted::asOffered).orElse(wanted);
  }

  /** How it is followed; empty where the source is this node's own. */
  Optional<Following> following() {
    return following;
  }

  /** The same where the renditions are another node's, too. */
  Optional<Following> renditions() {
    return following.filter(followed -> followed.form() == Relay.Form.RENDITIONS);
  }

  /** As {@link Channel#path}. */
  Optional<List<String>> path() {
    return following.isPresent() ? offer.map(Offer::path) : Optional.of(List.of());
  }
}
