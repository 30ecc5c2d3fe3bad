package dev.zoetrope.web;

import dev.zoetrope.access.HandedLink;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.channel.RefusedException;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What nodes speak, at {@code WS /relay/v1}: the side of the origin. Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 5"
 */
final class RelayDialect implements Dialect {
  /** What its viewers are called among others. */
  private static final String WAY = "relay";

  private final Follower follower;
  private final Offers offers;
  private final Followers all;

  // Confined to the greeting, then to the timer.
  private List<Offer> told = List.of();
  private List<HandedLink> links = List.of(); // that were told

  /**
   * @param follower whose grant is closed with the socket
   */
  RelayDialect(Follower follower, Offers offers, Followers all) {
    this.follower = follower;
    this.offers = offers;
    this.all = all;
  }

  @Override
  public Terms terms() {
    return Terms.RELAY;
  }

  @Override
  public OptionalInt limit() {
    return follower.grant().limit();
  }

  @Override
  public List<String> greeting(long nowMicros) {
    told = offers.to(follower, SourceWords::of);
    links = offers.linksTo(follower);
    return List.of(
        RelayTexts.hello(offers.identity(), nowMicros),
        RelayTexts.sources(told),
        RelayTexts.links(links, offers.identity()));
  }

  @Override
  public void opened(Bundle bundle) {
    all.add(follower, bundle);
    follower
        .grant()
        .onEnd(() -> bundle.end(Outcome.NOT_FOR_YOU, "the node's key was revoked or changed"));
  }

  @Override
  public void closed(Bundle bundle) {
    all.remove(bundle);
    follower.grant().close();
  }

  @Override
  public Request request(String text) throws OutcomeException {
    Fields fields = Fields.ofLong(text);
    String type = fields.text("type").orElseThrow(() -> Fields.bad("type: expected a text"));
    return switch (type) {
      case "subscribe" -> subscribe(fields);
      case "unsubscribe" -> new Request.Unsubscribe(fields.numbers());
      case "clock" -> new Request.Clock(fields.id());
      case "below" -> new Request.Below(fields.message(), follower::keep);
      default -> new Request.Unknown();
    };
  }

  private static Request.Subscribe subscribe(Fields fields) throws OutcomeException {
    return new Request.Subscribe(
        fields.number(),
        fields.text("source").orElseThrow(() -> Fields.bad("source: expected a source's id")),
        List.of(),
        Optional.of(
            fields
                .text("rendition")
                .orElseThrow(() -> Fields.bad("rendition: expected a rendition's name"))),
        OptionalInt.empty(),
        Tracks.BOTH,
        Cards.SHOWN,
        Optional.empty());
  }

  @Override
  public Seat seat(Request.Subscribe wanted) throws OutcomeException {
    Channel channel = offers.channel(wanted.source(), follower);
    String name = wanted.rendition().orElseThrow(); // see subscribe()
    Lease lease = lease(channel, name);
    Optional<Format> format = lease.isOfPackets() ? Optional.empty() : Optional.of(lease.format());
    return new Seat(
        channel,
        name,
        lease,
        lease.client(WAY),
        new RelayWording(offers.identity().id(), channel.id(), name, format, lease::isOfSource),
        Optional.empty());
  }

  private static Lease lease(Channel channel, String name) throws OutcomeException {
    try {
      return switch (name) {
        case Rendition.STILL -> channel.leaseStills();
        case Rendition.PACKETS -> channel.leasePackets();
        default -> channel.lease(rendition(channel, name), ""); // no viewers of one address
      };
    } catch (RefusedException e) {
      throw new OutcomeException(Outcome.REFUSED, e.getMessage());
    }
  }

  private static Rendition rendition(Channel channel, String name) throws OutcomeException {
    List<Rendition> renditions = channel.settings().renditions();
    return renditions.stream()
        .filter(rendition -> rendition.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              String names =
                  Stream.concat(
                          renditions.stream().map(Rendition::name),
                          Stream.of(Rendition.STILL, Rendition.PACKETS))
                      .collect(Collectors.joining(" or "));
              return Fields.bad(
                  "rendition: expected " + names + ", got \"" + Query.clean(name) + "\"");
            });
  }

  @Override
  public List<String> news(Function<Channel, SourceWords> wordsOf) {
    List<Offer> now = offers.to(follower, wordsOf);
    if (now.equals(told)) {
      return List.of();
    }
    told = now;
    return List.of(RelayTexts.sources(now));
  }

  @Override
  public List<String> urgent() {
    List<HandedLink> now = offers.linksTo(follower);
    if (now.equals(links)) {
      return List.of();
    }
    links = now;
    return List.of(RelayTexts.links(now, offers.identity()));
  }
}
