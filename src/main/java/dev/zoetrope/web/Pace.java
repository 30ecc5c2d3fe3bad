package dev.zoetrope.web;

import dev.zoetrope.web.SentLog.Sent;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much of what one socket was given may be on its way to the client, as the client's
 * acknowledgements tell.
 *
 * <p>What comes over one socket comes in order: so a message that is shown tells that all before it
 * have come, whosever they were. From that, the rate and the shortest delay of the link are
 * reckoned; so much may be on the way as arrives in that delay and {@link LinkGauge#WAIT_NANOS}. A
 * client that acknowledges nothing is not held, nor is one that has shown all that it was sent.
 *
 * <p>Guarded by the lock of {@link Subscriptions}, but for {@link Share#hasRoom} and {@link
 * #delayMicros}, which any thread may ask. Nothing is made for a message.
 *
 * @see "docs/PROTOCOL.md, 2.4"
 */
final class Pace {
  /** As much as a new TCP connection sends at once may always be on the way. */
  private static final long LEAST_BYTES = 16 << 10;

  /** Whatever is on the way, a picture of the present is young enough to be sent. */
  private static final long MOST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(650);

  /**
   * Where the link is busy for so long, every message has waited for others: the way is left to run
   * empty once, so that the delay can be measured.
   */
  private static final long MOST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** The first time sooner: what came first was large, mostly, and its delay no measure. */
  private static final long FIRST_BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** A link that holds nobody for so long is not busy. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Without news for so long, one more message may go, then after twice as long: a client that
   * waits for a key has nothing to show before it comes.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Who acknowledges, and then does not for so long while messages go out, is gone. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** They go out if one did so lately. */
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier nanos;

  // Guarded by the lock.
  private final SentLog way = new SentLog();
  private final LinkGauge link;
  private long arrivedNanos; // when it was known that something had arrived, or nothing was to
  private int going; // subscriptions that are not paused
  private int awaited; // of those, which acknowledge and have more to show
  private boolean isHeeded; // the client has acknowledged something
  private long heldNanos; // when somebody was held last
  private long busyNanos; // since when the link has been busy
  private long mostBusyNanos = FIRST_BUSY_NANOS;
  private boolean isDraining; // nothing goes before all has arrived
  private long patienceNanos = PATIENCE_NANOS;

  // Written with the lock.
  private volatile long most = Long.MAX_VALUE; // bytes of one subscription on the way
  private volatile long untilNanos; // after that, one more whatever is on the way
  private volatile long delayMicros;

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   */
  Pace(LongSupplier nanos) {
    this.nanos = nanos;
    long now = nanos.getAsLong();
    link = new LinkGauge(now);
    arrivedNanos = now;
    busyNanos = now;
    heldNanos = now - IDLE_NANOS;
  }

  /** One subscription's messages. Guarded as the pace. */
  final class Share {
    private int sent; // sequence of the newest message
    private int shown; // sequence of the newest that was acknowledged
    private long sentNanos; // when the newest was sent
    private long newsNanos; // since when there has been something to acknowledge
    private boolean isGoing;
    private boolean acknowledges;
    private volatile long bytes; // on the way

    /** As if so many messages had been sent and shown. */
    Share(int sequence) {
      sent = sequence;
      shown = sequence;
    }

    /** Whether one more message may be sent. Any thread. */
    boolean hasRoom() {
      return bytes < most || nanos.getAsLong() - untilNanos >= 0;
    }

    /** Messages will be sent. */
    void begin() {
      isGoing = true;
      shown = sent; // what was on its way before a pause is nothing to wait for
      going++;
      limit();
    }

    /** No more for now. Idempotent. */
    void stop() {
      if (isGoing) {
        awaited -= isAwaited() ? 1 : 0;
        going--;
        isGoing = false;
        limit();
      }
    }

    private boolean isAwaited() {
      return isGoing && acknowledges && sent != shown;
    }

    /**
     * One more message is sent.
     *
     * @return its sequence
     */
    int send(int size) {
      long now = nanos.getAsLong();
      if (sent == shown || now - sentNanos > LATELY_NANOS) {
        newsNanos = now;
      }
      awaited += acknowledges && sent == shown ? 1 : 0;
      sent++; // after the largest comes 0, as on the wire
      sentNanos = now;
      note(this, size, now);
      return sent;
    }

    /** So many bytes more are on the way. */
    void carry(int more) {
      long before = bytes; // it is written with the lock only
      bytes = before + more;
    }

    /**
     * The client has shown the message of that sequence; {@link #reckon} follows. What was never
     * sent, and what is known already, is passed over.
     */
    void show(int sequence) {
      boolean isNews = sequence - shown > 0 && sent - sequence >= 0;
      if (!isNews) {
        return;
      }
      isHeeded = true;
      newsNanos = nanos.getAsLong();
      awaited -= isAwaited() ? 1 : 0;
      acknowledges = true;
      shown = sequence;
      awaited += isAwaited() ? 1 : 0;
      way.reach(this, sequence);
    }

    /** Whether it was acknowledged, and is not any more though messages go out, or would. */
    boolean isSilent() {
      long now = nanos.getAsLong();
      boolean isWanted = now - sentNanos < LATELY_NANOS || bytes >= most;
      return isAwaited() && now - newsNanos > SILENCE_NANOS && isWanted;
    }
  }

  /** For one more subscription. */
  Share share() {
    return new Share(0);
  }

  /** How long what is sent next takes to arrive, as far as is known. Any thread. */
  long delayMicros() {
    return delayMicros;
  }

  /** Figures of this moment. */
  LinkStats stats() {
    return link.isKnown()
        ? new LinkStats(
            way.sentBytes(),
            way.bytes(),
            (long) link.bytesIn(TimeUnit.SECONDS.toNanos(1)),
            link.delayNanos() / 1000,
            link.newestDelayNanos() / 1000)
        : new LinkStats(way.sentBytes(), way.bytes(), -1, -1, -1);
  }

  private void note(Share share, int size, long now) {
    boolean isTooMuch = most != Long.MAX_VALUE && now - untilNanos >= 0;
    if (isTooMuch && isDraining) {
      endDrain();
    } else if (isTooMuch) {
      patienceNanos = Math.min(2 * patienceNanos, SILENCE_NANOS);
      untilNanos = now + patienceNanos;
    }
    if (way.bytes() == 0) {
      arrivedNanos = now; // nothing could arrive until now
    }
    boolean isBehind = way.bytes() > link.bytesIn(link.delayNanos());
    Sent message = way.add(share, share.sent, size, isHeeded);
    message.nanos = now;
    message.arrivedNanos = arrivedNanos;
    message.isBehind = isBehind;
    link.sent(message);
    limit();
  }

  /** After all that one message of the client acknowledges. */
  void reckon() {
    if (way.hasNews()) {
      long now = nanos.getAsLong();
      if (most == 0 && !isDraining) {
        watchBusy(now);
      }
      link.arrived(way.newestArrived(), now);
      way.takeNote();
      arrivedNanos = now;
      patienceNanos = PATIENCE_NANOS;
      untilNanos = isDraining ? untilNanos : now + patienceNanos;
    }
    limit();
  }

  /** Messages arrive, and others were held until then. */
  private void watchBusy(long now) {
    if (now - heldNanos > IDLE_NANOS) {
      busyNanos = now;
    }
    heldNanos = now;
    if (now - busyNanos > mostBusyNanos) {
      isDraining = true;
      untilNanos = now + link.nanosOf(way.bytes()) + link.delayNanos();
    }
  }

  /** Says how much more may be sent. */
  private void limit() {
    if (awaited == 0 || !link.isKnown()) { // nothing would end a wait
      endDrain();
      most = Long.MAX_VALUE;
      delayMicros = 0;
      return;
    }
    if (way.bytes() == 0) {
      endDrain();
    }
    delayMicros = Math.min(link.nanosOf(way.bytes()), MOST_DELAY_NANOS) / 1000;
    long allowed = isDraining ? 0 : allowed();
    if (most == Long.MAX_VALUE && allowed != Long.MAX_VALUE) {
      untilNanos = nanos.getAsLong() + patienceNanos;
    }
    most = allowed;
  }

  /** To one subscription: where there is much on the way already, no more than its part of it. */
  private long allowed() {
    double usual = link.bytesIn(link.delayNanos() + LinkGauge.WAIT_NANOS);
    // The oldest is not acknowledged before it is whole; the link is to be busy until then.
    long until = link.delayNanos() + LinkGauge.ACKNOWLEDGE_NANOS;
    double besides = way.oldestBytes() + link.bytesIn(until);
    double window = Math.max(LEAST_BYTES, Math.max(usual, besides));
    if (way.bytes() >= window) {
      return 0;
    }
    return way.bytes() < window * 3 / 4 ? Long.MAX_VALUE : (long) (window / going);
  }

  /** All has arrived, as far as anybody can know. */
  private void endDrain() {
    if (isDraining) {
      isDraining = false;
      mostBusyNanos = MOST_BUSY_NANOS;
      busyNanos = nanos.getAsLong();
      link.emptied();
    }
  }
}
