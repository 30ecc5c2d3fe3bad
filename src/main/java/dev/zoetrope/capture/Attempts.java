package dev.zoetrope.capture;

import static dev.zoetrope.capture.CaptureReport.seconds;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Handover.PictureForm;
import dev.zoetrope.capture.Incident.Kind;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The attempts at one task, one after the other: {@link Supervision} decides, and this does it.
 * Each begins when the gate lets it in; what an attempt fails for and can do without is not asked
 * for by the next.
 *
 * <p>Confined to the capture's thread, but for {@link #log}.
 */
final class Attempts {
  private static final Logger LOG = System.getLogger(Attempts.class.getName());

  /** Pictures without a keyframe among them for so long: who joins sees nothing. */
  private static final Duration MOST_KEYFRAME_DISTANCE = Duration.ofSeconds(10);

  private final Rig rig;
  private final CaptureReport report;
  private final Absence absence;
  private final Supervision supervision;
  private final SoundPause soundPause;
  private final Admission admission;

  private volatile Attempt attempt; // null: none is under way; log() reads it

  private CaptureTask task;
  private PictureForm pictures = PictureForm.COPIED;
  private Optional<Diagnosis> verdict = Optional.empty(); // for which the attempt was given up
  private boolean beginsAnew; // as soon as the attempt has ended
  private boolean isWithoutKeyframes;
  private boolean isOnTrial;
  private Optional<Diagnosis> failure = Optional.empty(); // of the trial

  /**
   * @param withoutSound how long the source plays without its sound, the first time it has to
   */
  Attempts(
      CaptureTask task, Rig rig, CaptureReport report, Absence absence, Duration withoutSound) {
    this.task = task;
    this.rig = rig;
    this.report = report;
    this.absence = absence;
    supervision = new Supervision(task.settings(), new Backoff(rig.workshop().random()), rig.now());
    soundPause = new SoundPause(withoutSound, rig.now());
    admission = rig.admission();
  }

  CaptureTask task() {
    return task;
  }

  /** Goes on with what is read the same way. */
  void adopt(CaptureTask other) {
    task = other;
    supervision.adopt(other.settings());
  }

  /** Until it is live, it is over with the first attempt that fails. */
  void putOnTrial() {
    isOnTrial = true;
  }

  boolean isOnTrial() {
    return isOnTrial;
  }

  /** Why the trial is over: {@link #check} has nothing to do any more. */
  Optional<Diagnosis> failure() {
    return failure;
  }

  CaptureState state() {
    return supervision.state();
  }

  boolean isWithoutKeyframes() {
    return isWithoutKeyframes;
  }

  /** In how many nanoseconds the next one begins, if that is known: less than 0 is at once. */
  Optional<Long> nextAttemptNanos() {
    return supervision.hasNextAttempt()
        ? Optional.of(supervision.nextAttemptNanos() - rig.now())
        : Optional.empty();
  }

  /** When {@link #check} is due, unless it is told before. */
  long checkNanos() {
    return supervision.checkNanos();
  }

  /** Does what is due. */
  void check() {
    observe();
    if (failure.isEmpty()) {
      obey(supervision.check(rig.now()));
    }
    observeKeyframes();
    lookForSound();
  }

  /** What the reading thread saw and did. */
  private void observe() {
    if (admission.take()) {
      begin();
    }
    Attempt running = attempt;
    if (running == null) {
      return;
    }
    if (running.hasPacket()) {
      CaptureState before = state();
      supervision.packets(running.packetNanos(), running.usualNanos());
      if (isLive() && before != CaptureState.LIVE) {
        live();
      }
    }
    if (isLive()) {
      absence.observe(rig.now());
    }
    if (running.isOver()) {
      over(running);
    }
  }

  private boolean isLive() {
    return state() == CaptureState.LIVE;
  }

  private void live() {
    admission.leave();
    report.clear();
    isOnTrial = false;
    absence.live();
  }

  private void obey(Supervision.Order order) {
    switch (order) {
      case NOTHING -> {
        // until the next event
      }
      case START -> queueUp();
      case TELL_STALLED -> {
        attempt.awaitPacket();
        absence.since(attempt.packetNanos());
        report.because(stalled());
        report.happened(Kind.STALLED, "nothing for " + silence());
      }
      case GIVE_UP -> {
        verdict =
            Optional.of(
                attempt.hasPacket()
                    ? stalled()
                    : Diagnosis.noStart(task.settings().startTimeout()));
        report.happened(Kind.KILLED, verdict.get().words());
        rig.onAir().dismiss(attempt.viewers());
        attempt.giveUp();
      }
    }
  }

  private Diagnosis stalled() {
    return Diagnosis.stalled(silence());
  }

  private String silence() {
    return seconds(rig.now() - attempt.packetNanos());
  }

  private void queueUp() {
    if (task.publishPoint().isPresent()) {
      begin(); // whoever has come is not kept waiting
    } else {
      admission.ask();
    }
  }

  private void begin() {
    verdict = Optional.empty();
    Handover handover = new Handover(pictures, soundPause.isOver(rig.now()));
    try {
      Optional<Input> opened = open(handover);
      if (opened.isEmpty()) {
        supervision.ended(rig.now(), Cause.NOBODY_PUBLISHES);
        report.because(Diagnosis.nobodyPublishes("nobody publishes at the moment"));
        return;
      }
      Input input = opened.get();
      supervision.begun(rig.now(), input.mayWait());
      if (input.mayWait()) {
        admission.leave();
        report.because(Diagnosis.nobodyPublishes("nobody publishes at the moment"));
        isOnTrial = false; // it may come at any time
      }
      report.happened(Kind.STARTED, "");
      attempt = rig.attempt(task, input, handover, rig.onAir().take());
      attempt.start();
    } catch (IOException e) {
      supervision.begun(rig.now(), false);
      failed(Diagnostician.of(task.source(), List.of(), e));
    }
  }

