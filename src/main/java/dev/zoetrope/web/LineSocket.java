package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import dev.zoetrope.channel.Lease;
import dev.zoetrope.door.Line;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.door.SocketLine;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import java.nio.ByteBuffer;

/** A viewer on a WebSocket, by the fast door: the same messages as {@link SocketConnection}. */
final class LineSocket implements Connection, Occupant {
  private final SocketMessages messages;
  private final Lease lease;
  private final Cards cards;
  private final Channel channel;
  private final long madeNanos = System.nanoTime();

  private volatile SocketLine socket; // null before the line is there
  private volatile Viewer viewer; // the same
  private volatile boolean ended; // for the viewer; the socket may have a word to say
  private volatile String cutReason; // null: it has not been cut

  /**
   * @param lease closed when the connection is
   */
  LineSocket(Way way, Framing framing, Lease lease, Cards cards, Channel channel) {
    messages =
        new SocketMessages(
            way, framing, text -> socket.sendText(text), bytes -> socket.sendBinary(bytes));
    this.lease = lease;
    this.cards = cards;
    this.channel = channel;
  }

  @Override
  public void opened(Line line) {
    socket = new SocketLine(line);
    viewer = Viewer.join(lease.feed(), cards.to(this, lease), lease.client(lease.format().word()));
    String reason = cutReason;
    if (reason != null) {
      cut(reason);
    }
    viewer.wake();
  }

  /** Its permission has ended. Any thread, idempotent; perhaps before the line is there. */
  void cut(String reason) {
    cutReason = reason; // before looking: one of us both sees what the other did
    if (viewer != null) {
      end(Outcome.NOT_FOR_YOU, reason);
    }
  }

  @Override
  public void moved() {
    viewer.wake();
  }

  @Override
  public void received(ByteBuffer bytes) {
    socket.received(bytes);
  }

  @Override
  public void tick() {
    if (!messages.hasBegun()
        && !ended
        && System.nanoTime() - madeNanos > Doorkeeper.PATIENCE.toNanos()) {
      end(Outcome.NO_PICTURE, Doorkeeper.noPicture(channel));
    }
    socket.tick();
  }

  @Override
  public boolean isReady() {
    return !ended && socket.isReady();
  }

  @Override
  public boolean begin(Run next, Fragment first) {
    return messages.begin(next, first);
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    messages.write(fragment, joining);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED -> end(Outcome.STREAM_RESTARTED, "the stream restarted");
      case FEED_CLOSED -> endWithSource();
      case CUT -> end(Outcome.CUT, "ended by the operator");
      case LEFT, FAILED, STALLED -> socket.cut();
    }
  }

  private void endWithSource() {
    if (channel.isServerStopping()) {
      end(Outcome.SERVER_STOPS, Outcome.SERVER_STOPS_WORDS);
    } else {
      end(Outcome.STOPPED, "the source stopped");
    }
  }

  private void end(Outcome outcome, String reason) {
    leave();
    socket.close(outcome.closeCode(), LiveEndpoint.fitting(reason));
  }

  private void leave() {
    ended = true;
    Viewer watching = viewer;
    if (watching != null) {
      watching.leave();
    }
    lease.close();
  }

  @Override
  public void closed() {
    leave();
  }
}
