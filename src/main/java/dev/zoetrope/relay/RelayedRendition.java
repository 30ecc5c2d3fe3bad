package dev.zoetrope.relay;

import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Sink;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A rendition that comes from other nodes; while the source is lost and nothing comes, a card of
 * this node is made for it. Thread-safe.
 */
public final class RelayedRendition implements AutoCloseable {
  private static final long LOOK_MILLIS = 200;

  /** As long as something comes, be it the origin's card, there is no need for another. */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Makes a rendition of the cards of this node. */
  public interface Cards {
    /** Begins; they go to {@code sink}. */
    Running begin(Sink<Fragment> sink);

    /** What runs then. */
    interface Running {
      /** Ends it; may take some seconds. */
      void close();
    }
  }

  private final Following following;
  private final String name;
  private final Inflow inflow;
  private final Cards cards;
  private final ScheduledFuture<?> looking;

  private volatile boolean isCardWanted;

  // Guarded by this.
  private Cards.Running running; // null while no card is made
  private boolean closed;

  /**
   * @param name of the rendition
   * @param feed written by this alone
   * @param written how many fragments it has had
   */
  public RelayedRendition(
      Following following,
      String name,
      Sink<Fragment> feed,
      long written,
      Cards cards,
      ScheduledExecutorService timer) {
    this.following = following;
    this.name = name;
    this.cards = cards;
    inflow = following.begin(name, feed, written);
    looking =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the source is lost. */
  public void showCard(boolean isWanted) {
    isCardWanted = isWanted;
  }

  /** Whether what was captured at that time is of the source, and not a card. */
  public boolean isOfSource(long captureMicros) {
    return inflow.isOfSource(captureMicros);
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    boolean isSilent = inflow.silentNanos() > SILENT_NANOS;
    if (running == null && isCardWanted && isSilent) {
      inflow.showCard();
      running = cards.begin(inflow.cards());
    } else if (running != null && !inflow.showsCard()) {
      stop();
    }
  }

  /** By a thread of its own: it may take seconds. */
  private void stop() {
    Cards.Running ending = running;
    running = null;
    Thread stopping = new Thread(ending::close, "stop card of " + name);
    stopping.setDaemon(true);
    stopping.start();
  }

  /** Ends it; returns when all that it has run is gone. Idempotent. */
  @Override
  public void close() {
    looking.cancel(false);
    following.end(name, inflow);
    Cards.Running ending;
    synchronized (this) {
      closed = true;
      ending = running;
      running = null;
    }
    if (ending != null) {
      ending.close();
    }
  }
}
