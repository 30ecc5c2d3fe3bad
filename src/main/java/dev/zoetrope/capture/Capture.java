package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.FfmpegCommand.PictureForm;
import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps one source running from construction to {@link #close}: starts it, watches it, starts it
 * again, and shows viewers a card while it is not there.
 *
 * <p>What is wanted (to run, until it is closed) is kept apart from what is: {@link Supervision}
 * decides, and this does it, on the thread {@code capture <source>}. The packets are read by the
 * thread of the {@link Attempt} under way.
 */
public final class Capture implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Capture.class.getName());

  /** A source that was live and is not there again after so long shows a card; most are. */
  private static final Duration QUICK_RETURN = Duration.ofSeconds(2);

  /** The same at first, of one that is tried again: the first try may fail for a trifle. */
  private static final Duration QUICK_SECOND_TRY = Duration.ofSeconds(5);

  /** The same at first, of one that starts: a card would come before its first keyframe. */
  private static final Duration QUICK_START = Duration.ofSeconds(8);

  /** How long a source plays without its sound, when sound hindered its start, before a new try. */
  private static final Duration WITHOUT_SOUND = Duration.ofMinutes(1);

  /** That time doubles with each try in vain, up to this. */
  private static final Duration MOST_WITHOUT_SOUND = Duration.ofHours(1);

  /** Pictures without a keyframe among them for so long: who joins sees nothing. */
  private static final Duration MOST_KEYFRAME_DISTANCE = Duration.ofSeconds(10);

  /** The longest sleep: what nobody tells is seen then. */
  private static final Duration MOST_SLEEP = Duration.ofSeconds(1);

  /** After an error of ours: it shall not come a thousand times a second. */
  private static final Duration BREATH = Duration.ofMillis(200);

  /** What wakes the capture's thread. */
  private enum Event {
    /** The gate lets it in. */
    ADMITTED,
    /** An awaited packet came, or the attempt is over. */
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

  private final Workshop workshop;
  private final CaptureOwner owner;
  private final Inputs inputs;
  private final OnAir onAir;
  private final Thread thread;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final AtomicReference<Change> wish = new AtomicReference<>(); // null: none is waiting

  private volatile boolean wanted = true;
  private volatile CaptureStats stats;
  private volatile Attempt attempt; // null: none is under way
  private volatile List<String> log = List.of(); // of the newest attempt that ended and has one

  // Confined to the capture thread.
  private CaptureTask task;
  private Supervision supervision;
  private Optional<Change> change = Optional.empty(); // under way
  private Optional<Successor> successor = Optional.empty(); // of the change
  private Optional<CaptureTask> fallback = Optional.empty(); // of the change, should it fail
  private final List<Thread> leaving = new ArrayList<>(); // they end what was replaced
  private final CardShow cards;
  private Optional<StartGate.Ticket> ticket = Optional.empty();
  private boolean isAdmitted; // to begin an attempt
  private long restarts;
  private Optional<Diagnosis> why = Optional.empty(); // it is not live
  private Optional<Diagnosis> verdict = Optional.empty(); // for which the attempt was given up
  private String logged = ""; // the failure that was logged since it was live
  private boolean wasLive; // ever
  private boolean isTold; // that it is lost
  private long goneNanos; // when there was something to see last, or the start
  private boolean isWithoutKeyframes;
  private boolean beginsAnew; // as soon as the attempt has ended
  private long soundFromNanos; // before, sound is left out
  private Duration withoutSound; // the next time
  private PictureForm pictureForm = PictureForm.COPIED;

  /**
   * Starts at once.
   *
   * @param sink gets the packets and, while they are missing, the cards, on one timeline
   */
  public Capture(CaptureTask task, Workshop workshop, CaptureOwner owner, Sink<Packet> sink) {
    this(task, workshop, owner, sink, WITHOUT_SOUND);
  }

  Capture(
      CaptureTask task,
      Workshop workshop,
      CaptureOwner owner,
      Sink<Packet> sink,
      Duration withoutSound) {
    this.task = task;
    this.workshop = workshop;
    this.owner = owner;
    this.withoutSound = withoutSound;
    inputs = new Inputs(workshop.ffmpeg(), workshop.wallMicros(), owner::wrongKey);
    long now = now();
    soundFromNanos = now;
    goneNanos = now;
    onAir = new OnAir(new SteadyClock(sink, workshop.nanoTime()));
    cards = new CardShow(task.title(), onAir, owner, workshop.wallMicros());
    supervision = new Supervision(task.settings(), new Backoff(workshop.random()), now);
    stats =
        new CaptureStats(
            CaptureState.STARTING, wall(), 0, Optional.empty(), Optional.empty(), false);
    thread = Ffmpeg.daemon("capture " + task.id(), this::keepRunning);
    thread.start();
  }

  private long now() {
    return workshop.nanoTime().getAsLong();
  }

  private Instant wall() {
    return Instant.EPOCH.plus(workshop.wallMicros().getAsLong(), ChronoUnit.MICROS);
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
      observe();
      obey(supervision.check(now()));
      observeKeyframes();
      lookForSound();
      show();
      tell();
    } catch (RuntimeException e) { // ours: this source suffers, the others go on
      LOG.log(Level.ERROR, "capture " + task.id() + " broke an invariant", e);
      TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
    }
    long nanos = nextNanos() - now();
    Event event = nanos <= 0 ? events.poll() : events.poll(nanos, TimeUnit.NANOSECONDS);
    if (event != null) {
      handle(event);
    }
  }

  private void handle(Event event) {
    switch (event) {
      case ADMITTED -> isAdmitted = true;
      case TRY_NOW -> supervision.tryNow(now());
      case LOOK -> cards.hurry(now());
      case REPLACE -> begin(Optional.ofNullable(wish.getAndSet(null)));
      case RESTART -> beginAnew();
      case CHANGED, CLOSE -> {
        // step() sees for itself
      }
    }
  }

  private long nextNanos() {
    long now = now();
    long next = Math.min(supervision.checkNanos(), now + MOST_SLEEP.toNanos());
    next = Math.min(next, successor.map(Successor::checkNanos).orElse(next));
    return Math.min(next, cards.isOn() ? cards.nextNanos(now) : cardDueNanos());
  }

  /** What the reading thread saw and did. */
  private void observe() {
    if (isAdmitted) {
      begin();
    }
    Attempt running = attempt;
    if (running == null) {
      return;
    }
    if (running.hasPacket()) {
      CaptureState before = supervision.state();
      supervision.packets(running.packetNanos(), running.usualNanos());
      if (supervision.state() == CaptureState.LIVE && before != CaptureState.LIVE) {
        live();
      }
    }
    boolean isSeen = supervision.state() == CaptureState.LIVE && !onAir.showsCard();
    if (isSeen && (cards.isOn() || isTold)) { // a loss at the start may end before its card is due
      seenAgain();
    }
    if (running.isOver()) {
      over(running);
    }
  }

  private void obey(Supervision.Order order) {
    switch (order) {
      case NOTHING -> {
        // until the next event
      }
      case START -> queueUp();
      case TELL_STALLED -> {
        attempt.awaitPacket();
        goneNanos = attempt.packetNanos();
        why = Optional.of(stalled());
        happened(Kind.STALLED, "nothing for " + seconds(now() - goneNanos));
      }
      case GIVE_UP -> {
        verdict = Optional.of(attempt.hasPacket() ? stalled() : noStart(task));
        happened(Kind.KILLED, verdict.get().words());
        onAir.dismiss(attempt.viewers());
        attempt.giveUp();
      }
    }
  }

  private void queueUp() {
    if (task.publishPoint().isPresent()) {
      isAdmitted = true; // whoever has come is not kept waiting
      begin();
    } else {
      ticket = Optional.of(workshop.gate().enter(() -> events.add(Event.ADMITTED)));
    }
  }

  private void leaveGate() {
    ticket.ifPresent(StartGate.Ticket::close);
    ticket = Optional.empty();
  }

  private void begin() {
    isAdmitted = false;
    try {
      Optional<Input> opened = open();
      if (opened.isEmpty()) {
        supervision.ended(now(), Cause.NOBODY_PUBLISHES);
        why = Optional.of(nobodyPublishes("nobody publishes at the moment"));
        return;
      }
      Input input = opened.get();
      supervision.begun(now(), input.mayWait());
      if (input.mayWait()) {
        leaveGate();
        why = Optional.of(nobodyPublishes("nobody publishes at the moment"));
        settle(); // it may come at any time
      }
      happened(Kind.STARTED, "");
      attempt =
          new Attempt(
              task.id().value(),
              input,
              isSoundDue(),
              onAir.take(),
              workshop.nanoTime(),
              () -> events.add(Event.CHANGED));
      attempt.start();
    } catch (IOException e) {
      supervision.begun(now(), false);
      failed(diagnose(task.source(), List.of(), e));
    }
  }

  private Optional<Input> open() throws IOException {
    return task.publishPoint().isPresent()
        ? task.publishPoint().get().take()
        : Optional.of(
            inputs.open(
                task.id(), task.source(), pictureForm, isSoundDue(), task.settings().limits()));
  }

  private boolean isSoundDue() {
    return now() - soundFromNanos >= 0;
  }

  private void live() {
    leaveGate();
    why = Optional.empty();
    logged = "";
    settle();
    if (!wasLive) {
      wasLive = true;
      if (!isTold) {
        happened(Kind.FIRST_FRAME, "");
      }
    }
  }

  /** The source has taken the place of the card, or of nothing. */
  private void seenAgain() {
    cards.end();
    if (isTold) {
      isTold = false;
      happened(Kind.RECOVERED, "after " + seconds(now() - goneNanos));
      LOG.log(Level.INFO, "{0}: live again", task.id());
    }
  }

  private void over(Attempt ended) {
    boolean wasSeen = supervision.state() == CaptureState.LIVE;
    if (wasSeen) {
      goneNanos = now();
    }
    close(ended);
    leaveGate();
    IOException failure = ended.failure();
    boolean isSoundMissing =
        ended.withSound() && !ended.hasPacket() && failure instanceof SoundMissingException;
    boolean isUncopiable =
        pictureForm != PictureForm.AS_JPEG && failure instanceof UncopiablePictureException;
    if (isSoundMissing) {
      leaveSoundOut();
    } else if (isUncopiable) {
      pictureForm = PictureForm.AS_JPEG;
      LOG.log(Level.INFO, "{0}: its pictures cannot be copied; captured as JPEG", task.id());
    }
    if (beginsAnew || isSoundMissing || isUncopiable) {
      beginsAnew = false;
      supervision.endedToBeginAnew(now()); // the next try cannot fail for this
      return;
    }
    Diagnosis cause =
        verdict.orElseGet(() -> diagnose(task.source(), ended.input().complaints(), failure));
    if (cause.cause() == Cause.NO_PICTURE && pictureForm == PictureForm.COPIED) {
      pictureForm = PictureForm.COPIED_LATE;
      supervision.endedToBeginAnew(now());
      return;
    }
    if (verdict.isEmpty()) {
      happened(Kind.EXITED, cause.words());
    }
    verdict = Optional.empty();
    boolean isPublished = task.publishPoint().isPresent() || ended.input().mayWait();
    if (isPublished && ended.hasPacket()) {
      publisherLeft(cause);
    } else {
      failed(cause);
    }
  }

  private void close(Attempt ended) {
    onAir.dismiss(ended.viewers());
    ended.close();
    task.publishPoint().ifPresent(point -> point.release(ended.input()));
    List<String> written = ended.input().log();
    log = written.isEmpty() ? log : written;
    attempt = null;
  }

  private void leaveSoundOut() {
    soundFromNanos = now() + withoutSound.toNanos();
    Duration doubled = withoutSound.multipliedBy(2);
    withoutSound = doubled.compareTo(MOST_WITHOUT_SOUND) > 0 ? MOST_WITHOUT_SOUND : doubled;
    LOG.log(Level.INFO, "{0}: its sound has not begun; captured without it", task.id());
  }

  private void publisherLeft(Diagnosis cause) {
    LOG.log(Level.INFO, "{0}: the publisher left: {1}", task.id(), cause.words());
    why = Optional.of(nobodyPublishes("the publisher left: " + cause.words()));
    if (task.publishPoint().map(PublishPoint::isOccupied).orElse(true)) {
      supervision.endedToBeginAnew(now()); // for who took over, or calls next
    } else {
      supervision.ended(now(), Cause.NOBODY_PUBLISHES);
    }
  }

  private void failed(Diagnosis cause) {
    leaveGate();
    if (fallback.isPresent()) {
      become(fallback.get());
      finish(Optional.of(cause));
      return;
    }
    restarts++;
    why = Optional.of(cause);
    supervision.ended(
        now(), task.publishPoint().isPresent() ? Cause.NOBODY_PUBLISHES : cause.cause());
    if (supervision.hasNextAttempt()) {
      String wait = seconds(supervision.nextAttemptNanos() - now());
      happened(Kind.BACK_OFF, "next attempt in " + wait);
      if (!cause.words().equals(logged)) { // repeated failures once
        LOG.log(Level.WARNING, "{0}: {1}; again in {2}", task.id(), cause.words(), wait);
      }
      logged = cause.words();
    }
  }

  /** What somebody wants changed. Immutable, but for the answer. */
  private record Change(CaptureTask task, CompletableFuture<Optional<Diagnosis>> answer) {}

  private void begin(Optional<Change> wished) {
    if (wished.isEmpty()) {
      return; // a later one has been seen to
    }
    successor.ifPresent(Successor::giveUp);
    if (successor.isPresent() && successor.get().hasTakenOver()) {
      takeOver(successor.get());
    }
    finish(Optional.of(overtaken()));
    change = wished;
    CaptureTask next = wished.get().task();
    boolean isLive =
        supervision.state() == CaptureState.LIVE || supervision.state() == CaptureState.STALLED;
    if (next.isReadAs(task)) {
      task = next;
      supervision.adopt(task.settings());
      cards.retitle(task.title());
      finish(Optional.empty());
    } else if (!isLive || next.isBrought() || task.isBrought()) { // nothing can be lost, or tried
      become(next);
      finish(Optional.empty());
    } else if (next.canRunBeside(task)) {
      Runnable changed = () -> events.add(Event.CHANGED);
      successor = Optional.of(new Successor(next, workshop, inputs, onAir, changed));
    } else {
      CaptureTask before = task;
      become(next);
      fallback = Optional.of(before);
    }
  }

  /** Ends what runs, and starts that in its place; viewers see the card where it takes long. */
  private void become(CaptureTask next) {
    boolean wasSeen = attempt != null && supervision.state() == CaptureState.LIVE;
    if (wasSeen) {
      goneNanos = now();
    }
    leaveGate();
    if (attempt != null) {
      close(attempt);
    }
    adopt(next, PictureForm.COPIED);
    happened(Kind.CHANGED, "");
  }

  private void adopt(CaptureTask next, PictureForm form) {
    task = next;
    pictureForm = form;
    supervision = new Supervision(next.settings(), new Backoff(workshop.random()), now());
    cards.retitle(next.title());
    isAdmitted = false;
    beginsAnew = false;
    soundFromNanos = now();
    withoutSound = WITHOUT_SOUND;
    why = Optional.empty();
    verdict = Optional.empty();
    logged = "";
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
      successor = Optional.empty();
      finish(starting.failure());
    }
  }

  /** Viewers see it already: the rest follows. */
  private void takeOver(Successor taken) {
    leaveGate();
    Attempt before = attempt;
    if (before != null) {
      leaving.removeIf(thread -> !thread.isAlive());
      Thread ending = Ffmpeg.daemon("stop " + task.id(), before::close);
      leaving.add(ending);
      ending.start(); // it may take seconds
    }
    adopt(taken.task(), taken.pictureForm());
    attempt = taken.attempt();
    if (!attempt.withSound()) {
      soundFromNanos = now() + withoutSound.toNanos();
    }
    supervision.check(now()); // the order to start, which is done
    supervision.begun(now(), false);
    supervision.packets(attempt.packetNanos(), attempt.usualNanos());
    successor = Optional.empty();
    taken.leaveGate();
    happened(Kind.CHANGED, "");
    live();
    finish(Optional.empty());
  }

  /** There is no way back any more. */
  private void settle() {
    if (fallback.isPresent()) {
      finish(Optional.empty());
    }
  }

  /** Tells who wanted the change. */
  private void finish(Optional<Diagnosis> whyNot) {
    change.ifPresent(done -> done.answer().complete(whyNot));
    change = Optional.empty();
    successor = Optional.empty();
    fallback = Optional.empty();
  }

  private void endWish() {
    Change waiting = wish.getAndSet(null);
    if (waiting != null) {
      waiting.answer().complete(Optional.empty());
    }
  }

  private static Diagnosis overtaken() {
    return new Diagnosis(Cause.UNKNOWN, "somebody changed it once more before it started", "");
  }

  /** Not for a failure: nothing of it is told. */
  private void beginAnew() {
    if (attempt == null) {
      supervision.tryNow(now());
    } else if (!beginsAnew) {
      beginsAnew = true;
      happened(Kind.CHANGED, "begins anew");
      attempt.giveUp();
    }
  }

  private void observeKeyframes() {
    Attempt running = attempt;
    boolean isMissing =
        running != null
            && supervision.state() == CaptureState.LIVE
            && running.withoutKeyframeNanos() > MOST_KEYFRAME_DISTANCE.toNanos();
    if (isMissing && !isWithoutKeyframes) {
      String text = "no keyframe for " + MOST_KEYFRAME_DISTANCE.toSeconds() + " s";
      happened(Kind.NO_KEYFRAMES, text);
      LOG.log(
          Level.WARNING,
          "{0}: {1}, so viewers wait for one: choose a shorter keyframe interval at the camera",
          task.id(),
          text);
    }
    isWithoutKeyframes = isMissing;
  }

  private void lookForSound() {
    Attempt running = attempt;
    boolean playsWithout =
        running != null && !running.withSound() && supervision.state() == CaptureState.LIVE;
    if (playsWithout && isSoundDue() && !beginsAnew) {
      LOG.log(Level.INFO, "{0}: looking for its sound", task.id());
      beginsAnew = true;
      running.giveUp();
    }
  }

  /** When a card is due that is not shown yet. */
  private long cardDueNanos() {
    return switch (supervision.state()) {
      case LIVE, IDLE -> Long.MAX_VALUE;
      case STARTING -> goneNanos + (wasLive ? QUICK_RETURN : QUICK_START).toNanos();
      case WAITING, FAILED ->
          wasLive || isForPublisher() ? Long.MIN_VALUE : goneNanos + QUICK_SECOND_TRY.toNanos();
      case STALLED, ENDED -> Long.MIN_VALUE;
    };
  }

  private void show() {
    long now = now();
    if (isLost() && !isTold) {
      isTold = true;
      happened(Kind.LOST, why.map(Diagnosis::words).orElse(""));
    }
    if (now >= cardDueNanos()) {
      cards.begin(words(), goneNanos, now);
    }
    cards.goOn(now);
  }

  private boolean isLost() {
    return switch (supervision.state()) {
      case STALLED, FAILED -> true;
      case WAITING -> wasLive || !isForPublisher(); // nobody misses one who never came
      case IDLE, STARTING, LIVE, ENDED -> false;
    };
  }

  private boolean isForPublisher() {
    return why.map(reason -> reason.cause() == Cause.NOBODY_PUBLISHES).orElse(false);
  }

  private String words() {
    if (supervision.state() == CaptureState.ENDED) {
      return "THE END";
    }
    return wasLive ? "SIGNAL LOST" : "WAITING FOR THE PICTURE";
  }

  private void happened(Kind kind, String text) {
    owner.happened(new Incident(wall(), kind, text), why);
  }

  /** What anybody may ask. */
  private void tell() {
    CaptureState state = supervision.state();
    Instant since = state == stats.state() ? stats.since() : wall();
    Optional<Instant> next =
        supervision.hasNextAttempt()
            ? Optional.of(wall().plusNanos(Math.max(0, supervision.nextAttemptNanos() - now())))
            : Optional.empty();
    stats = new CaptureStats(state, since, restarts, why, next, isWithoutKeyframes);
  }

  private void end() {
    leaveGate();
    Attempt running = attempt;
    if (running != null) {
      close(running);
    }
    successor.ifPresent(Successor::giveUp);
    leaving.forEach(Ffmpeg::join);
    wanted = false; // before looking at the wish, as replace() looks at it after
    finish(Optional.empty()); // nobody has lost anything
    endWish();
    happened(Kind.STOPPED, "");
    stats = CaptureStats.idle(wall(), restarts);
  }

  static Diagnosis diagnose(Source source, List<String> stderr, IOException failure) {
    String end = String.valueOf(failure.getMessage());
    if (failure instanceof SourceEndedException) {
      return new Diagnosis(Cause.ENDED, end, "");
    }
    if (failure instanceof DeniedHostException) {
      return new Diagnosis(
          Cause.DENIED_HOST,
          end,
          "The list is denyHosts in zoetrope.yaml; the server's admin sets it.");
    }
    if (failure instanceof OverLimitException) {
      return new Diagnosis(
          Cause.OVER_LIMIT, end, "Raise the limit under process:, or make the source smaller.");
    }
    return Diagnostician.of(source, stderr, end);
  }

  private Diagnosis stalled() {
    return new Diagnosis(
        Cause.STALLED,
        "no picture for " + seconds(now() - attempt.packetNanos()) + ", without an error",
        "It is started anew by itself. If that happens often, look at the network and at how busy"
            + " the camera is.");
  }

  static Diagnosis noStart(CaptureTask task) {
    return new Diagnosis(
        Cause.NO_START,
        "no picture within " + task.settings().startTimeout().toSeconds() + " s, and no error",
        "See whether the source sends anything; where it is only slow, set a longer startTimeout.");
  }

  private static Diagnosis nobodyPublishes(String words) {
    return new Diagnosis(
        Cause.NOBODY_PUBLISHES,
        words,
        "Start the program that sends the picture; the page of this source tells address and key.");
  }

  private static String seconds(long nanos) {
    return nanos < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
        : Math.round(nanos / 1e9) + " s";
  }

  /** What it is doing. Any thread. */
  public CaptureStats stats() {
    return stats;
  }

  /** Whether what was captured at that time is of the source, and not a card. Any thread. */
  public boolean isOfSource(long captureMicros) {
    return onAir.isOfSource(captureMicros);
  }

  /**
   * What its process wrote to stderr lately, or the one before as long as that has written nothing;
   * without credentials. Any thread.
   */
  public List<String> log() {
    Attempt running = attempt;
    List<String> newest = running == null ? List.of() : running.input().log();
    return newest.isEmpty() ? log : newest;
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
    Change wished = new Change(next, new CompletableFuture<>());
    Change before = wish.getAndSet(wished);
    if (before != null) {
      before.answer().complete(Optional.of(overtaken()));
    }
    events.add(Event.REPLACE);
    if (!wanted) {
      endWish();
    }
    return wished.answer();
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
