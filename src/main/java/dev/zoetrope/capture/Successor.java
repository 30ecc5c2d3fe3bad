package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A source that starts beside the one that viewers see, and takes its place at its first keyframe.
 * If it does not start in time, or ends before, it has failed and nobody has seen anything of it.
 *
 * <p>Confined to the capture's thread.
 */
final class Successor {
  private final CaptureTask task;
  private final Rig rig;
  private final Admission admission;

  private Handover handover = Handover.WHOLE;
  private Attempt attempt; // null while none is under way
  private Sink<Packet> sink; // that of attempt
  private long deadlineNanos = Long.MAX_VALUE;
  private Optional<Diagnosis> failure = Optional.empty();

  /** Starts as soon as the gate lets it in. */
  Successor(CaptureTask task, Rig rig) {
    this.task = task;
    this.rig = rig;
    admission = rig.admission();
    admission.ask();
  }

  /** Does what is due. */
  void check() {
    if (failure.isPresent() || hasTakenOver()) {
      return;
    }
    if (attempt == null) {
      if (admission.take()) {
        begin();
      }
    } else if (attempt.isOver()) {
      over();
    } else if (rig.now() >= deadlineNanos) {
      rig.onAir().dismissSuccessor();
      if (!hasTakenOver()) { // it may have, in this moment
        fail(Diagnosis.noStart(task.settings().startTimeout()));
      }
    }
  }

  private void begin() {
    deadlineNanos = rig.now() + task.settings().startTimeout().toNanos();
    try {
      Input input = rig.open(task, handover);
      sink = rig.onAir().succeed(rig.changed());
      attempt = rig.attempt(task, input, handover, sink);
      attempt.start();
    } catch (IOException e) {
      fail(Diagnostician.of(task.source(), List.of(), e));
    }
  }

  private void over() {
    Diagnosis cause = Diagnostician.of(task.source(), attempt.input().log(), attempt.failure());
    Optional<Handover> other = attempt.instead(cause.cause());
    if (other.isEmpty()) {
      fail(cause);
      return;
    }
    handover = other.get();
    leave();
    begin();
  }

  private void fail(Diagnosis cause) {
    failure = Optional.of(cause);
    leave();
    admission.leave();
  }

  private void leave() {
    rig.onAir().dismissSuccessor();
    if (attempt != null) {
      attempt.close();
      attempt = null;
    }
  }

  /** Whether viewers see this one. From then on its attempt is the caller's. */
  boolean hasTakenOver() {
    return attempt != null && rig.onAir().isTaken(sink);
  }

  /** Why viewers will not see this one; it has left nothing behind. */
  Optional<Diagnosis> failure() {
    return failure;
  }

  /** When {@link #check} is due, unless it is told before. */
  long checkNanos() {
    return deadlineNanos;
  }

  CaptureTask task() {
    return task;
  }

  /** What is under way, as long as {@link #hasTakenOver}. */
  Attempt attempt() {
    return attempt;
  }

  /** It is over with the start, well or not: the next one may. */
  void leaveGate() {
    admission.leave();
  }

  /** Ends it, unless it has taken over; returns when its process is gone. */
  void giveUp() {
    rig.onAir().dismissSuccessor();
    if (!hasTakenOver()) {
      leave();
    }
    admission.leave();
  }
}
