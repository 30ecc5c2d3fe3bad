package dev.zoetrope.channel;

import dev.zoetrope.capture.Capture;
import dev.zoetrope.capture.CaptureOwner;
import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.Pipeline;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.capture.ProcessLimits;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<String, Running> renditions = new ConcurrentHashMap<>(); // by name
  private volatile Running stills; // null from the beginning of the end
  private ProcessLimits limits; // of encoders; with the channel's lock

  /** Starts capture and stills. */
  Works(
      SourceSettings settings,
      Optional<PublishPoint> point,
      Node node,
      NodeLoad load,
      CaptureOwner owner,
      Intake intake,
      Outlet outlet) {
    id = settings.id();
    this.node = node;
    this.load = load;
    this.outlet = outlet;
    limits = settings.capture().limits();
    packets = load.newFeed(PACKETS);
    capture = new Capture(settings.task(point), node.workshop(), owner, intake.to(packets));
    stills = run(Pipeline.STILL, Pictures.KEYFRAMES);
  }

  private Running run(Rendition rendition, Pictures pictures) {
    boolean isVideo = rendition.format() == Format.FMP4 || rendition.format() == Format.MPEG1;
    Feed<Fragment> feed = load.newFeed(isVideo ? VIDEO : PICTURES);
    return new Running(rendition, pipeline(rendition, pictures, feed), feed);
  }

  private Pipeline pipeline(Rendition rendition, Pictures pictures, Feed<Fragment> feed) {
    Pipeline pipeline =
        new Pipeline(
            id + "/" + rendition.name(),
            rendition,
            pictures,
            packets,
            feed,
            limits,
            node.workshop().ffmpeg(),
            node.workshop().wallMicros());
    newestStill().ifPresent(pipeline::showFirst);
    pipeline.start();
    return pipeline;
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

  /** Stops a rendition, if it runs still; stills stop with the capture. */
  void stop(Running rendition) {
    if (renditions.remove(rendition.rendition().name(), rendition)) {
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
  void adopt(SourceSettings settings) {
    boolean isSame = settings.capture().limits().equals(limits);
    limits = settings.capture().limits();
    renditions.values().forEach(running -> renew(running, settings.renditions(), isSame));
    if (!isSame) {
      renew(stills, Pipeline.STILL, Pictures.KEYFRAMES);
    }
  }

  private void renew(Running running, List<Rendition> configured, boolean isSame) {
    Rendition before = running.rendition();
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
    running.goOnWith(wanted, pipeline(wanted, pictures, running.feed())); // a new run
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
