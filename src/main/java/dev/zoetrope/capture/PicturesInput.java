package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Single pictures, each shown the moment it is brought, in that order. While none comes the last
 * one is repeated once a second, so that viewers see a live source.
 *
 * <p>Thread-safe: any number of threads bring pictures. At most {@value #MAX_WAITING} wait to be
 * read; beyond, the oldest are dropped.
 */
public final class PicturesInput implements Input {
  private static final int MAX_WAITING = 32;

  /** Waiting pictures may take so much memory; one is kept, whatever its size. */
  private static final long MAX_WAITING_BYTES = Picture.MAX_BYTES;

  private static final long REPEAT_NANOS = 1_000_000_000;

  /** Who brings the pictures. */
  public enum Bringer {
    /** One connection, which has the source for itself. */
    ONE_CONNECTION,
    /** Whoever has the key, by requests of their own. */
    ANYBODY
  }

  private record Brought(Picture picture, long nanos, long captureMicros) {}

  private final Bringer bringer;
  private final Duration lostAfter;
  private final LongSupplier wallMicros;

  // Guarded by this.
  private final Deque<Brought> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean over; // takes nothing any more
  private boolean closed;
  private String end = ""; // why it is over
  private Runnable whenClosed = () -> {};

  /**
   * @param lostAfter how long the last picture is shown before the source counts as lost
   */
  public PicturesInput(Bringer bringer, Duration lostAfter, LongSupplier wallMicros) {
    this.bringer = bringer;
    this.lostAfter = lostAfter;
    this.wallMicros = wallMicros;
  }

  /** Who brings the pictures. */
  public Bringer bringer() {
    return bringer;
  }

  /**
   * The next picture.
   *
   * @param captureMicros when it came in: microseconds since 1970, UTC
   * @return whether it is shown; false if this input is over, and another is needed
   */
  public synchronized boolean show(Picture picture, long captureMicros) {
    if (over) {
      return false;
    }
    waiting.add(new Brought(picture, System.nanoTime(), captureMicros));
    waitingBytes += picture.jpeg().size();
    while (waiting.size() > MAX_WAITING
        || (waiting.size() > 1 && waitingBytes > MAX_WAITING_BYTES)) {
      waitingBytes -= waiting.remove().picture.jpeg().size();
    }
    notifyAll();
    return true;
  }

  /** No more will be brought; what waits is shown still. Idempotent. */
  public synchronized void end(String why) {
    if (!over) {
      over = true;
      end = why;
      notifyAll();
    }
  }

  /**
   * What is done when the server closes this before it is over, on the thread that closes; at once
   * if it has been.
   */
  public void whenClosed(Runnable action) {
    synchronized (this) {
      if (!closed) {
        whenClosed = action;
        return;
      }
    }
    action.run();
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Projector projector = new Projector(sink);
    long start = System.nanoTime() - TimeUnit.MINUTES.toNanos(1); // some may wait since before
    long last = System.nanoTime(); // when a picture was given on
    long lastBrought = last;
    while (true) {
      Brought next =
          await(projector.hasShown() ? last + REPEAT_NANOS : Long.MAX_VALUE, lastBrought);
      if (next != null) {
        last = System.nanoTime();
        lastBrought = next.nanos;
        projector.show(next.picture, Math.max(0, (next.nanos - start) / 1000), next.captureMicros);
      } else if (isClosed()) {
        return;
      } else {
        last = System.nanoTime();
        projector.repeat((last - start) / 1000, wallMicros.getAsLong());
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** The next picture; null if a repetition is due or this is closed. */
  private synchronized Brought await(long repeatNanos, long lastBrought)
      throws IOException, InterruptedException {
    while (waiting.isEmpty()) {
      if (closed) {
        return null;
      }
      if (over) {
        throw new IOException(end);
      }
      long now = System.nanoTime();
      long restNanos = lostAfter.toNanos() - (now - lastBrought);
      if (restNanos <= 0) {
        over = true;
        end = "no picture came for " + lostAfter.toSeconds() + " s";
        throw new IOException(end);
      }
      if (repeatNanos != Long.MAX_VALUE) {
        if (repeatNanos - now <= 0) {
          return null;
        }
        restNanos = Math.min(restNanos, repeatNanos - now);
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, restNanos));
    }
    if (closed) {
      return null;
    }
    Brought next = waiting.remove();
    waitingBytes -= next.picture.jpeg().size();
    return next;
  }

  @Override
  public void close() {
    Runnable action;
    synchronized (this) {
      if (closed || over) {
        closed = true;
        notifyAll();
        return;
      }
      closed = true;
      over = true;
      end = "closed";
      notifyAll();
      action = whenClosed;
    }
    action.run();
  }
}
