package dev.zoetrope.capture;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets only so many captures start at a time, the others in the order in which they came: after a
 * power cut fifty cameras come back, but not fifty processes in one moment. Thread-safe.
 */
public final class StartGate {
  private final int most;

  // Guarded by this.
  private int taken;
  private final Deque<Ticket> queue = new ArrayDeque<>();

  /**
   * @param most starts at a time, at least 1
   */
  public StartGate(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("starts at a time: expected 1 or more, got " + most);
    }
    this.most = most;
  }

  /**
   * Queues up.
   *
   * @param open called once, without a lock, on this thread or that of whoever made room; it must
   *     not block
   */
  Ticket enter(Runnable open) {
    Ticket ticket = new Ticket(open);
    synchronized (this) {
      if (taken == most) {
        queue.addLast(ticket);
        return ticket;
      }
      taken++;
      ticket.isIn = true;
    }
    open.run();
    return ticket;
  }

  /** A place in the queue, then a place inside; closed when the start is over, either way. */
  final class Ticket implements AutoCloseable {
    private final Runnable open;

    // Guarded by the gate.
    private boolean isIn;
    private boolean closed;

    private Ticket(Runnable open) {
      this.open = open;
    }

    /** Idempotent, any thread. */
    @Override
    public void close() {
      Ticket next;
      synchronized (StartGate.this) {
        if (closed) {
          return;
        }
        closed = true;
        if (!isIn) {
          queue.remove(this);
          return;
        }
        next = queue.pollFirst();
        if (next == null) {
          taken--;
          return;
        }
        next.isIn = true;
      }
      next.open.run();
    }
  }
}
