package dev.zoetrope.channel;

import dev.zoetrope.capture.Capture;
import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.Pipeline;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A source at work on this node.
 *
 * <p>Its capture and each rendition start with the first lease and stop {@code linger} after the
 * last; while the capture runs, so does a small encoder of stills. Thread-safe; starting and
 * stopping hold one lock and may take up to some seconds, watching never takes it.
 */
public final class Channel {
  private static final long MIB = 1 << 20;

  /** What a late encoder or packager needs: the newest keyframe and what follows. */
  private static final Bounds PACKETS = new Bounds(64 * MIB, Duration.ofSeconds(10), 8192);

  /** Every picture is a join point: more than the age bound is never sent. */
  private static final Bounds PICTURES = new Bounds(16 * MIB, Duration.ofSeconds(2), 256);

  private static final Bounds VIDEO = new Bounds(48 * MIB, Duration.ofSeconds(10), 8192);

  private static final Rendition STILL =
      new Rendition("still", Format.MJPEG, 640, 0, 4, 0, 0, Encode.AUTO);

  private final SourceSettings settings;
  private final Node node;
  private final NodeLoad load;

  // Guarded by this.
  private Capture capture; // null while nobody wants it
  private Feed<Packet> packets;
  private Running stills; // null as the capture is
  private final Map<String, Running> renditions = new HashMap<>(); // those that run, by name
  private int viewers; // leases of renditions; stills are not counted
  private boolean closed;

  Channel(SourceSettings settings, Node node, NodeLoad load) {
    this.settings = settings;
    this.node = node;
    this.load = load;
  }

  /** As configured. */
  public SourceSettings settings() {
    return settings;
  }

  /** The source's name. */
  public SourceId id() {
    return settings.id();
  }

  /** Starts what runs also without viewers. */
  synchronized void start() {
    if (settings.keepRunning()) {
      startCapture();
    }
  }

  /**
   * A viewer's hold on a rendition, started if it does not run.
   *
   * @throws RefusedException if a limit is reached
   */
  public synchronized Lease lease(Rendition rendition) throws RefusedException {
    if (viewers >= node.limits().viewersPerSource()) {
      throw new RefusedException("source " + id() + " has as many viewers as its limit allows");
    }
    Running running = renditions.get(rendition.name());
    if (running == null) {
      checkStart();
    }
    load.addViewer();
    viewers++;
    startCapture();
    if (running == null) {
      running = start(rendition, Pictures.ALL);
      renditions.put(rendition.name(), running);
    }
    return hold(running, this::removeViewer);
  }

  private void removeViewer() {
    viewers--;
    load.removeViewer();
  }

  /**
   * A hold on the source's stills: its feed's newest join point is the newest picture.
   *
   * @throws RefusedException if a limit is reached
   */
  public synchronized Lease leaseStills() throws RefusedException {
    if (stills == null) {
      checkStart();
    }
    startCapture();
    return hold(stills, () -> {});
  }

  private void checkStart() throws RefusedException {
    if (closed) {
      throw new RefusedException("the server is stopping");
    }
    load.checkLogBytes();
  }

  private Lease hold(Running held, Runnable afterRelease) {
    held.leases++;
    if (held.lingering != null) {
      held.lingering.cancel(false);
      held.lingering = null;
    }
    return new Lease(held.feed, () -> release(held, afterRelease));
  }

  private void startCapture() {
    if (capture == null) {
      packets = load.newFeed(PACKETS);
      capture = new Capture(id(), settings.source(), node.ffmpeg(), node.wallMicros(), packets);
      stills = start(STILL, Pictures.KEYFRAMES);
    }
  }

  private Running start(Rendition rendition, Pictures pictures) {
    boolean isVideo = rendition.format() == Format.FMP4 || rendition.format() == Format.MPEG1;
    Feed<Fragment> feed = load.newFeed(isVideo ? VIDEO : PICTURES);
    String name = id() + "/" + rendition.name();
    Pipeline pipeline =
        new Pipeline(name, rendition, pictures, packets, feed, node.ffmpeg(), node.wallMicros());
    newestStill().ifPresent(pipeline::showFirst);
    pipeline.start();
    return new Running(rendition.name(), pipeline, feed);
  }

  /** The newest still, if the capture runs and has had a picture. */
  private Optional<Fragment> newestStill() {
    return stills == null ? Optional.empty() : stills.feed.newestJoinPoint().map(Entry::piece);
  }

  private synchronized void release(Running held, Runnable afterRelease) {
    afterRelease.run();
    held.leases--;
    if (held.leases == 0 && !closed) {
      long millis = settings.linger().toMillis();
      held.lingering =
          node.timer().schedule(() -> stopIfUnused(held), millis, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void stopIfUnused(Running held) {
    if (held.leases > 0 || closed) {
      return;
    }
    held.lingering = null;
    if (renditions.remove(held.name, held)) { // stills stop with the capture
      stop(held);
    }
    boolean isWanted = settings.keepRunning() || !renditions.isEmpty();
    if (!isWanted && stills != null && !stills.isUsed()) {
      stopCapture();
    }
  }

  private void stop(Running stopped) {
    stopped.pipeline.close();
    stopped.feed.close();
    load.removeFeed(stopped.feed);
  }

  private void stopCapture() {
    if (capture != null) {
      renditions.values().forEach(this::stop);
      renditions.clear();
      stop(stills);
      stills = null;
      capture.close();
      capture = null;
      packets.close();
      load.removeFeed(packets);
      packets = null;
    }
  }

  /** Figures of this moment. */
  public synchronized ChannelStats stats() {
    Map<String, FeedStats> feeds = new HashMap<>();
    renditions.forEach((name, running) -> feeds.put(name, running.feed.stats()));
    CaptureStats captured =
        capture == null ? new CaptureStats(CaptureState.IDLE, 0, "") : capture.stats();
    return new ChannelStats(
        captured.state().word(), captured.restarts(), captured.cause(), viewers, feeds);
  }

  /** Stops for good; viewers are ended. */
  synchronized void close() {
    closed = true;
    stopCapture();
  }

  /** A rendition that runs. Guarded by the channel. */
  private static final class Running {
    private final String name;
    private final Pipeline pipeline;
    private final Feed<Fragment> feed;
    private int leases;
    private ScheduledFuture<?> lingering; // null unless it will stop

    Running(String name, Pipeline pipeline, Feed<Fragment> feed) {
      this.name = name;
      this.pipeline = pipeline;
      this.feed = feed;
    }

    boolean isUsed() {
      return leases > 0 || lingering != null;
    }
  }
}
