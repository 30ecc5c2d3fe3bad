package dev.zoetrope.channel;

import dev.zoetrope.access.KeyGuesses;
import dev.zoetrope.capture.CaptureOwner;
import dev.zoetrope.capture.CaptureStats;
import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source.Published;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Following;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A source at work on this node.
 *
 * <p>Its capture and each rendition start with the first lease and stop {@code linger} after the
 * last; while the capture runs, so does a small encoder of stills. Thread-safe; starting and
 * stopping hold one lock and may take up to some seconds. Watching, leaving and asking for figures
 * never take it: viewers leave on threads that serve others.
 */
public final class Channel {
  private final Node node;
  private final NodeLoad load;
  private final SourceId id;
  private final Timeline timeline;
  private final WrongKeys wrongKeys;

  // Changed with the lock of this only; what is volatile or concurrent is read without.
  private volatile SourceSettings settings;
  private SourceSettings configured; // those before what an origin offers
  private volatile Optional<PublishPoint> publishPoint;
  private volatile Works works; // null while nobody wants the source
  private long wishes; // how often other settings were wanted
  private CompletableFuture<Optional<Diagnosis>> changing = // the newest wish
      CompletableFuture.completedFuture(Optional.empty());
  private volatile boolean closed;
  private volatile Instant idleSince = Instant.now(); // while works is null
  private volatile List<String> log = List.of(); // of the capture that was last

  private final AtomicInteger viewers = new AtomicInteger(); // stills are not counted
  private final Set<Runnable> audienceWatches = ConcurrentHashMap.newKeySet();
  private final Followed followed;
  private final Intake intake = new Intake();
  private final Outlet outlet = new Outlet();

  /**
   * @param guesses of publish keys, of all sources
   */
  Channel(SourceSettings settings, Node node, NodeLoad load, KeyGuesses guesses) {
    id = settings.id();
    this.node = node;
    this.load = load;
    followed = new Followed(id, node.relays(), () -> node.timer().execute(this::lookAtOffer));
    configured = settings;
    followed.follow(settings.source());
    this.settings = followed.offered(settings);
    timeline =
        new Timeline(
            node.timelines().map(folder -> folder.resolve(settings.id() + ".log")), node.timer());
    wrongKeys =
        new WrongKeys(settings.id(), guesses, timeline, node.timer(), node.workshop().wallMicros());
    publishPoint = pointOf(settings);
  }

  /** An origin has come or gone, or offers something else. */
  private void lookAtOffer() {
    Works running;
    synchronized (this) {
      if (!closed && !followed.offered(configured).equals(settings)) {
        adopt(configured, publishPoint);
      }
      running = works;
    }
    if (running != null && followed.following().map(Following::isThere).orElse(false)) {
      running.capture().tryNow();
    }
  }

  /**
   * The ids of the nodes that its pictures come through before they are here, the first where they
   * are captured; none where that is here. Empty where it comes from another node, and nobody knows
   * yet.
   */
  public Optional<List<String>> path() {
    return followed.path();
  }

  /** What it is followed as, where the source is of another node. */
  public Optional<Following> following() {
    return followed.following();
  }

