package dev.zoetrope.web;

import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What viewers speak, at {@code WS /live}. Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 2"
 */
final class LiveDialect implements Dialect {
  private final Visitor visitor;
  private final Doorkeeper door;

  /**
   * @param visitor who the handshake showed
   */
  LiveDialect(Visitor visitor, Doorkeeper door) {
    this.visitor = visitor;
    this.door = door;
  }

  @Override
  public Terms terms() {
    return Terms.LIVE;
  }

  @Override
  public List<String> greeting(long nowMicros) {
    return List.of(BundleMessages.hello(nowMicros));
  }

  @Override
  public void opened(Bundle bundle) {
    // all is said
  }

  @Override
  public void closed(Bundle bundle) {
    // nothing is held but by subscriptions
  }

  @Override
  public Request request(String text) throws OutcomeException {
    return Request.of(text);
  }

  @Override
  public Seat seat(Request.Subscribe wanted) throws OutcomeException {
    Channel channel = door.channel(wanted.source());
    Format format = Doorkeeper.format(channel, wanted.formats());
    Visitor who = wanted.link().map(link -> Visitors.withLink(visitor, link)).orElse(visitor);
    try (Pass pass = door.admit(who, channel, format.word())) {
      Rendition rendition =
          Doorkeeper.rendition(channel, format, wanted.rendition(), wanted.width());
      Lease lease = door.lease(channel, rendition, wanted.cards(), pass, who.address());
      return new Seat(
          channel,
          rendition.name(),
          lease,
          lease.client(lease.format().word()),
          new LiveWording(wanted.number(), wanted.tracks(), lease),
          Optional.of(pass));
    }
  }

  @Override
  public List<String> news(Function<Channel, SourceWords> wordsOf) {
    return List.of(); // all is of subscriptions
  }

  @Override
  public List<String> urgent() {
    return List.of();
  }
}
