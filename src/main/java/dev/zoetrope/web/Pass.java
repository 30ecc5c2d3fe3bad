package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.Gate;
import dev.zoetrope.access.Grant;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Audience;
import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import java.util.function.Consumer;

/**
 * A visitor's permission to watch one source by one way, until it is closed or ends by itself. When
 * the source's audience changes, it is asked for anew. Thread-safe.
 */
final class Pass implements AutoCloseable {
  private static final String ENDED = "you may not watch this source any more";

  private final Gate gate;
  private final Channel channel;
  private final Visitor visitor;
  private final String way;
  private final Runnable look = this::look;

  private final Object asking = new Object(); // one at a time; taken before this

  // Guarded by this.
  private Audience audience; // that it was asked for
  private Grant grant; // null: none, or none any more
  private Consumer<String> cut; // null: there is nobody to cut yet
  private String ended = ""; // why it ended by itself; empty unless it has
  private boolean held; // by a lease
  private boolean closed;

  private Pass(Gate gate, Channel channel, Visitor visitor, String way) {
    this.gate = gate;
    this.channel = channel;
    this.visitor = visitor;
    this.way = way;
  }

  /**
   * Asks for one.
   *
   * @param way the word of the address
   */
  static Pass of(Gate gate, Channel channel, Visitor visitor, String way) throws DeniedException {
    Pass pass = new Pass(gate, channel, visitor, way);
    channel.watchAudience(pass.look); // before asking: so no change is missed
    try {
      pass.ask();
      return pass;
    } catch (DeniedException | RuntimeException e) {
      pass.giveBack();
      throw e;
    }
  }

  private void ask() throws DeniedException {
    synchronized (asking) {
      Audience newest = channel.settings().audience();
      Grant before;
      synchronized (this) {
        if (closed || newest.equals(audience)) {
          return;
        }
        audience = newest;
        before = grant;
        grant = null;
      }
      if (before != null) {
        before.close(); // first: a link's last place may be this one
      }
      Grant given = gate.admit(visitor, newest.protection(), channel.id(), way);
      boolean isLate;
      synchronized (this) {
        isLate = closed;
        grant = isLate ? null : given;
      }
      if (isLate) {
        given.close();
      } else {
        given.onEnd(() -> end(given, ENDED));
      }
    }
  }

  /** On the timer. */
  private void look() {
    try {
      ask();
    } catch (DeniedException e) {
      end(null, e.getMessage());
    }
  }

  /**
   * @param of the one that has ended; null where none was given
   */
  private void end(Grant of, String why) {
    Consumer<String> due;
    synchronized (this) {
      boolean isOfNow = of == null ? grant == null : of.equals(grant);
      if (closed || !ended.isEmpty() || !isOfNow) {
        return;
      }
      ended = why;
      due = cut;
    }
    if (due != null) {
      due.accept(why);
    }
  }

  /** Calls {@code action}, once, with the reason when it ends by itself; at once if it has. */
  void onEnd(Consumer<String> action) {
    String already;
    synchronized (this) {
      cut = action;
      already = ended;
    }
    if (!already.isEmpty()) {
      action.accept(already);
    }
  }

  /** Leaves it to the lease, which gives it back at its end. */
  Lease leftTo(Lease lease) {
    synchronized (this) {
      held = true;
    }
    lease.onClose(this::giveBack);
    return lease;
  }

  /** Gives it back, unless it was left to a lease, which does so at its end. */
  @Override
  public void close() {
    boolean isMine;
    synchronized (this) {
      isMine = !held;
    }
    if (isMine) {
      giveBack();
    }
  }

  private void giveBack() {
    Grant last;
    synchronized (this) {
      closed = true;
      last = grant;
      grant = null;
    }
    channel.unwatchAudience(look);
    if (last != null) {
      last.close();
    }
  }
}
