package dev.zoetrope.channel;

import dev.zoetrope.capture.Capture;
import dev.zoetrope.capture.CaptureOwner;
import dev.zoetrope.capture.CaptureState;
import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.CaptureTask;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.Pipeline;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Source.Published;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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

  private final Node node;
  private final NodeLoad load;
  private final SourceId id;
  private final Timeline timeline;
  private final WrongKeys wrongKeys;

  // Changed with the lock of this only; what is volatile or concurrent is read without.
  private volatile SourceSettings settings;
  private volatile Optional<PublishPoint> publishPoint;
  private volatile Capture capture; // null while nobody wants it
  private Feed<Packet> packets;
  private volatile Running stills; // null as the capture is
  private final Map<String, Running> renditions = new ConcurrentHashMap<>(); // that run, by name
  private long wishes; // how often other settings were wanted
  private CompletableFuture<Optional<Diagnosis>> changing = // the newest wish
      CompletableFuture.completedFuture(Optional.empty());
  private volatile boolean closed;
  private volatile Instant idleSince = Instant.now(); // while capture is null
  private volatile List<String> log = List.of(); // of the capture that was last

  private final AtomicInteger viewers = new AtomicInteger(); // stills are not counted
  private final Set<Runnable> audienceWatches = ConcurrentHashMap.newKeySet();
  private final Intake intake = new Intake();
  private final Outlet outlet = new Outlet();

  Channel(SourceSettings settings, Node node, NodeLoad load) {
    this.settings = settings;
    id = settings.id();
    this.node = node;
    this.load = load;
    timeline =
        new Timeline(
            node.timelines().map(folder -> folder.resolve(settings.id() + ".log")), node.timer());
    wrongKeys = new WrongKeys(timeline, node.timer(), node.workshop().wallMicros());
    publishPoint = pointOf(settings);
  }

  private Optional<PublishPoint> pointOf(SourceSettings published) {
    return published.source() instanceof Published source
        ? Optional.of(new PublishPoint(source, this::publisherArrived, wrongKeys::add))
        : Optional.empty();
  }

  /** What happened to the source, across restarts of the server. */
  public Timeline timeline() {
    return timeline;
  }

  /** Where publishers of this source come to; empty where the source is not published. */
  public Optional<PublishPoint> publishPoint() {
    return publishPoint;
  }

  /** How many publishers were refused for a wrong key or none, since the server started. */
  public long publishRefused() {
    return wrongKeys.count();
  }

  private synchronized void publisherArrived() {
    if (!closed && settings.enabled()) {
      startCapture();
      capture.tryNow();
    }
  }

  /** As configured. */
  public SourceSettings settings() {
    return settings;
  }

  /**
   * Has {@code look} called, on the timer, each time the audience of the settings has changed,
   * until {@link #unwatchAudience}.
   */
  public void watchAudience(Runnable look) {
    audienceWatches.add(look);
  }

  /** Ends {@link #watchAudience}. Idempotent. */
  public void unwatchAudience(Runnable look) {
    audienceWatches.remove(look);
  }

  /** The source's name. */
  public SourceId id() {
    return id;
  }

  /** Starts what runs also without viewers. */
  synchronized void start() {
    if (settings.keepRunning() && settings.enabled() && !closed) {
      startCapture();
    }
  }

  /**
   * A viewer's hold on a rendition, started if it does not run.
   *
   * @param address where the viewer comes from, as its limit counts; empty where nobody knows
   * @throws RefusedException if a limit is reached
   */
  public synchronized Lease lease(Rendition rendition, String address) throws RefusedException {
    if (viewers.get() >= node.limits().viewersPerSource()) {
      throw load.refused("source " + id() + " has as many viewers as its limit allows");
    }
    Running running = renditions.get(rendition.name());
    if (running == null) {
      checkStart();
    }
    load.addViewer(address);
    viewers.incrementAndGet();
    if (running == null) {
      startCapture();
      running = start(current(rendition), Pictures.ALL);
      outlet.begin(running.feed, running.rendition.format());
      renditions.put(rendition.name(), running);
    }
    return hold(running, address, () -> removeViewer(address));
  }

  /** It may have been changed since the caller looked. */
  private Rendition current(Rendition seen) {
    return settings.renditions().stream()
        .filter(rendition -> rendition.name().equals(seen.name()))
        .findFirst()
        .orElse(seen);
  }

  private void removeViewer(String address) {
    viewers.decrementAndGet();
    load.removeViewer(address);
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
    return hold(stills, "", () -> {});
  }

  private void checkStart() throws RefusedException {
    if (closed) {
      throw load.refused("source " + id() + " is stopping, with the server or for good");
    }
    if (!settings.enabled()) {
      throw load.refused("source " + id() + " is switched off by its operator");
    }
    load.checkLogBytes();
  }

  private Lease hold(Running held, String address, Runnable afterRelease) {
    held.leases.incrementAndGet();
    capture.look();
    return new Lease(
        held.feed,
        held.rendition.format(),
        load.nextId(),
        address,
        this::isOfSource,
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
              task(settings, publishPoint), node.workshop(), new Owner(), intake.to(packets));
      stills = start(STILL, Pictures.KEYFRAMES);
    }
  }

  private static CaptureTask task(SourceSettings of, Optional<PublishPoint> point) {
    return new CaptureTask(of.id(), of.title(), of.source(), of.capture(), point);
  }

  private Running start(Rendition rendition, Pictures pictures) {
    boolean isVideo = rendition.format() == Format.FMP4 || rendition.format() == Format.MPEG1;
    Feed<Fragment> feed = load.newFeed(isVideo ? VIDEO : PICTURES);
    return new Running(rendition, start(rendition, pictures, feed), feed);
  }

  private Pipeline start(Rendition rendition, Pictures pictures, Feed<Fragment> feed) {
    String name = id() + "/" + rendition.name();
    Pipeline pipeline =
        new Pipeline(
            name,
            rendition,
            pictures,
            packets,
            feed,
            settings.capture().limits(),
            node.workshop().ffmpeg(),
            node.workshop().wallMicros());
    newestStill().ifPresent(pipeline::showFirst);
    pipeline.start();
    return pipeline;
  }

  private boolean isOfSource(long captureMicros) {
    Capture running = capture;
    return running != null && running.isOfSource(captureMicros);
  }

  /** The newest still of a live source; one of a source that is gone would pass for the present. */
  private Optional<Fragment> newestStill() {
    return stills == null || capture.stats().state() != CaptureState.LIVE
        ? Optional.empty()
        : stills
            .feed
            .newestJoinPoint()
            .map(Entry::piece)
            .filter(still -> isOfSource(still.captureMicros()));
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
    if (renditions.remove(held.rendition.name(), held)) { // stills stop with the capture
      stop(held);
    }
    stopCaptureIfUnwanted();
  }

  private void stopCaptureIfUnwanted() {
    boolean isPublished = publishPoint.map(PublishPoint::isOccupied).orElse(false);
    boolean isWanted = settings.keepRunning() || isPublished || !renditions.isEmpty();
    if (!isWanted && stills != null && !stills.isUsed()) {
      stopCapture();
    }
  }

  private void stop(Running stopped) {
    stopped.pipeline.close();
    stopped.feed.close();
    outlet.end(stopped.feed);
    load.removeFeed(stopped.feed);
  }

  private void stopCapture() {
    if (capture != null) {
      renditions.values().forEach(this::stop);
      renditions.clear();
      stop(stills);
      stills = null;
      capture.close();
      log = capture.log();
      idleSince = Instant.now();
      capture = null;
      packets.close();
      load.removeFeed(packets);
      packets = null;
    }
  }

  /** Figures of each viewer connected now, by the name of its rendition. */
  public Map<String, List<ViewerStats>> viewerStats() {
    Map<String, List<ViewerStats>> byRendition = new TreeMap<>();
    renditions.forEach((name, running) -> byRendition.put(name, running.feed.viewerStats()));
    return byRendition;
  }

  /**
   * Ends a viewer.
   *
   * @param id as {@link #viewerStats} tells it
   * @return whether it was there
   */
  public boolean cut(long id) {
    return renditions.values().stream().anyMatch(running -> running.feed.cut(id));
  }

  /** What came in and went out so far; looks at each viewer. */
  public Turnover turnover() {
    return new Turnover(intake.bytes(), intake.pictures(), outlet.stats());
  }

  /** Figures of this moment. */
  public ChannelStats stats() {
    Map<String, FeedStats> feeds = new HashMap<>();
    renditions.forEach((name, running) -> feeds.put(name, running.feed.stats()));
    Capture running = capture;
    CaptureStats captured = running == null ? CaptureStats.idle(idleSince, 0) : running.stats();
    return new ChannelStats(captured, viewers.get(), feeds);
  }

  /** Waits no longer for the next attempt; without effect where nobody wants the source. */
  public void tryNow() {
    Capture running = capture;
    if (running != null) {
      running.tryNow();
    }
  }

  /** What the newest process of the capture wrote to stderr, without credentials. */
  public List<String> log() {
    Capture running = capture;
    return running == null ? log : running.log();
  }

  /**
   * Captures and serves with other settings from now on. Viewers stay, except those of a rendition
   * that is there no more, of a source that is switched off, or who are not of its audience. A
   * source that is live is given up only when the new one is there: see {@link Capture#replace}.
   *
   * @param next of the same id
   * @return empty when it is done, else why all goes on as before; completed on the timer
   */
  CompletableFuture<Optional<Diagnosis>> replace(SourceSettings next) {
    synchronized (this) {
      long wish = ++wishes;
      boolean isCaptured = capture != null && next.enabled();
      boolean isForAudience =
          changing.isDone() && next.equals(settings.withAudience(next.audience()));
      if (isForAudience && !closed) {
        adopt(next);
        return CompletableFuture.completedFuture(Optional.empty());
      }
      if (closed || !isCaptured) {
        adopt(next);
        return capture == null ? CompletableFuture.completedFuture(Optional.empty()) : stopping();
      }
      Optional<PublishPoint> point =
          next.source().equals(settings.source()) ? publishPoint : pointOf(next);
      if (!point.equals(publishPoint)) {
        adopt(next, point); // at once: a publisher may be on the way
      }
      changing =
          capture
              .replace(task(next, point))
              .thenApplyAsync(
                  whyNot -> {
                    if (whyNot.isEmpty()) {
                      adopt(next, point, wish);
                    }
                    return whyNot;
                  },
                  node.timer());
      return changing;
    }
  }

  /** By a thread of its own: it may take seconds. */
  private CompletableFuture<Optional<Diagnosis>> stopping() {
    return CompletableFuture.supplyAsync(
        () -> {
          stopIfDisabled();
          return Optional.empty();
        },
        task -> new Thread(task, "stop " + id).start());
  }

  private synchronized void stopIfDisabled() {
    if (!settings.enabled()) { // it may have been switched on again
      stopCapture();
    }
  }

  private synchronized void adopt(SourceSettings next, Optional<PublishPoint> point, long wish) {
    if (wish == wishes) { // else something else is wanted by now
      adopt(next, point);
    }
  }

  private void adopt(SourceSettings next) {
    adopt(next, next.source().equals(settings.source()) ? publishPoint : pointOf(next));
  }

  private synchronized void adopt(SourceSettings next, Optional<PublishPoint> point) {
    if (closed) {
      return;
    }
    SourceSettings before = settings;
    settings = next;
    if (!next.audience().equals(before.audience())) {
      audienceWatches.forEach(node.timer()::execute);
    }
    if (!point.equals(publishPoint)) {
      publishPoint.ifPresent(PublishPoint::close);
      publishPoint = point;
    }
    if (!next.enabled()) {
      return; // stopIfDisabled() follows
    }
    boolean isSame = before.capture().limits().equals(next.capture().limits());
    renditions.values().forEach(running -> renew(running, isSame));
    if (!isSame && stills != null) {
      stills.pipeline.close();
      stills.pipeline = start(STILL, Pictures.KEYFRAMES, stills.feed);
    }
    if (next.keepRunning()) {
      startCapture();
    } else {
      stopCaptureIfUnwanted();
    }
  }

  private void renew(Running running, boolean sameLimits) {
    Optional<Rendition> wanted =
        settings.renditions().stream()
            .filter(rendition -> rendition.name().equals(running.rendition.name()))
            .filter(rendition -> rendition.format() == running.rendition.format())
            .findFirst();
    boolean isLasting =
        running.rendition.format() != Format.MPEG1 // players of it read its size once
            || wanted.map(Rendition::width).equals(Optional.of(running.rendition.width()));
    if (wanted.isEmpty() || !isLasting) {
      renditions.remove(running.rendition.name());
      stop(running);
    } else if (!sameLimits || !wanted.get().equals(running.rendition)) {
      running.pipeline.close();
      running.rendition = wanted.get();
      running.pipeline = start(wanted.get(), Pictures.ALL, running.feed); // a new run
    }
  }

  /** Begins anew, without waiting; without effect where nobody wants the source. */
  public void restart() {
    Capture running = capture;
    if (running != null) {
      running.restart();
    }
  }

  /** Stops for good; viewers are ended. */
  synchronized void close() {
    closed = true;
    publishPoint.ifPresent(PublishPoint::close);
    stopCapture();
    timeline.write();
  }

  /** On the capture's thread, so without the lock: whoever holds it may wait for that thread. */
  private final class Owner implements CaptureOwner {
    @Override
    public void happened(Incident incident, Optional<Diagnosis> why) {
      timeline.add(incident);
      node.listener().happened(settings, incident, why);
      boolean maySuffice = publishPoint.isPresent() && incident.kind() == Incident.Kind.EXITED;
      if (maySuffice) {
        Running held = stills;
        if (held != null) {
          held.unusedSinceNanos = System.nanoTime();
          checkAfter(settings.linger().toNanos(), held);
        }
      }
    }

    @Override
    public void wrongKey() {
      wrongKeys.add();
    }

    @Override
    public Optional<Bytes> newestPicture(long captureMicros) {
      Running held = stills;
      return held == null
          ? Optional.empty()
          : held.feed
              .newestJoinPoint()
              .map(Entry::piece)
              .filter(still -> still.captureMicros() >= captureMicros)
              .map(Fragment::bytes);
    }

    @Override
    public boolean isWatched() {
      Running held = stills;
      return viewers.get() > 0 || (held != null && held.leases.get() > 0);
    }
  }

  /** A rendition that runs. */
  private static final class Running {
    private Rendition rendition; // changed with the channel's lock
    private Pipeline pipeline; // as above
    private final Feed<Fragment> feed;
    private final AtomicInteger leases = new AtomicInteger(); // goes up with the lock only
    private volatile long unusedSinceNanos; // where leases went down to 0
    private final AtomicBoolean isCheckDue = new AtomicBoolean(); // whether it is used still

    Running(Rendition rendition, Pipeline pipeline, Feed<Fragment> feed) {
      this.rendition = rendition;
      this.pipeline = pipeline;
      this.feed = feed;
    }

    boolean isUsed() {
      return leases.get() > 0 || isCheckDue.get();
    }
  }
}
