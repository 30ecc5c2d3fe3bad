package dev.zoetrope.web;

import dev.zoetrope.channel.Lease;
import dev.zoetrope.door.Line;
import dev.zoetrope.door.Occupant;
import dev.zoetrope.feed.Connection;
import dev.zoetrope.feed.Viewer;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import java.nio.ByteBuffer;

/** A viewer of an endless response, by the fast door: the head is out already. */
final class LineStream implements Connection, Occupant {
  private final Framing framing;
  private final Lease lease;
  private final Cards cards;
  private final long madeNanos = System.nanoTime();

  private volatile Line line; // null before it is there
  private volatile Viewer viewer; // null before the line is there
  private volatile boolean begun;
  private volatile boolean isCut;

  // Confined to the viewer's worker.
  private Run run;

  /**
   * @param lease closed when the connection is
   */
  LineStream(Framing framing, Lease lease, Cards cards) {
    this.framing = framing;
    this.lease = lease;
    this.cards = cards;
  }

  @Override
  public void opened(Line opened) {
    line = opened;
    String way = Way.extensionOf(lease.format());
    viewer = Viewer.join(lease.feed(), cards.to(this, lease), lease.client(way));
    if (isCut) {
      cut();
    }
    viewer.wake();
  }

  /** Its permission has ended. Any thread, idempotent; perhaps before the line is there. */
  void cut() {
    isCut = true; // before looking: one of us both sees what the other did
    Viewer watching = viewer;
    if (watching != null) {
      watching.leave();
      line.cut(); // who reads slowly does not get the rest
    }
  }

  @Override
  public void moved() {
    viewer.wake();
  }

  @Override
  public void received(ByteBuffer bytes) {
    // there is nothing to say to a picture
  }

  @Override
  public void tick() {
    if (!begun && System.nanoTime() - madeNanos > Doorkeeper.PATIENCE.toNanos()) {
      line.end(); // too late for a status
    }
  }

  @Override
  public boolean isReady() {
    return !isCut && line.isReady();
  }

  @Override
  public boolean begin(Run next, Fragment first) {
    boolean goesOn = run == null || framing.continues(run, next);
    if (run == null) {
      line.send(framing.head(next, first));
    }
    begun = true;
    run = next;
    return goesOn;
  }

  @Override
  public void write(Fragment fragment, boolean joining) {
    line.send(framing.frame(fragment, joining));
  }

  @Override
  public void flush() {
    line.flush();
  }

  @Override
  public void close(Ending why) {
    switch (why) {
      case STREAM_RESTARTED, FEED_CLOSED -> end();
      case LEFT, FAILED, STALLED, CUT -> line.cut();
    }
  }

  private void end() {
    if (begun && !framing.tail().isEmpty()) {
      line.last(framing.tail());
    }
    line.end();
  }

  @Override
  public void closed() {
    Viewer watching = viewer;
    if (watching != null) {
      watching.leave();
    }
    lease.close();
  }
}
