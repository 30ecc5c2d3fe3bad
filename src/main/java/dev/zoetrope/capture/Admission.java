package dev.zoetrope.capture;

import java.util.Optional;

/**
 * One capture's place at the gate: in the queue before it, or inside. Confined to the capture's
 * thread.
 */
final class Admission {
  private final StartGate gate;
  private final Runnable granted;
  private Optional<StartGate.Ticket> ticket = Optional.empty();
  private volatile boolean isGranted; // by the gate, on any thread

  /**
   * @param granted called when {@link #take} has something to give; any thread
   */
  Admission(StartGate gate, Runnable granted) {
    this.gate = gate;
    this.granted = granted;
  }

  /** Queues up, once, however often somebody is impatient. */
  void ask() {
    if (ticket.isEmpty()) {
      ticket = Optional.of(gate.enter(this::grant));
    }
  }

  private void grant() {
    isGranted = true;
    granted.run();
  }

  /** Whether it was let in since it asked; to be told once. */
  boolean take() {
    boolean isIn = isGranted;
    isGranted = false;
    return isIn;
  }

  /** The start is over, well or not, or not wanted any more: the next one may. Idempotent. */
  void leave() {
    ticket.ifPresent(StartGate.Ticket::close);
    ticket = Optional.empty();
  }
}
