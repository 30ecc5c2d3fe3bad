package dev.zoetrope.app;

import dev.zoetrope.monitor.NodeLink;
import dev.zoetrope.monitor.NodeLink.State;
import dev.zoetrope.relay.LinkFigures;
import dev.zoetrope.relay.LinkFigures.Peer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The nodes that this one is connected with, as people are told of them. Stateless. */
final class Neighbours {
  private Neighbours() {}

  /** Those that sources are had from. */
  static List<NodeLink> origins(List<LinkFigures> links) {
    return links.stream().map(Neighbours::origin).toList();
  }

  private static NodeLink origin(LinkFigures link) {
    return new NodeLink(
        link.node().map(Peer::id).orElse(""),
        link.node().map(Peer::name).orElse(""),
        link.address(),
        "",
        state(link),
        link.cause(),
        Optional.of(Instant.ofEpochMilli(link.since())),
        link.sources(),
        link.bytesPerSecond(),
        millis(link.ageMicros()),
        millis(link.roundTripMicros()),
        link.lost(),
        0,
        List.of());
  }

  private static State state(LinkFigures link) {
    if (!link.isUp()) {
      return link.connects() == 0 && link.cause().isEmpty() ? State.CONNECTING : State.BROKEN;
    }
    return link.isDraining() ? State.DRAINING : State.CONNECTED;
  }

  private static double millis(long micros) {
    return micros < 0 ? Double.NaN : micros / 1000.0;
  }
}
