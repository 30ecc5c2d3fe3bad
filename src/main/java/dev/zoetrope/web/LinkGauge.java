package dev.zoetrope.web;

import dev.zoetrope.web.SentLog.Sent;
import java.util.concurrent.TimeUnit;

/**
 * How fast and how long the way to a client is, reckoned from messages that it has acknowledged.
 * Not thread-safe.
 *
 * @see "draft-cheng-iccrg-delivery-rate-estimation"
 */
final class LinkGauge {
  /** Clients acknowledge so often. */
  static final long ACKNOWLEDGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A message that is late by more has waited for others. */
  static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(350);

  /** What was seen in one to two such spans counts. */
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);

  private double rate; // bytes in a nanosecond; 0: not known yet
  private double fastest; // rate in this span
  private double formerFastest; // in the one before
  private long shortest = Long.MAX_VALUE; // delay in this span
  private long formerShortest = Long.MAX_VALUE; // in the one before
  private long newestDelay;
  private long spanNanos; // when this one began

  // Of the first message on an empty way.
  private boolean isFirstNext;
  private int firstBytes; // 0: there is none that waits for its acknowledgement
  private long firstEnd;

  LinkGauge(long nowNanos) {
    spanNanos = nowNanos;
  }

  /** Whether anything has been acknowledged. */
  boolean isKnown() {
    return rate > 0;
  }

  /** How long the message that arrived last was on its way, with what it waited for others. */
  long newestDelayNanos() {
    return newestDelay;
  }

  /** How long the link takes for so many bytes. */
  long nanosOf(long bytes) {
    return (long) (bytes / rate);
  }

  /** How many bytes the link takes in so long. */
  double bytesIn(long nanos) {
    return rate * nanos;
  }

  /** The shortest delay from sending a message to its acknowledgement. */
  long delayNanos() {
    return Math.min(shortest, formerShortest);
  }

  /** The way was left to run empty: the next message meets no other. */
  void emptied() {
    isFirstNext = true;
    shortest = Math.min(delayNanos(), WAIT_NANOS); // until it is known
    formerShortest = shortest;
  }

  /** A message is sent. */
  void sent(Sent message) {
    if (isFirstNext) {
      isFirstNext = false;
      firstBytes = message.bytes;
      firstEnd = message.end;
    }
  }

  /**
   * Messages have arrived. The rate goes up by what is seen to arrive, but down only where messages
   * wait: else there was just no more to send.
   */
  void arrived(Sent newest, long nowNanos) {
    double seen =
        (double) (newest.end - newest.arrivedBytes) / Math.max(1, nowNanos - newest.arrivedNanos);
    long delay = nowNanos - newest.nanos;
    newestDelay = delay;
    boolean hasWaited = newest.isBehind && delay - delayNanos() > WAIT_NANOS;
    if (rate == 0) {
      rate = seen;
    } else if (seen > rate || hasWaited) {
      rate += (seen - rate) / 2;
    }
    if (nowNanos - spanNanos > SPAN_NANOS) {
      spanNanos = nowNanos;
      formerShortest = shortest;
      shortest = delay;
      formerFastest = fastest;
      fastest = 0;
    }
    fastest = Math.max(fastest, seen);
    if (firstBytes > 0 && newest.end >= firstEnd) {
      firstArrived(newest, delay);
    }
    shortest = Math.min(shortest, delay);
  }

  /** It has waited for itself alone, as long as its size takes. */
  private void firstArrived(Sent newest, long delay) {
    double behindIt = newest.end - firstEnd; // came before the client acknowledged again
    double most = Math.max(Math.max(fastest, formerFastest), behindIt / ACKNOWLEDGE_NANOS);
    shortest = Math.max(0, delay - (long) (firstBytes / most));
    formerShortest = shortest;
    firstBytes = 0;
  }
}
