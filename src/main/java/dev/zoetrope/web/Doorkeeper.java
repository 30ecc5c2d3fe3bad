package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what a request asks for, or says why not: the same for both doors. Stateless. */
final class Doorkeeper {
  /** How long a viewer waits for its first picture. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Channels channels;

  Doorkeeper(Channels channels) {
    this.channels = channels;
  }

  Channel channel(String id) throws OutcomeException {
    Optional<Channel> found =
        SourceId.isValid(id) ? channels.channel(new SourceId(id)) : Optional.empty();
    return found.orElseThrow(
        () ->
            new OutcomeException(
                Outcome.NO_SUCH_SOURCE, "there is no source \"" + Query.clean(id) + "\""));
  }

  /** The rendition that {@code ?rendition=} names, or the format's default one. */
  Rendition rendition(Channel channel, Format format, Query query) throws OutcomeException {
    List<Rendition> ofFormat =
        channel.settings().renditions().stream()
            .filter(rendition -> rendition.format() == format)
            .toList();
    String word = format.word();
    if (ofFormat.isEmpty()) {
      throw new OutcomeException(
          Outcome.NO_SUCH_SOURCE, "source " + channel.id() + " is not served as " + word);
    }
    Optional<String> wanted = query.value("rendition");
    String name = wanted.orElse(word);
    Optional<Rendition> named =
        ofFormat.stream().filter(rendition -> rendition.name().equals(name)).findFirst();
    if (named.isEmpty() && wanted.isPresent()) {
      String names = ofFormat.stream().map(Rendition::name).collect(Collectors.joining(" or "));
      throw new OutcomeException(
          Outcome.BAD_REQUEST,
          "rendition: expected " + names + ", got \"" + Query.clean(name) + "\"");
    }
    return named.orElse(ofFormat.get(0));
  }

  /**
   * @param address where the viewer comes from; empty where nobody knows
   */
  Lease lease(Channel channel, Rendition rendition, Cards cards, String address)
      throws OutcomeException {
    checkIsThere(channel, cards);
    try {
      return channel.lease(rendition, address);
    } catch (RefusedException e) {
      throw new OutcomeException(Outcome.REFUSED, e.getMessage());
    }
  }

  /** For a picture of the present. */
  Lease leaseStills(Channel channel, Cards cards) throws OutcomeException {
    checkIsThere(channel, cards);
    try {
      return channel.leaseStills();
    } catch (RefusedException e) {
      throw new OutcomeException(Outcome.REFUSED, e.getMessage());
    }
  }

  private static void checkIsThere(Channel channel, Cards cards) throws OutcomeException {
    ChannelStats stats = channel.stats();
    if (cards == Cards.LEFT_OUT && stats.isLost()) {
      throw new OutcomeException(
          Outcome.NO_PICTURE, "source " + channel.id() + " is lost: " + stats.cause());
    }
  }

  /** Why {@code channel} has no picture, for people. */
  static String noPicture(Channel channel) {
    String cause = channel.stats().cause();
    String why = cause.isEmpty() ? "" : ": " + cause;
    return "source "
        + channel.id()
        + " gave no picture within "
        + PATIENCE.toSeconds()
        + " s"
        + why;
  }
}
