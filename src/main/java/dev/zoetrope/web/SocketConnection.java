package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A viewer on a WebSocket: head and fragments are binary messages; an fMP4 run is announced by a
 * text message. One send is in flight at a time; the next goes out when it is done.
 */
final class SocketConnection implements Connection {
  private static final long WATCH_SECONDS = 5;

  /** A send that takes longer has met a client that takes nothing. */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Session session;
  private final Framing framing;
  private final Lease lease;
  private final Channel channel;
  private final boolean isAnnounced; // each run, by a text message
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Viewer viewer;
  private ScheduledFuture<?> watch;

  private final Deque<Object> due = new ArrayDeque<>(); // Bytes and String; guarded by itself
  private boolean sending; // guarded by due
  private volatile long sendingSinceNanos;
  private volatile boolean begun;
  private final long openedNanos = System.nanoTime();

  // Confined to the viewer's worker.
  private Run run;

  static SocketConnection open(
      Session session,
      Framing framing,
      Lease lease,
      ScheduledExecutorService timer,
      Channel channel) {
    SocketConnection connection = new SocketConnection(session, framing, lease, channel);
    connection.watch =
        timer.scheduleAtFixedRate(
            connection::watch, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
    connection.viewer.wake();
    return connection;
  }

  private SocketConnection(Session session, Framing framing, Lease lease, Channel channel) {
    this.session = session;
    this.framing = framing;
    this.lease = lease;
    this.channel = channel;
    isAnnounced = session.getPathParameters().get("way").equals(Format.FMP4.word());
    viewer = Viewer.join(lease.feed(), this);
  }

  @Override
  public boolean isReady() {
    synchronized (due) {
      return !sending && due.isEmpty() && !ended.get();
    }
  }

  @Override
  public boolean begin(Run next, Fragment first) {
    boolean goesOn =
        run != null && !isAnnounced && isSameSize(run, next) && framing.continues(run, next);
    if (run != null && !isAnnounced && !goesOn) {
      return false;
    }
    run = next;
    begun = true;
    if (!goesOn) {
      if (isAnnounced) {
        send(announcement(next));
      }
      send(framing.head(next, first));
    }
    return true;
  }

  /** JSMpeg reads the size once only: a client of MPEG-1 has to come again. */
  private static boolean isSameSize(Run before, Run after) {
    return before.video().isPresent()
        && after.video().isPresent()
        && before.video().get().width() == after.video().get().width()
        && before.video().get().height() == after.video().get().height();
  }

  private String announcement(Run next) {
    JsonObjectBuilder init =
        Json.createObjectBuilder().add("type", "init").add("mime", framing.contentType(next));
    Optional<Track> video = next.video();
    if (video.isPresent()) {
      init.add("width", video.get().width()).add("height", video.get().height());
    }
    return init.add("run", next.number()).build().toString();
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    send(framing.frame(fragment, joining));
  }

  private void send(Object message) {
    if (message instanceof Bytes bytes && bytes.isEmpty()) {
      return;
    }
    synchronized (due) {
      due.addLast(message);
      if (sending) {
        return;
      }
      sending = true;
    }
    sendNext();
  }

  private void sendNext() {
    Object message;
    synchronized (due) {
      message = due.pollFirst();
      if (message == null) {
        sending = false;
      }
    }
    if (message == null) {
      viewer.wake();
      return;
    }
    sendingSinceNanos = System.nanoTime();
    try {
      if (message instanceof Bytes bytes) {
        ByteBuffer buffer = bytes.asByteBuffer();
        session.getAsyncRemote().sendBinary(buffer, this::sent);
      } else {
        session.getAsyncRemote().sendText((String) message, this::sent);
      }
    } catch (IllegalStateException e) { // the container has closed the session
      end();
    }
  }

  private void sent(SendResult result) {
    if (result.isOK()) {
      sendNext();
    } else {
      end();
    }
  }

  /** On the timer's thread, every few seconds. */
  private void watch() {
    boolean isSending;
    synchronized (due) {
      isSending = sending;
    }
    long now = System.nanoTime();
    if (isSending && now - sendingSinceNanos > STUCK_NANOS) {
      finish(Outcome.STOPPED, "the client takes nothing");
    } else if (!begun && now - openedNanos > Doorkeeper.PATIENCE.toNanos()) {
      finish(Outcome.NO_PICTURE, Doorkeeper.noPicture(channel));
    } else if (!isSending) {
      ping();
    }
  }

  /** A client that has left is seen only while something is written. */
  private void ping() {
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | IllegalStateException e) {
      end();
    }
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED -> finish(Outcome.STREAM_RESTARTED, "the stream restarted");
      case FEED_CLOSED -> finish(Outcome.STOPPED, "the source stopped");
      case LEFT, FAILED -> end();
    }
  }

  private void finish(Outcome outcome, String reason) {
    if (end()) {
      LiveEndpoint.close(session, outcome, reason);
    }
  }

  /** The client has gone. Idempotent, any thread. */
  void left() {
    end();
  }

  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    watch.cancel(false);
    viewer.leave();
    lease.close();
    return true;
  }
}