  private Optional<Input> open(Handover handover) throws IOException {
    return task.publishPoint().isPresent()
        ? task.publishPoint().get().take()
        : Optional.of(rig.open(task, handover));
  }

  private void over(Attempt ended) {
    if (isLive()) {
      absence.since(rig.now());
    }
    close(ended);
    admission.leave();
    Diagnosis cause =
        verdict.orElseGet(
            () -> Diagnostician.of(task.source(), ended.input().complaints(), ended.failure()));
    Optional<Handover> other = ended.instead(cause.cause());
    other.ifPresent(next -> change(ended.handover(), next));
    if (beginsAnew || other.isPresent()) {
      beginsAnew = false;
      supervision.endedToBeginAnew(rig.now()); // the next try cannot fail for this
      return;
    }
    if (verdict.isEmpty()) {
      report.happened(Kind.EXITED, cause.words());
    }
    boolean isPublished = task.publishPoint().isPresent() || ended.input().mayWait();
    if (isPublished && ended.hasPacket()) {
      publisherLeft(cause);
    } else {
      failed(cause);
    }
  }

  private void close(Attempt ended) {
    rig.onAir().dismiss(ended.viewers());
    ended.close();
    task.publishPoint().ifPresent(point -> point.release(ended.input()));
    report.wrote(ended.input().log());
    attempt = null;
  }

  private void change(Handover before, Handover next) {
    pictures = next.pictures();
    if (before.withSound() && !next.withSound()) {
      soundPause.begin(rig.now());
      LOG.log(Level.INFO, "{0}: its sound has not begun; captured without it", task.id());
    }
    if (before.pictures() != next.pictures() && next.pictures() == PictureForm.AS_JPEG) {
      LOG.log(Level.INFO, "{0}: its pictures cannot be copied; captured as JPEG", task.id());
    }
  }

  private void publisherLeft(Diagnosis cause) {
    LOG.log(Level.INFO, "{0}: the publisher left: {1}", task.id(), cause.words());
    report.because(Diagnosis.nobodyPublishes("the publisher left: " + cause.words()));
    if (task.publishPoint().map(PublishPoint::isOccupied).orElse(true)) {
      supervision.endedToBeginAnew(rig.now()); // for who took over, or calls next
    } else {
      supervision.ended(rig.now(), Cause.NOBODY_PUBLISHES);
    }
  }

  private void failed(Diagnosis cause) {
    admission.leave();
    if (isOnTrial) {
      failure = Optional.of(cause);
      return;
    }
    report.failed(cause);
    boolean isPublished = task.publishPoint().isPresent();
    supervision.ended(rig.now(), isPublished ? Cause.NOBODY_PUBLISHES : cause.cause());
    nextAttemptNanos().ifPresent(nanos -> report.again(cause, nanos));
  }

  private void observeKeyframes() {
    boolean wasWithout = isWithoutKeyframes;
    isWithoutKeyframes =
        isLive() && attempt.withoutKeyframeNanos() > MOST_KEYFRAME_DISTANCE.toNanos();
    if (isWithoutKeyframes && !wasWithout) {
      String text = "no keyframe for " + MOST_KEYFRAME_DISTANCE.toSeconds() + " s";
      report.happened(Kind.NO_KEYFRAMES, text);
      LOG.log(
          Level.WARNING,
          "{0}: {1}, so viewers wait for one: choose a shorter keyframe interval at the camera",
          task.id(),
          text);
    }
  }

  private void lookForSound() {
    boolean playsWithout = isLive() && !attempt.handover().withSound();
    if (playsWithout && soundPause.isOver(rig.now()) && !beginsAnew) {
      LOG.log(Level.INFO, "{0}: looking for its sound", task.id());
      beginsAnew = true;
      attempt.giveUp();
    }
  }

  /** Waits no longer for the next one. */
  void tryNow() {
    supervision.tryNow(rig.now());
  }

  /** Begins another. Not for a failure: nothing of it is told. */
  void beginAnew() {
    if (attempt == null) {
      tryNow();
    } else if (!beginsAnew) {
      beginsAnew = true;
      report.happened(Kind.CHANGED, "begins anew");
      attempt.giveUp();
    }
  }

  /** Goes on with one that viewers see already. */
  void goOnWith(Attempt taken) {
    attempt = taken;
    pictures = taken.handover().pictures();
    if (!taken.handover().withSound()) {
      soundPause.begin(rig.now());
    }
    supervision.check(rig.now()); // the order to start, which is done
    supervision.begun(rig.now(), false);
    // Its first packet is on its way to the viewers, and noted when it is there.
    long packetNanos = taken.hasPacket() ? taken.packetNanos() : rig.now();
    supervision.packets(packetNanos, taken.usualNanos());
    live();
  }

  /** Does nothing more. What is under way is the caller's to close. */
  Optional<Attempt> abandon() {
    admission.leave();
    return Optional.ofNullable(attempt);
  }

  /** Ends what is under way; returns when its process is gone. */
  void close() {
    admission.leave();
    Attempt running = attempt;
    if (running != null) {
      if (isLive()) {
        absence.since(rig.now());
      }
      close(running);
    }
  }

  /** What the one under way has written, or the one before as long as that has nothing. */
  List<String> log() {
    Attempt running = attempt;
    List<String> newest = running == null ? List.of() : running.input().log();
    return newest.isEmpty() ? report.log() : newest;
  }
}
