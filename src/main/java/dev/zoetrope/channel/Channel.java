package dev.zoetrope.channel;

import dev.zoetrope.capture.Capture;
import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.Pipeline;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Source.Published;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source at work on this node.
 *
 * <p>Its capture and each rendition start with the first lease and stop {@code linger} after the
 * last; while the capture runs, so does a small encoder of stills. Thread-safe; starting and
 * stopping hold one lock and may take up to some seconds. Watching, leaving and asking for figures
 * never take it: viewers leave on threads that serve others.
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
  private final Optional<PublishPoint> publishPoint;

  // Changed with the lock of this only; what is volatile or concurrent is read without.
  private volatile Capture capture; // null while nobody wants it
  private Feed<Packet> packets;
  private Running stills; // null as the capture is
  private final Map<String, Running> renditions = new ConcurrentHashMap<>(); // that run, by name
  private volatile boolean closed;

  private final AtomicInteger viewers = new AtomicInteger(); // stills are not counted

  Channel(SourceSettings settings, Node node, NodeLoad load) {
    this.settings = settings;
    this.node = node;
    this.load = load;
    publishPoint =
        settings.source() instanceof Published published
            ? Optional.of(new PublishPoint(published, this::publisherArrived))
            : Optional.empty();
  }

  /** Where publishers of this source come to; empty where the source is not published. */
  public Optional<PublishPoint> publishPoint() {
    return publishPoint;
  }

  private synchronized void publisherArrived() {
    if (!closed) {
      startCapture();
    }
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
    if (viewers.get() >= node.limits().viewersPerSource()) {
      throw new RefusedException("source " + id() + " has as many viewers as its limit allows");
    }
    Running running = renditions.get(rendition.name());
    if (running == null) {
      checkStart();
    }
    load.addViewer();
    viewers.incrementAndGet();
    if (running == null) {
      startCapture();
      running = start(rendition, Pictures.ALL);
      renditions.put(rendition.name(), running);
    }
    return hold(running, this::removeViewer);
  }

  private void removeViewer() {
    viewers.decrementAndGet();
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
    held.leases.incrementAndGet();
    return new Lease(
        held.feed,
        () -> {
          afterRelease.run();
          release(held);
        });
  }

  private void startCapture() {
    if (capture == null) {
      packets = load.newFeed(PACKETS);
      capture =
          new Capture(
              id(), settings.source(), publishPoint, node.ffmpeg(), node.wallMicros(), packets);
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

  /** The newest still of a live source; one of a source that is gone would pass for the present. */
  private Optional<Fragment> newestStill() {
    return stills == null || capture.stats().state() != CaptureState.LIVE
        ? Optional.empty()
        : stills.feed.newestJoinPoint().map(Entry::piece);
  }

  /** Without the lock. */
  private void release(Running held) {
    held.unusedSinceNanos = System.nanoTime();
    if (held.leases.decrementAndGet() == 0) {
      checkAfter(settings.linger().toNanos(), held);
    }
  }

  private void checkAfter(long nanos, Running held) {
    if (!closed && held.isCheckDue.compareAndSet(false, true)) {
      var unused = node.timer().schedule(() -> stopIfUnused(held), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void stopIfUnused(Running held) {
    held.isCheckDue.set(false); // before looking: a release from here on has it checked again
    if (held.leases.get() > 0 || closed) {
      return;
    }
    long unusedNanos = System.nanoTime() - held.unusedSinceNanos;
    long restNanos = settings.linger().toNanos() - unusedNanos;
    if (restNanos > 0) { // it was used in between
      checkAfter(restNanos, held);
      return;
    }
    if (renditions.remove(held.name, held)) { // stills stop with the capture
      stop(held);
    }
    boolean isPublished = publishPoint.map(PublishPoint::isOccupied).orElse(false);
    boolean isWanted = settings.keepRunning() || isPublished || !renditions.isEmpty();
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
  public ChannelStats stats() {
    Map<String, FeedStats> feeds = new HashMap<>();
    renditions.forEach((name, running) -> feeds.put(name, running.feed.stats()));
    Capture running = capture;
    CaptureStats captured =
        running == null ? new CaptureStats(CaptureState.IDLE, 0, "") : running.stats();
    return new ChannelStats(
        captured.state().word(), captured.restarts(), captured.cause(), viewers.get(), feeds);
  }

  /** Stops for good; viewers are ended. */
  synchronized void close() {
    closed = true;
    publishPoint.ifPresent(PublishPoint::close);
    stopCapture();
  }

  /** A rendition that runs. */
  private static final class Running {
    private final String name;
    private final Pipeline pipeline;
    private final Feed<Fragment> feed;
    private final AtomicInteger leases = new AtomicInteger(); // goes up with the lock only
    private volatile long unusedSinceNanos; // where leases went down to 0
    private final AtomicBoolean isCheckDue = new AtomicBoolean(); // whether it is used still

    Running(String name, Pipeline pipeline, Feed<Fragment> feed) {
      this.name = name;
      this.pipeline = pipeline;
      this.feed = feed;
    }

    boolean isUsed() {
      return leases.get() > 0 || isCheckDue.get();
    }
  }
}
