package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A viewer on a WebSocket: head and fragments are binary messages; an fMP4 run is announced by a
 * text message.
 *
 * <p>One send is in flight at a time, pings and the end included; the next goes out when it is
 * done. A client that takes nothing is closed by the timer, since that may block.
 */
final class SocketConnection implements Connection {
  private static final long WATCH_SECONDS = 5;

  /** A client that was sent nothing for so long is asked whether it is there. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(WATCH_SECONDS);

  /** A send that takes longer has met a client that takes nothing. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private record Farewell(Outcome outcome, String reason) {}

  private final Session session;

  /** Liberty sends nothing of a buffer that may only be read: it gets copies. */
  private final boolean takesWritable;

  private final Lease lease;
  private final Channel channel;
  private final ScheduledExecutorService timer;
  private final SocketMessages messages;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Viewer viewer;
  private final long openedNanos = System.nanoTime();
  private final ScheduledFuture<?> watch;

  // Guarded by due.
  private final Deque<Object> due = new ArrayDeque<>(); // Bytes and String, behind what is sent
  private boolean sending;
  private boolean awaited; // the viewer would go on
  private long sentNanos = openedNanos; // when the newest send began
  private Farewell farewell; // null until there is one to say

  /**
   * Starts watching.
   *
   * @param lease closed when the connection ends
   */
  static SocketConnection open(
      Session session,
      Way way,
      Framing framing,
      Lease lease,
      Cards cards,
      Channel channel,
      ScheduledExecutorService timer) {
    SocketConnection connection =
        new SocketConnection(session, way, framing, lease, cards, channel, timer);
    connection.viewer.wake();
    return connection;
  }

  private SocketConnection(
      Session session,
      Way way,
      Framing framing,
      Lease lease,
      Cards cards,
      Channel channel,
      ScheduledExecutorService timer) {
    this.session = session;
    takesWritable = session.getClass().getName().startsWith("com.ibm.");
    this.lease = lease;
    this.channel = channel;
    this.timer = timer;
    messages = new SocketMessages(way, framing, this::send, this::send);
    viewer = Viewer.join(lease.feed(), cards.to(this, lease), lease.client(lease.format().word()));
    watch = timer.scheduleAtFixedRate(this::watch, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public boolean isReady() {
    synchronized (due) {
      awaited |= sending;
      return !sending && !ended.get();
    }
  }

  @Override
  public boolean begin(Run next, Fragment first) {
    return messages.begin(next, first);
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    messages.write(fragment, joining);
  }

  private void send(Object message) {
    synchronized (due) {
      if (sending) {
        due.addLast(message);
        return;
      }
      if (farewell != null) {
        return;
      }
      sending = true;
      sentNanos = System.nanoTime();
    }
    give(message);
  }

  /** Only for who has made {@link #sending} true. */
  private void sendNext() {
    Object message;
    Farewell last;
    boolean isAwaited;
    synchronized (due) {
      message = due.pollFirst();
      last = farewell;
      sending = message != null && last == null;
      isAwaited = awaited && !sending;
      if (sending) {
        sentNanos = System.nanoTime();
      } else {
        awaited = false;
      }
    }
    if (last != null) {
      close(last);
    } else if (message != null) {
      give(message);
    } else if (isAwaited) { // mostly not: all was taken at once, and it waits for the next piece
      viewer.wake();
    }
  }

  private void give(Object message) {
    try {
      if (message instanceof Bytes bytes) {
        session.getAsyncRemote().sendBinary(buffer(bytes), this::sent);
      } else {
        session.getAsyncRemote().sendText((String) message, this::sent);
      }
    } catch (RuntimeException e) { // the session is closed; Tyrus has no better word for it
      left();
    }
  }

  private ByteBuffer buffer(Bytes bytes) {
    return takesWritable ? ByteBuffer.wrap(bytes.toArray()) : bytes.asByteBuffer();
  }

  private void sent(SendResult result) {
    if (result.isOK()) {
      sendNext();
    } else { // not every container closes the socket then
      leave();
      close(new Farewell(Outcome.STOPPED, "sending failed"));
    }
  }

  /** On the timer's thread, every few seconds until the socket is closed. */
  private void watch() {
    long now = System.nanoTime();
    boolean isSending;
    long silentNanos;
    synchronized (due) {
      isSending = sending;
      silentNanos = now - sentNanos;
    }
    if (isSending && silentNanos > STUCK_NANOS) {
      giveUp();
    } else if (!messages.hasBegun() && now - openedNanos > Doorkeeper.PATIENCE.toNanos()) {
      finish(Outcome.NO_PICTURE, Doorkeeper.noPicture(channel));
    } else if (!isSending && silentNanos > QUIET_NANOS) {
      ping();
    }
  }

  private void giveUp() {
    leave();
    close(new Farewell(Outcome.STOPPED, "the client takes nothing"));
  }

  private void cut() {
    leave();
    close(new Farewell(Outcome.CUT, "ended by the operator"));
  }

  /** A client that has left is seen only while something is written. */
  private void ping() {
    synchronized (due) {
      if (sending) {
        return; // which will show it as well
      }
      sending = true;
    }
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException e) { // as in give()
      left();
      return;
    }
    sendNext();
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED -> finish(Outcome.STREAM_RESTARTED, "the stream restarted");
      case FEED_CLOSED -> finishWithSource();
      case FAILED -> finish(Outcome.STOPPED, "the source stopped");
      case CUT -> timer.execute(this::cut); // the end may block
      case STALLED -> timer.execute(this::giveUp); // the end may block
      case LEFT -> left();
    }
  }

  /** Its permission has ended. Any thread, idempotent; does not wait. */
  void cut(String reason) {
    timer.execute(() -> finish(Outcome.NOT_FOR_YOU, reason)); // the end may block
  }

  private void finishWithSource() {
    if (channel.isServerStopping()) {
      finish(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS);
    } else {
      finish(Outcome.STOPPED, "the source stopped");
    }
  }

  /** Ends, and says why as soon as no send is in flight. */
  private void finish(Outcome outcome, String reason) {
    if (!leave()) {
      return;
    }
    Farewell last = new Farewell(outcome, reason);
    synchronized (due) {
      due.clear();
      farewell = last;
      if (sending) {
        return; // sendNext() says it; or watch() closes, should the client take nothing
      }
    }
    close(last);
  }

  private void close(Farewell last) {
    if (closed.compareAndSet(false, true)) {
      watch.cancel(false);
      LiveEndpoint.close(session, last.outcome(), last.reason());
    }
  }

  /** The client has gone. Idempotent, any thread. */
  void left() {
    leave();
    closed.set(true);
    watch.cancel(false);
  }

  private boolean leave() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    viewer.leave();
    lease.close();
    return true;
  }
}
