package dev.zoetrope.web;

import dev.zoetrope.access.HandedLink;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.NodeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The sources that other nodes can have of this one. Thread-safe. */
final class Offers {
  private final Channels channels;
  private final NodeIdentity identity;

  /**
   * @param identity this node's
   */
  Offers(Channels channels, NodeIdentity identity) {
    this.channels = channels;
    this.identity = identity;
  }

  /** This node. */
  NodeIdentity identity() {
    return identity;
  }

  /** Ids of the nodes that the source's pictures come through, the first where it is captured. */
  private List<String> path(Channel channel) {
    List<String> path = new ArrayList<>(channel.path().orElse(List.of()));
    path.add(identity.id());
    return path;
  }

  /**
   * What there is for that node: what is switched on, what its key is for, what does not come from
   * it, and of other nodes what they have been heard to have.
   *
   * @param wordsOf what is to be told of a source
   */
  List<Offer> to(Follower follower, Function<Channel, SourceWords> wordsOf) {
    return channels.all().stream()
        .filter(channel -> channel.settings().enabled() && !channel.settings().isMirror())
        .filter(channel -> channel.path().isPresent())
        .filter(channel -> follower.grant().mayHave(channel.id()))
        .filter(channel -> !isCircle(channel, follower))
        .map(channel -> offer(channel, wordsOf.apply(channel)))
        .toList();
  }

  /** The share links that are good there, too: not those that it has told us of. */
  List<HandedLink> linksTo(Follower follower) {
    String id = follower.node().id();
    return follower.grant().links().stream().filter(link -> !link.path().contains(id)).toList();
  }

  private boolean isCircle(Channel channel, Follower follower) {
    return path(channel).contains(follower.node().id());
  }

  private Offer offer(Channel channel, SourceWords words) {
    SourceSettings settings = channel.settings();
    return new Offer(
        settings.id().value(),
        settings.title(),
        path(channel),
        words.state(),
        channel.hasPicture().orElse(true),
        settings.audience().protection().word(),
        settings.renditions(),
        channel.hasPackets());
  }

  /**
   * The channel, for a node that may have it.
   *
   * @throws OutcomeException if there is none, or not for this node
   */
  Channel channel(String id, Follower follower) throws OutcomeException {
    Channel channel = Doorkeeper.channel(channels, id);
    if (!follower.grant().mayHave(channel.id())) {
      throw new OutcomeException(
          Outcome.NOT_FOR_YOU, "the node's key is not for source " + channel.id());
    }
    if (isCircle(channel, follower)) {
      throw new OutcomeException(
          Outcome.OCCUPIED, "source " + channel.id() + " would go round in a circle");
    }
    return channel;
  }
}
