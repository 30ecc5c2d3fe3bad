package dev.zoetrope.web;

import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Text messages to one client, by the container: one send is in flight at a time, and behind the
 * last comes the end. Thread-safe; nothing here blocks but the end, which is the timer's.
 */
final class SessionTexts {
  /** A send that takes longer has met a client that takes nothing. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private record Farewell(int code, String reason) {}

  private final Session session;
  private final Executor timer;

  // Guarded by this.
  private final Deque<String> due = new ArrayDeque<>(); // behind what is sent
  private boolean isSending;
  private long sentNanos; // when the newest send began
  private Farewell farewell; // null until there is one to say
  private boolean isClosed;

  SessionTexts(Session session, Executor timer) {
    this.session = session;
    this.timer = timer;
  }

  /** Sends it, as soon as what was said before is gone; nothing once it is to end. */
  void say(String text) {
    synchronized (this) {
      if (farewell != null || isClosed) {
        return;
      }
      if (isSending) {
        due.addLast(text);
        return;
      }
      begin();
    }
    give(text);
  }

  /** With the lock. */
  private void begin() {
    isSending = true;
    sentNanos = System.nanoTime();
  }

  private void give(String text) {
    try {
      session.getAsyncRemote().sendText(text, this::sent);
    } catch (RuntimeException e) { // the session is closed; Tyrus has no better word for it
      gone();
    }
  }

  private void sent(SendResult result) {
    String next;
    Farewell last;
    synchronized (this) {
      next = result.isOK() ? due.pollFirst() : null;
      last = farewell;
      isSending = false;
      if (next != null) {
        begin();
      }
    }
    if (next != null) {
      give(next);
    } else if (last != null) {
      timer.execute(() -> shut(last));
    }
  }

  /** How many wait for the client to take them. */
  synchronized int waiting() {
    return due.size();
  }

  /** Whether the client has taken nothing for 20 s, though there is something. */
  synchronized boolean isStuck() {
    return isSending && System.nanoTime() - sentNanos > STUCK_NANOS;
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  /** Closes when all is said. Idempotent: the first reason counts. */
  void close(int code, String reason) {
    Farewell last = new Farewell(code, reason);
    synchronized (this) {
      if (farewell != null || isClosed) {
        return;
      }
      farewell = last;
      if (isSending) {
        return; // sent() goes on
      }
    }
    timer.execute(() -> shut(last));
  }

  /** Closes without waiting for what was said. Idempotent. */
  void cut(int code, String reason) {
    timer.execute(() -> shut(new Farewell(code, reason)));
  }

  /** On the timer: it may block. */
  private void shut(Farewell last) {
    if (gone()) {
      LiveEndpoint.close(session, last.code(), last.reason());
    }
  }

  /**
   * The socket is closed, or as good as that. Idempotent.
   *
   * @return whether it was not before
   */
  synchronized boolean gone() {
    boolean wasOpen = !isClosed;
    isClosed = true;
    due.clear();
    return wasOpen;
  }
}
