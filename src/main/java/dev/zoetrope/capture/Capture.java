package dev.zoetrope.capture;

import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one source running from construction to {@link #close}: starts it, watches it, starts it
 * again, and shows viewers a card while it is not there.
 *
 * <p>All of that is done on the thread {@code capture <source>}: by the {@link Attempts} at what it
 * is to capture now, a {@link Successor} while that changes, and the {@link Absence} of the source.
 * The packets are read by the thread of the {@link Attempt} under way.
 */
public final class Capture implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Capture.class.getName());

  /** The longest sleep: what nobody tells is seen then. */
  private static final Duration MOST_SLEEP = Duration.ofSeconds(1);

  /** After an error of ours: it shall not come a thousand times a second. */
  private static final Duration BREATH = Duration.ofMillis(200);

  /** What wakes the capture's thread. */
  private enum Event {
    /** An awaited packet came, an attempt is over, or the gate lets one in. */
    CHANGED,
    /** Somebody asks, or a publisher has come. */
    TRY_NOW,
    /** Somebody watches from now on. */
    LOOK,
    /** It is to be captured with other settings. */
    REPLACE,
    /** It is to begin anew. */
    RESTART,
    CLOSE
  }

  private final SourceId id;
  private final Rig rig;
  private final CaptureReport report;
  private final Absence absence;
  private final Duration withoutSound;
  private final Wishes wishes = new Wishes();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Thread thread;

  private volatile boolean wanted = true;
  private volatile Attempts attempts; // written by the capture thread

  // Confined to the capture thread.
  private Optional<Successor> successor = Optional.empty(); // of the change under way
  private Optional<CaptureTask> fallback = Optional.empty(); // of the change, should it fail
  private final List<Thread> leaving = new ArrayList<>(); // they end what was replaced

  /**
   * Starts at once.
   *
   * @param sink gets the packets and, while they are missing, the cards, on one timeline
   */
  public Capture(CaptureTask task, Workshop workshop, CaptureOwner owner, Sink<Packet> sink) {
    this(task, workshop, owner, sink, SoundPause.FIRST);
  }

  Capture(
      CaptureTask task,
      Workshop workshop,
      CaptureOwner owner,
      Sink<Packet> sink,
      Duration withoutSound) {
    id = task.id();
    this.withoutSound = withoutSound;
    OnAir onAir =
        new OnAir(
            new SteadyClock(sink, workshop.nanoTime(), task.source() instanceof Source.Relay),
            owner::showsCard);
    Inputs inputs =
        new Inputs(workshop.ffmpeg(), workshop.wallMicros(), owner::wrongKey, workshop.origins());
    rig = new Rig(workshop, inputs, onAir, () -> events.add(Event.CHANGED));
    report = new CaptureReport(id, owner, workshop.wallMicros());
    CardShow cards = new CardShow(task.title(), onAir, owner, workshop.wallMicros());
    absence = new Absence(id, onAir, cards, report, rig.now());
    attempts = attemptsAt(task);
    thread = Ffmpeg.daemon("capture " + id, this::keepRunning);
    thread.start();
  }

  private Attempts attemptsAt(CaptureTask task) {
    return new Attempts(task, rig, report, absence, withoutSound);
  }

  private void keepRunning() {
    try {
      while (wanted) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts us wants the end
    } finally {
      end();
    }
  }

  /** Does what is due, then waits for what is next. */
  private void step() throws InterruptedException {
    try {
      observeSuccessor();
      attempts.check();
      observeTrial();
      absence.show(attempts.state(), rig.now());
      report.tell(attempts.state(), attempts.nextAttemptNanos(), attempts.isWithoutKeyframes());
    } catch (RuntimeException e) { // ours: this source suffers, the others go on
      LOG.log(Level.ERROR, "capture " + id + " broke an invariant", e);
      TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
    }
    long nanos = nextNanos() - rig.now();
    Event event = nanos <= 0 ? events.poll() : events.poll(nanos, TimeUnit.NANOSECONDS);
    if (event != null) {
      handle(event);
    }
  }

  private long nextNanos() {
    long now = rig.now();
    long next = Math.min(attempts.checkNanos(), now + MOST_SLEEP.toNanos());
    next = Math.min(next, successor.map(Successor::checkNanos).orElse(next));
    return Math.min(next, absence.nextNanos(attempts.state(), now));
  }

  private void handle(Event event) {
    switch (event) {
      case TRY_NOW -> attempts.tryNow();
      case LOOK -> absence.hurry(rig.now());
      case REPLACE -> beginChange();
      case RESTART -> attempts.beginAnew();
      case CHANGED, CLOSE -> {
        // step() sees for itself
      }
    }
  }

  private void beginChange() {
    if (!wishes.isWaiting()) {
      return; // a later one has been seen to
    }
    giveUpSuccessor();
    finish(Optional.of(Wishes.overtaken()));
    wishes.take().ifPresent(this::changeTo);
  }

  /** Unless viewers see it by now. */
  private void giveUpSuccessor() {
    successor.ifPresent(Successor::giveUp);
    if (successor.isPresent() && successor.get().hasTakenOver()) {
      takeOver(successor.get());
    }
  }

  private void changeTo(CaptureTask next) {
    CaptureTask before = attempts.task();
    boolean isLive =
        attempts.state() == CaptureState.LIVE || attempts.state() == CaptureState.STALLED;
    if (next.isReadAs(before)) {
      attempts.adopt(next);
      absence.retitle(next.title());
      finish(Optional.empty());
    } else if (!isLive || next.isBrought() || before.isBrought()) { // nothing can be lost, or tried
      become(next);
      finish(Optional.empty());
    } else if (next.canRunBeside(before)) {
      successor = Optional.of(new Successor(next, rig));
    } else {
      become(next);
      attempts.putOnTrial();
      fallback = Optional.of(before);
    }
  }

  /** Ends what runs, and starts that in its place; viewers see the card where it takes long. */
  private void become(CaptureTask next) {
    attempts.close();
    adopt(next);
  }

  private void adopt(CaptureTask next) {
    attempts = attemptsAt(next);
    absence.retitle(next.title());
    report.clear();
    report.happened(Kind.CHANGED, "");
  }

  private void observeSuccessor() {
    if (successor.isEmpty()) {
      return;
    }
    Successor starting = successor.get();
    starting.check();
    if (starting.hasTakenOver()) {
      takeOver(starting);
    } else if (starting.failure().isPresent()) {
      finish(starting.failure());
    }
  }

  /** Viewers see it already: the rest follows. */
  private void takeOver(Successor taken) {
    attempts.abandon().ifPresent(this::closeApart);
    taken.leaveGate();
    adopt(taken.task());
    attempts.goOnWith(taken.attempt());
    finish(Optional.empty());
  }

  /** It may take seconds. */
  private void closeApart(Attempt replaced) {
    leaving.removeIf(ended -> !ended.isAlive());
    Thread ending = Ffmpeg.daemon("stop " + id, replaced::close);
    leaving.add(ending);
    ending.start();
  }

  /** Where the old one had to end first: it comes back if the new one does not start. */
  private void observeTrial() {
    if (fallback.isEmpty()) {
      return;
    }
    Optional<Diagnosis> failure = attempts.failure();
    if (failure.isPresent()) {
      become(fallback.get());
      finish(failure);
    } else if (!attempts.isOnTrial()) {
      finish(Optional.empty());
    }
  }

  /** The change is over; tells who wanted it. */
  private void finish(Optional<Diagnosis> whyNot) {
    successor = Optional.empty();
    fallback = Optional.empty();
    wishes.answer(whyNot);
  }

  private void end() {
    giveUpSuccessor();
    attempts.close();
    leaving.forEach(Ffmpeg::join);
    wanted = false; // before looking at the wish, as replace() looks at it after
    finish(Optional.empty()); // nobody has lost anything
    wishes.end();
    report.stopped();
  }

  /** What it is doing. Any thread. */
  public CaptureStats stats() {
    return report.stats();
  }

  /** Whether what was captured at that time is of the source, and not a card. Any thread. */
  public boolean isOfSource(long captureMicros) {
    return rig.onAir().isOfSource(captureMicros);
  }

  /**
   * What its process wrote to stderr lately, or the one before as long as that has written nothing;
   * without credentials. Any thread.
   */
  public List<String> log() {
    return attempts.log();
  }

  /** Waits no longer for the next attempt; a publisher has come, or somebody asks. Any thread. */
  public void tryNow() {
    events.add(Event.TRY_NOW);
  }

  /**
   * Captures with other settings from now on. What is live is not given up before the new is there:
   * that starts beside it, and takes its place at the first keyframe. Where both need the same
   * device, the old one ends first, and comes back if the new one does not start. Any thread.
   *
   * @return empty when it is done, else why it goes on as before; completed on the capture's
   *     thread, which must not be kept waiting
   */
  public CompletableFuture<Optional<Diagnosis>> replace(CaptureTask next) {
    CompletableFuture<Optional<Diagnosis>> answer = wishes.add(next);
    events.add(Event.REPLACE);
    if (!wanted) {
      wishes.end();
    }
    return answer;
  }

  /** Begins anew, without waiting for anything. Any thread. */
  public void restart() {
    events.add(Event.RESTART);
  }

  /** Somebody watches from now on: the card, if there is one, comes at once. Any thread. */
  public void look() {
    events.add(Event.LOOK);
  }

  /** Stops the source; returns when its process is gone. Idempotent, any thread but its own. */
  @Override
  public void close() {
    wanted = false;
    events.add(Event.CLOSE);
    Ffmpeg.join(thread);
  }
}
