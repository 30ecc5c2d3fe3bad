package dev.zoetrope.channel;

import dev.zoetrope.capture.Capture;
import dev.zoetrope.capture.CaptureOwner;
import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.Pipeline;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.capture.ProcessLimits;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.SourcePackets;
import dev.zoetrope.channel.Running.Maker;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Following;
import dev.zoetrope.relay.RelayedRendition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What runs of a source while anybody wants it: its capture, its stills, and the renditions that
 * were asked for.
 *
 * <p>Starting, changing and stopping belong to whoever holds the channel's lock, and may take some
 * seconds; the rest is for any thread, without it.
 */
final class Works {
  private static final long MIB = 1 << 20;

  /** What a late encoder or packager needs: the newest keyframe and what follows. */
  private static final Bounds PACKETS = new Bounds(64 * MIB, Duration.ofSeconds(10), 8192);

  /** Every picture is a join point: more than the age bound is never sent. */
  private static final Bounds PICTURES = new Bounds(16 * MIB, Duration.ofSeconds(2), 256);

  private static final Bounds VIDEO = new Bounds(48 * MIB, Duration.ofSeconds(10), 8192);

  private final SourceId id;
  private final Node node;
  private final NodeLoad load;
  private final Outlet outlet;
  private final Feed<Packet> packets;
  private final Capture capture;
  private final Map<String, Running> renditions = // by name; the source's own packets, too
      new ConcurrentHashMap<>();
  private final Set<RelayedRendition> relayed = ConcurrentHashMap.newKeySet();
  private volatile boolean showsCard; // of this node, in the place of the source
  private volatile Running stills; // null from the beginning of the end

  // With the channel's lock.
  private ProcessLimits limits; // of encoders
  private Optional<Following> following; // where the renditions come from another node

  /** Starts capture and stills. */
  Works(
      SourceSettings settings,
      Optional<PublishPoint> point,
      Optional<Following> following,
      Node node,
      NodeLoad load,
      CaptureOwner owner,
      Intake intake,
      Outlet outlet) {
    id = settings.id();
    this.node = node;
    this.load = load;
    this.outlet = outlet;
    this.following = following;
    limits = settings.capture().limits();
    packets = load.newFeed(PACKETS);
    capture = new Capture(settings.task(point), node.workshop(), owner, intake.to(packets));
    stills = run(Pipeline.STILL, Pictures.KEYFRAMES);
  }

  private Running run(Rendition rendition, Pictures pictures) {
    boolean isVideo = rendition.format() == Format.FMP4 || rendition.format() == Format.MPEG1;
    Feed<Fragment> feed = load.newFeed(isVideo ? VIDEO : PICTURES);
    return new Running(Optional.of(rendition), maker(rendition, pictures, feed), feed);
  }

  private Maker maker(Rendition rendition, Pictures pictures, Feed<Fragment> feed) {
    if (pictures == Pictures.ALL && following.isPresent()) {
      return relay(following.get(), rendition, feed);
    }
    Pipeline pipeline = pipeline(rendition, pictures, feed);
    newestStill().ifPresent(pipeline::showFirst);
    pipeline.start();
    return new Maker() {
      @Override
      public boolean isOfSource(long captureMicros) {
        return capture.isOfSource(captureMicros);
      }

      @Override
      public void close() {
        pipeline.close();
      }
    };
  }

  private Pipeline pipeline(Rendition rendition, Pictures pictures, Sink<Fragment> sink) {
    return new Pipeline(
        id + "/" + rendition.name(),
        rendition,
        pictures,
        packets,
        sink,
        limits,
        node.workshop().ffmpeg(),
        node.workshop().wallMicros());
  }

  /** From another node, and a card while nothing comes. */
  private Maker relay(Following followed, Rendition rendition, Feed<Fragment> feed) {
    RelayedRendition relayed =
        new RelayedRendition(
            followed,
            rendition.name(),
            feed,
            feed.stats().pieces(),
            sink -> {
              Pipeline cards = pipeline(rendition, Pictures.ALL, sink);
              cards.start();
              return cards::close;
            },
            node.timer());
    relayed.showCard(showsCard);
    this.relayed.add(relayed);
    return new Maker() {
      @Override
      public boolean isOfSource(long captureMicros) {
        return relayed.isOfSource(captureMicros);
      }

      @Override
      public void close() {
        Works.this.relayed.remove(relayed);
        relayed.close();
      }
    };
  }

  /** A card of this node is in the place of the source, or not any more. Any thread. */
  void showCard(boolean isCard) {
    showsCard = isCard;
    relayed.forEach(each -> each.showCard(isCard));
  }

