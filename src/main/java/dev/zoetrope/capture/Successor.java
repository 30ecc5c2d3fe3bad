package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A source that starts beside the one that viewers see, and takes its place at its first keyframe.
 * If it does not start in time, or ends before, it has failed and nobody has seen anything of it.
 *
 * <p>Confined to the capture's thread.
 */
final class Successor {
  private final CaptureTask task;
  private final Inputs inputs;
  private final OnAir onAir;
  private final LongSupplier nanoTime;
  private final Runnable changed;
  private final StartGate.Ticket ticket;

  private volatile boolean isAdmitted; // by the gate, on any thread

  private Handover handover = Handover.WHOLE;
  private Attempt attempt; // null while none is under way
  private Sink<Packet> sink; // that of attempt
  private long deadlineNanos = Long.MAX_VALUE;
  private Optional<Diagnosis> failure = Optional.empty();

  /**
   * @param changed called when {@link #check} has something to see; any thread
   */
  Successor(CaptureTask task, Workshop workshop, Inputs inputs, OnAir onAir, Runnable changed) {
    this.task = task;
    this.inputs = inputs;
    this.onAir = onAir;
    this.nanoTime = workshop.nanoTime();
    this.changed = changed;
    ticket =
        workshop
            .gate()
            .enter(
                () -> {
                  isAdmitted = true;
                  changed.run();
                });
  }

  /** Does what is due. */
  void check() {
    if (failure.isPresent() || hasTakenOver()) {
      return;
    }
    if (attempt == null) {
      if (isAdmitted) {
        begin();
      }
    } else if (attempt.isOver()) {
      over();
    } else if (nanoTime.getAsLong() >= deadlineNanos) {
      onAir.dismissSuccessor();
      if (!hasTakenOver()) { // it may have, in this moment
        fail(Capture.noStart(task));
      }
    }
  }

  private void begin() {
    deadlineNanos = nanoTime.getAsLong() + task.settings().startTimeout().toNanos();
    try {
      Input input =
          inputs.open(task.id(), task.source(), handover, task.settings().limits());
      sink = onAir.succeed(changed);
      attempt = new Attempt(task.id().value(), input, handover, sink, nanoTime, changed);
      attempt.start();
    } catch (IOException e) {
      fail(Capture.diagnose(task.source(), List.of(), e));
    }
  }

  private void over() {
    Diagnosis cause =
        Capture.diagnose(task.source(), attempt.input().log(), attempt.failure());
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
    ticket.close();
  }

  private void leave() {
    onAir.dismissSuccessor();
    if (attempt != null) {
      attempt.close();
      attempt = null;
    }
  }

  /** Whether viewers see this one. From then on its attempt is the caller's. */
  boolean hasTakenOver() {
    return attempt != null && onAir.isTaken(sink);
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
    ticket.close();
  }

  /** Ends it, unless it has taken over; returns when its process is gone. */
  void giveUp() {
    onAir.dismissSuccessor();
    if (!hasTakenOver()) {
      leave();
    }
    ticket.close();
  }
}
