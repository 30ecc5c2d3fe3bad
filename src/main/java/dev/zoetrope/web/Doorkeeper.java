package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Protection;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.ChannelStats;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Finds what a request asks for, and whether its sender may have it, or says why not: the same for
 * all doors. Stateless.
 */
final class Doorkeeper {
  /** How long a viewer waits for its first picture. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The words of all addresses below {@code /live/}: a link may be for some of them. */
  private static final List<String> WORDS =
      List.of("jpg", "gif", "mjpeg", "ts", "mp4", "mpeg1", "fmp4");

  private final Channels channels;
  private final Gate gate;

  Doorkeeper(Channels channels, Gate gate) {
    this.channels = channels;
    this.gate = gate;
  }

  Channel channel(String id) throws OutcomeException {
    return channel(channels, id);
  }

  /** The channel of that name, whoever asks. */
  static Channel channel(Channels channels, String id) throws OutcomeException {
    Optional<Channel> found =
        SourceId.isValid(id) ? channels.channel(new SourceId(id)) : Optional.empty();
    return found
        .filter(channel -> !channel.settings().isMirror())
        .orElseThrow(
            () ->
                new OutcomeException(
                    Outcome.NO_SUCH_SOURCE, "there is no source \"" + Query.clean(id) + "\""));
  }

  /**
   * Permission to watch, asked for before anything of the channel is told or started.
   *
   * @param word of the address: {@code gif}, {@code fmp4}, …
   */
  Pass admit(Visitor visitor, Channel channel, String word) throws OutcomeException {
    try {
      return Pass.of(gate, channel, visitor, word);
    } catch (DeniedException e) {
      throw new OutcomeException(outcome(e.reason()), e.getMessage());
    }
  }

  /** What a visitor that is not let in is told. */
  static Outcome outcome(DeniedException.Reason reason) {
    return switch (reason) {
      case UNKNOWN -> Outcome.SIGN_IN_NEEDED;
      case FORBIDDEN -> Outcome.NOT_FOR_YOU;
      case FULL -> Outcome.REFUSED;
    };
  }

  /** The channels that the visitor may watch by at least one way, in order. */
  List<Channel> visible(Visitor visitor) {
    List<Channel> visible = new ArrayList<>();
    boolean isStranger = false; // who is nobody for one protected source is so for all
    for (Channel channel : channels.all()) {
      if (channel.settings().isMirror()) {
        continue; // it stands for others, which are there as well
      }
      if (channel.settings().audience().protection() == Protection.PUBLIC) {
        visible.add(channel);
      } else if (!isStranger) {
        Optional<DeniedException.Reason> whyNot = whyNot(visitor, channel);
        isStranger = whyNot.isPresent() && isStranger(visitor, whyNot.get());
        if (whyNot.isEmpty()) {
          visible.add(channel);
        }
      }
    }
    return visible;
  }

  /** Whether the visitor may watch it by at least one way, be it not now. */
  boolean isVisible(Visitor visitor, Channel channel) {
    return channel.settings().audience().protection() == Protection.PUBLIC
        || whyNot(visitor, channel).isEmpty();
  }

  private static boolean isStranger(Visitor visitor, DeniedException.Reason whyNot) {
    return whyNot == DeniedException.Reason.UNKNOWN && visitor.link().isEmpty();
  }

  /** Why the visitor may not watch it by any way; empty if it may, be it not now. */
  private Optional<DeniedException.Reason> whyNot(Visitor visitor, Channel channel) {
    List<String> words = visitor.link().isPresent() ? WORDS : WORDS.subList(0, 1);
    Optional<DeniedException.Reason> whyNot = Optional.empty();
    for (String word : words) {
      try {
        gate.check(visitor, channel.settings().audience().protection(), channel.id(), word);
        return Optional.empty();
      } catch (DeniedException e) {
        whyNot = Optional.of(e.reason());
      }
    }
    return whyNot;
  }

  /** The rendition that {@code ?rendition=} names, or the format's default one. */
  Rendition rendition(Channel channel, Format format, Query query) throws OutcomeException {
    return rendition(channel, format, query.value("rendition"));
  }

  private static Rendition rendition(Channel channel, Format format, Optional<String> wanted)
      throws OutcomeException {
    List<Rendition> ofFormat = renditions(channel, format);
    String word = format.word();
    if (ofFormat.isEmpty()) {
      throw new OutcomeException(
          Outcome.NO_SUCH_SOURCE, "source " + channel.id() + " is not served as " + word);
    }
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

  private static List<Rendition> renditions(Channel channel, Format format) {
    return channel.settings().renditions().stream()
        .filter(rendition -> rendition.format() == format)
        .toList();
  }

  /**
   * Of several, the first in which the source is served; the first of all, to be refused, if there
   * is none. To be asked before {@link #admit}: this tells nobody anything.
   */
  static Format format(Channel channel, List<Format> wanted) {
    return wanted.stream()
        .filter(format -> !renditions(channel, format).isEmpty())
        .findFirst()
        .orElse(wanted.get(0));
  }

  /**
   * The rendition of that name, or that for about so many pixels across: the narrowest that has
   * them, else the widest; or the format's default one.
   *
   * @param width not together with a name
   */
  static Rendition rendition(
      Channel channel, Format format, Optional<String> name, OptionalInt width)
      throws OutcomeException {
    List<Rendition> ofFormat = renditions(channel, format);
    if (width.isEmpty() || ofFormat.isEmpty()) {
      return rendition(channel, format, name);
    }
    Comparator<Rendition> byWidth = Comparator.comparingInt(Rendition::width);
    return ofFormat.stream()
        .filter(rendition -> rendition.width() >= width.getAsInt())
        .min(byWidth)
        .or(() -> ofFormat.stream().max(byWidth))
        .orElseThrow();
  }

  /**
   * @param pass gone with the lease
   * @param address where the viewer comes from; empty where nobody knows
   */
  Lease lease(Channel channel, Rendition rendition, Cards cards, Pass pass, String address)
      throws OutcomeException {
    checkIsThere(channel, cards);
    try {
      return pass.leftTo(channel.lease(rendition, address));
    } catch (RefusedException e) {
      throw new OutcomeException(Outcome.REFUSED, e.getMessage());
    }
  }

  /**
   * For a picture of the present.
   *
   * @param pass gone with the lease
   */
  Lease leaseStills(Channel channel, Cards cards, Pass pass) throws OutcomeException {
    checkIsThere(channel, cards);
    try {
      return pass.leftTo(channel.leaseStills());
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
