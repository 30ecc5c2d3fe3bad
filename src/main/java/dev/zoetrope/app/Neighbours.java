package dev.zoetrope.app;

import dev.zoetrope.admin.NodeJson;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.monitor.NodeLink;
import dev.zoetrope.monitor.NodeLink.State;
import dev.zoetrope.relay.LinkFigures;
import dev.zoetrope.relay.LinkFigures.Peer;
import dev.zoetrope.web.FollowerStats;
import dev.zoetrope.web.SentStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that this one is connected with, as people are told of them. Thread-safe. */
final class Neighbours {
  private static final long LEAST_NANOS = 500_000_000;

  /** How much one follower had been sent, and when that was seen. */
  private record Sample(long bytes, long nanos, double bytesPerSecond) {}

  /** By the id of the follower, and when it came; guarded by this. */
  private Map<String, Sample> samples = new HashMap<>();

  /** Those that have sources of this one. */
  synchronized List<NodeLink> followers(List<FollowerStats> stats) {
    Map<String, Sample> seen = new HashMap<>();
    List<NodeLink> links = new ArrayList<>();
    for (FollowerStats each : stats) {
      String which = each.node().id() + " " + each.since();
      Sample sample = next(samples.get(which), each.link().bytes());
      seen.put(which, sample);
      links.add(follower(each, sample.bytesPerSecond()));
    }
    samples = seen;
    return links;
  }

  /** How many renditions they are sent, each of which counts as a viewer in limits. */
  static int renditions(List<FollowerStats> stats) {
    return (int)
        stats.stream()
            .flatMap(one -> one.sent().stream())
            .filter(sent -> !sent.rendition().equals(Rendition.STILL))
            .count();
  }

  private static Sample next(Sample before, long bytes) {
    long now = System.nanoTime();
    if (before == null) {
      return new Sample(bytes, now, Double.NaN);
    }
    long passed = now - before.nanos();
    return passed < LEAST_NANOS
        ? before
        : new Sample(bytes, now, (bytes - before.bytes()) * 1e9 / passed);
  }

  private static NodeLink follower(FollowerStats stats, double bytesPerSecond) {
    long age = stats.sent().stream().mapToLong(one -> one.viewer().ageMicros()).max().orElse(-1);
    List<NodeLink> below = stats.below().map(NodeJson::readLinks).orElse(List.of());
    int own = stats.below().map(NodeJson::readViewers).orElse(0);
    return new NodeLink(
        stats.node().id(),
        stats.node().name(),
        stats.address(),
        stats.keyName(),
        State.CONNECTED,
        "",
        Optional.of(stats.since()),
        (int) stats.sent().stream().map(SentStats::source).distinct().count(),
        bytesPerSecond,
        millis(age),
        millis(stats.link().shortestMicros()),
        stats.skipped(),
        own + below.stream().mapToInt(NodeLink::viewers).sum(),
        below);
  }

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
