package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A socket of several viewers, by the container: one send is in flight at a time, and the next goes
 * out when it is done. A client that takes nothing is closed by the timer, since that may block.
 */
final class SessionBundle implements SharedSocket {
  private static final long WATCH_SECONDS = 5;

  /** A client that was sent nothing for so long is asked whether it is there. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(WATCH_SECONDS);

  /** A send that takes longer has met a client that takes nothing. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** More than this goes out before the worker says so. */
  private static final int MOST_BYTES = 256 << 10;

  private record Tagged(Bytes tag, Bytes payload) {
    /** As one message; not to be used again before it is sent. */
    ByteBuffer bytes() {
      return ByteBuffer.allocate(tag.size() + payload.size())
          .put(tag.asByteBuffer())
          .put(payload.asByteBuffer())
          .flip();
    }
  }

  private record Farewell(Outcome outcome, String reason) {}

  private enum State {
    FREE,
    /** A send is being begun: it may be done before that call returns. */
    BEGINNING,
    UNDER_WAY,
    CLOSED
  }

  private final Session session;
  private final ScheduledExecutorService timer;
  private final Bundle bundle;
  private final ScheduledFuture<?> watch;

  // Guarded by due.
  private final Deque<Object> due = new ArrayDeque<>(); // Tagged and String, behind what is sent
  private int dueBytes; // of what is tagged
  private State state = State.FREE;
  private boolean awaited; // somebody has found it not ready
  private long sentNanos = System.nanoTime(); // when the newest send began
  private Farewell farewell; // null until there is one to say

  /**
   * @param making of what is said on it
   */
  SessionBundle(
      Session session, ScheduledExecutorService timer, Function<SharedSocket, Bundle> making) {
    this.session = session;
    this.timer = timer;
    bundle = making.apply(this);
    watch = timer.scheduleAtFixedRate(this::watch, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  Bundle bundle() {
    return bundle;
  }

  @Override
  public boolean isReady() {
    synchronized (due) {
      boolean isReady = state == State.FREE && due.isEmpty() && farewell == null;
      awaited |= !isReady;
      return isReady;
    }
  }

  @Override
  public boolean add(String text) {
    return add(text, text.length());
  }

  @Override
  public boolean add(Bytes tag, Bytes payload) {
    return add(new Tagged(tag, payload), payload.size());
  }

  private boolean add(Object message, int bytes) {
    synchronized (due) {
      if (farewell != null || state == State.CLOSED) {
        return false;
      }
      due.addLast(message);
      dueBytes += bytes;
      return dueBytes > MOST_BYTES;
    }
  }

  @Override
  public void flush() {
    push();
  }

  @Override
  public void push() {
    while (true) {
      Object next;
      Farewell last;
      boolean isAwaited;
      synchronized (due) {
        if (state != State.FREE) {
          return;
        }
        next = due.pollFirst();
        last = farewell;
        isAwaited = awaited && next == null;
        if (next == null) {
          dueBytes = 0;
          awaited = false;
        } else {
          state = State.BEGINNING;
          sentNanos = System.nanoTime();
        }
      }
      if (next == null) {
        rest(last, isAwaited);
        return;
      }
      give(next);
      synchronized (due) {
        if (state == State.BEGINNING) {
          state = State.UNDER_WAY;
          return; // sent() goes on
        }
      }
    }
  }

  /** All has been taken. */
  private void rest(Farewell last, boolean isAwaited) {
    if (last != null) {
      timer.execute(() -> shut(last)); // which may block
    } else if (isAwaited) {
      bundle.moved();
    }
  }

  private void give(Object message) {
    try {
      if (message instanceof Tagged tagged) {
        session.getAsyncRemote().sendBinary(tagged.bytes(), this::sent);
      } else {
        session.getAsyncRemote().sendText((String) message, this::sent);
      }
    } catch (RuntimeException e) { // the session is closed; Tyrus has no better word for it
      gone();
    }
  }

  private void sent(SendResult result) {
    boolean wasUnderWay;
    synchronized (due) {
      wasUnderWay = state == State.UNDER_WAY;
      if (state != State.CLOSED) {
        state = State.FREE;
      }
    }
    if (!result.isOK()) { // not every container closes the socket then
      cut();
    } else if (wasUnderWay) {
      push();
    }
  }

  /** On the timer, every few seconds until the socket is closed. */
  private void watch() {
    boolean isQuiet;
    boolean isStuck;
    synchronized (due) {
      long silentNanos = System.nanoTime() - sentNanos;
      isQuiet = state == State.FREE && silentNanos > QUIET_NANOS;
      isStuck = state != State.FREE && silentNanos > STUCK_NANOS;
    }
    if (isStuck) {
      cut();
    } else if (isQuiet) {
      ping();
    }
  }

  /** A client that has left is seen only while something is written. */
  private void ping() {
    synchronized (due) {
      if (state != State.FREE) {
        return; // a send will show it as well
      }
      state = State.UNDER_WAY;
      sentNanos = System.nanoTime();
    }
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException e) { // as in give()
      gone();
      return;
    }
    synchronized (due) {
      if (state != State.CLOSED) {
        state = State.FREE;
      }
    }
    push();
  }

  @Override
  public void close(Outcome outcome, String reason) {
    synchronized (due) {
      if (farewell != null || state == State.CLOSED) {
        return;
      }
      farewell = new Farewell(outcome, reason);
      due.removeIf(message -> message instanceof Tagged); // the last words stay
    }
    push();
  }

  @Override
  public void cut() {
    timer.execute(() -> shut(new Farewell(Outcome.TOO_SLOW, "the client takes nothing")));
  }

  /** On the timer: it may block. */
  private void shut(Farewell last) {
    if (gone()) {
      int code = last.outcome().subscriptionCode();
      LiveEndpoint.close(session, code, last.reason());
    }
  }

  /**
   * The socket is closed, or as good as that. Idempotent, any thread.
   *
   * @return whether it was not before
   */
  boolean gone() {
    synchronized (due) {
      if (state == State.CLOSED) {
        return false;
      }
      state = State.CLOSED;
      due.clear();
    }
    watch.cancel(false);
    bundle.closed();
    return true;
  }
}