  private Optional<PublishPoint> pointOf(SourceSettings published) {
    return published.source() instanceof Published source
        ? Optional.of(new PublishPoint(source, this::publisherArrived, wrongKeys))
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
      begin().capture().tryNow();
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
      begin();
    }
  }

  /**
   * A viewer's hold on a rendition, started if it does not run.
   *
   * @param address where the viewer comes from, as its limit counts; empty where nobody knows
   * @throws RefusedException if a limit is reached
   */
  public synchronized Lease lease(Rendition rendition, String address) throws RefusedException {
    return lease(rendition.name(), works -> works.start(current(rendition)), address);
  }

  /** Whether the source's own packets can be had: else only renditions come from another node. */
  public boolean hasPackets() {
    return !(settings.source() instanceof Relay relay) || relay.form() == Relay.Form.PACKETS;
  }

  /**
   * Another node's hold on the source's own packets, if there are any: a viewer's.
   *
   * @throws RefusedException if a limit is reached
   */
  public synchronized Lease leasePackets() throws RefusedException {
    if (!hasPackets()) {
      throw new RefusedException("source " + id() + " comes as renditions from another node");
    }
    return lease(Rendition.PACKETS, Works::startPackets, "");
  }

  private Lease lease(String name, Function<Works, Running> start, String address)
      throws RefusedException {
    if (viewers.get() >= node.limits().viewersPerSource()) {
      throw load.refused("source " + id() + " has as many viewers as its limit allows");
    }
    Optional<Running> running = works().flatMap(all -> all.rendition(name));
    if (running.isEmpty()) {
      checkStart();
    }
    load.addViewer(address);
    viewers.incrementAndGet();
    Running held = running.orElseGet(() -> start.apply(begin()));
    return hold(held, address, () -> removeViewer(address));
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
    if (works == null) {
      checkStart();
    }
    return hold(begin().stills().orElseThrow(), "", () -> {});
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
    held.hold();
    works.capture().look();
    return new Lease(
        held.feed(),
        held.rendition().map(Rendition::format),
        load.nextId(),
        address,
        held::isOfSource,
        () -> {
          afterRelease.run();
          release(held);
        });
  }

  /** What runs, if anything does. Any thread. */
  private Optional<Works> works() {
    return Optional.ofNullable(works);
  }

  /** Starts what runs for all, if it does not run. */
  private Works begin() {
    Works running = works;
    if (running == null) {
      running =
          new Works(
              settings,
              publishPoint,
              followed.renditions(),
              node,
              load,
              new Owner(),
              intake,
              outlet);
      works = running;
    }
    return running;
  }

  /** Without the lock. */
  private void release(Running held) {
    if (held.release()) {
      checkAfter(settings.linger().toNanos(), held);
    }
  }

  private void checkAfter(long nanos, Running held) {
    if (!closed && held.claimCheck()) {
      var unused = node.timer().schedule(() -> stopIfUnused(held), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void stopIfUnused(Running held) {
    held.beginCheck();
    if (held.isHeld() || closed) {
      return;
    }
    long restNanos = held.restNanos(settings.linger());
    if (restNanos > 0) { // it was used in between
      checkAfter(restNanos, held);
      return;
    }
    works().ifPresent(running -> running.stop(held));
    stopIfUnwanted();
  }

  private void stopIfUnwanted() {
    boolean isPublished = publishPoint.map(PublishPoint::isOccupied).orElse(false);
    boolean isWanted = settings.keepRunning() || isPublished;
    if (!isWanted && works().map(running -> !running.isUsed()).orElse(false)) {
      stop();
    }
  }

  private void stop() {
    Works ending = works;
    if (ending != null) {
      ending.close();
      log = ending.capture().log();
      idleSince = Instant.now();
      works = null;
    }
  }

  /** Figures of each viewer connected now, by the name of its rendition. */
  public Map<String, List<ViewerStats>> viewerStats() {
    return works().map(Works::viewerStats).orElse(Map.of());
  }

  /**
   * Ends a viewer.
   *
   * @param id as {@link #viewerStats} tells it
   * @return whether it was there
   */
  public boolean cut(long id) {
    return works().map(running -> running.cut(id)).orElse(false);
  }

  /** What came in and went out so far; looks at each viewer. */
  public Turnover turnover() {
    return new Turnover(intake.bytes(), intake.pictures(), outlet.stats());
  }

  /** Whether the source has sound, or had when it was last there; empty while nobody knows. */
  public Optional<Boolean> hasSound() {
    return intake.hasSound();
  }

  /** The same of a picture. */
  public Optional<Boolean> hasPicture() {
    return intake.hasPicture();
  }

  /** Figures of this moment. */
  public ChannelStats stats() {
    Works running = works;
    return running == null
        ? new ChannelStats(CaptureStats.idle(idleSince, 0), viewers.get(), Map.of())
        : new ChannelStats(running.capture().stats(), viewers.get(), running.feedStats());
  }

  /** Waits no longer for the next attempt; without effect where nobody wants the source. */
  public void tryNow() {
    works().ifPresent(running -> running.capture().tryNow());
  }

  /** What the newest process of the capture wrote to stderr, without credentials. */
  public List<String> log() {
    return works().map(running -> running.capture().log()).orElse(log);
  }

  /**
   * Captures and serves with other settings from now on. Viewers stay, except those of a rendition
   * that is there no more, of a source that is switched off, or who are not of its audience. A
   * source that is live is given up only when the new one is there: see {@link
   * dev.zoetrope.capture.Capture#replace}.
   *
   * @param next of the same id
   * @return empty when it is done, else why all goes on as before; completed on the timer
   */
  CompletableFuture<Optional<Diagnosis>> replace(SourceSettings next) {
    synchronized (this) {
      long wish = ++wishes;
      boolean isCaptured = works != null && next.enabled();
      boolean isForAudience =
          changing.isDone() && next.equals(configured.withAudience(next.audience()));
      if (isForAudience && !closed) {
        adopt(next);
        return CompletableFuture.completedFuture(Optional.empty());
      }
      if (closed || !isCaptured) {
        adopt(next);
        return works == null ? CompletableFuture.completedFuture(Optional.empty()) : stopping();
      }
      Optional<PublishPoint> point =
          next.source().equals(settings.source()) ? publishPoint : pointOf(next);
      if (!point.equals(publishPoint)) {
        adopt(next, point); // at once: a publisher may be on the way
      }
      changing =
          works
              .capture()
              .replace(next.task(point))
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
      stop();
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

  private synchronized void adopt(SourceSettings wanted, Optional<PublishPoint> point) {
    if (closed) {
      return;
    }
    followed.follow(wanted.source());
    configured = wanted;
    SourceSettings before = settings;
    SourceSettings next = followed.offered(wanted);
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
    works().ifPresent(running -> running.adopt(next, followed.renditions()));
    if (next.keepRunning()) {
      begin();
    } else {
      stopIfUnwanted();
    }
  }

  /** Begins anew, without waiting; without effect where nobody wants the source. */
  public void restart() {
    works().ifPresent(running -> running.capture().restart());
  }

  /** Whether what ends here now does so because the whole server stops. */
  public boolean isServerStopping() {
    return load.isStopping();
  }

  /** Stops for good; viewers are ended. */
  synchronized void close() {
    closed = true;
    publishPoint.ifPresent(PublishPoint::close);
    stop();
    followed.close();
    timeline.write();
  }

  /** On the capture's thread, so without the lock: whoever holds it may wait for that thread. */
  private final class Owner implements CaptureOwner {
    @Override
    public void happened(Incident incident, Optional<Diagnosis> why) {
      timeline.add(incident);
      CaptureIncident.note(id(), incident);
      node.listener().happened(settings, incident, why);
      boolean maySuffice = publishPoint.isPresent() && incident.kind() == Incident.Kind.EXITED;
      if (maySuffice) {
        stills().ifPresent(this::linger);
      }
    }

    private Optional<Running> stills() {
      return works().flatMap(Works::stills);
    }

    private void linger(Running held) {
      held.touch();
      checkAfter(settings.linger().toNanos(), held);
    }

    @Override
    public void showsCard(boolean isCard) {
      works().ifPresent(running -> running.showCard(isCard));
    }

    @Override
    public void wrongKey() {
      wrongKeys.refused();
    }

    @Override
    public Optional<Bytes> newestPicture(long captureMicros) {
      return stills()
          .flatMap(Running::newest)
          .filter(still -> still.captureMicros() >= captureMicros)
          .map(Fragment::bytes);
    }

    @Override
    public boolean isWatched() {
      return viewers.get() > 0 || stills().map(Running::isHeld).orElse(false);
    }
  }
}