  /** The newest still of a live source; one of a source that is gone would pass for the present. */
  private Optional<Fragment> newestStill() {
    return stills == null || capture.stats().state() != CaptureState.LIVE
        ? Optional.empty()
        : stills.newest().filter(still -> capture.isOfSource(still.captureMicros()));
  }

  Capture capture() {
    return capture;
  }

  /** The source's stills; empty when all is about to end. */
  Optional<Running> stills() {
    return Optional.ofNullable(stills);
  }

  /** The rendition of that name, if it runs. */
  Optional<Running> rendition(String name) {
    return Optional.ofNullable(renditions.get(name));
  }

  /** Starts one that does not run. */
  Running start(Rendition rendition) {
    Running running = run(rendition, Pictures.ALL);
    outlet.begin(running.feed(), rendition.format());
    renditions.put(rendition.name(), running);
    return running;
  }

  /** Starts to hand on the source's own packets, which is not done yet. */
  Running startPackets() {
    Feed<Fragment> feed = load.newFeed(PACKETS);
    SourcePackets handing = new SourcePackets(id.value(), packets, feed);
    handing.start();
    Maker maker =
        new Maker() {
          @Override
          public boolean isOfSource(long captureMicros) {
            return true; // no card is among them
          }

          @Override
          public void close() {
            handing.close();
          }
        };
    Running running = new Running(Optional.empty(), maker, feed);
    renditions.put(running.name(), running);
    return running;
  }

  /** Stops a rendition, if it runs still; stills stop with the capture. */
  void stop(Running rendition) {
    if (renditions.remove(rendition.name(), rendition)) {
      end(rendition);
    }
  }

  private void end(Running ended) {
    ended.close();
    outlet.end(ended.feed());
    load.removeFeed(ended.feed());
  }

  /** Whether there are renditions, or anybody holds the stills. */
  boolean isUsed() {
    return !renditions.isEmpty() || stills.isUsed();
  }

  /** Serves with other settings, as far as they are not the capture's. */
  void adopt(SourceSettings settings, Optional<Following> follows) {
    boolean hasSameLimits = settings.capture().limits().equals(limits);
    boolean isSame = hasSameLimits && follows.equals(following);
    limits = settings.capture().limits();
    following = follows;
    renditions.values().forEach(running -> renew(running, settings.renditions(), isSame));
    if (!hasSameLimits) {
      renew(stills, Pipeline.STILL, Pictures.KEYFRAMES);
    }
  }

  private void renew(Running running, List<Rendition> configured, boolean isSame) {
    if (running.rendition().isPresent()) {
      renew(running, running.rendition().get(), configured, isSame);
    } else if (following.isPresent()) {
      stop(running); // there are no packets any more
    }
  }

  private void renew(
      Running running, Rendition before, List<Rendition> configured, boolean isSame) {
    Optional<Rendition> wanted =
        configured.stream()
            .filter(rendition -> rendition.name().equals(before.name()))
            .filter(rendition -> rendition.format() == before.format())
            .findFirst();
    boolean isLasting =
        before.format() != Format.MPEG1 // players of it read its size once
            || wanted.map(Rendition::width).equals(Optional.of(before.width()));
    if (wanted.isEmpty() || !isLasting) {
      stop(running);
    } else if (!isSame || !wanted.get().equals(before)) {
      renew(running, wanted.get(), Pictures.ALL);
    }
  }

  private void renew(Running running, Rendition wanted, Pictures pictures) {
    running.halt();
    running.goOnWith(wanted, maker(wanted, pictures, running.feed())); // a new run
  }

  /** Ends it all; viewers are ended. */
  void close() {
    renditions.values().forEach(this::end);
    renditions.clear();
    end(stills);
    stills = null;
    capture.close();
    packets.close();
    load.removeFeed(packets);
  }

  /** Figures of each viewer connected now, by the name of its rendition. */
  Map<String, List<ViewerStats>> viewerStats() {
    Map<String, List<ViewerStats>> byRendition = new TreeMap<>();
    renditions.forEach((name, running) -> byRendition.put(name, running.feed().viewerStats()));
    return byRendition;
  }

  /** Figures of each rendition, by its name. */
  Map<String, FeedStats> feedStats() {
    Map<String, FeedStats> byRendition = new HashMap<>();
    renditions.forEach((name, running) -> byRendition.put(name, running.feed().stats()));
    return byRendition;
  }

  /** Ends a viewer; says whether it was there. */
  boolean cut(long id) {
    return renditions.values().stream().anyMatch(running -> running.feed().cut(id));
  }
}
