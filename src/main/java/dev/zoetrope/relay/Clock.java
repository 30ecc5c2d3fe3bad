package dev.zoetrope.relay;

/**
 * How much the clock of a node at the other end of a link is ahead, and how long the way there and
 * back takes: by the answer with the shortest way of some time. Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 2.2"
 */
final class Clock {
  /** What was seen in one to two such spans counts: clocks drift. */
  private static final long SPAN_MICROS = 30_000_000;

  private long spanMicros = Long.MIN_VALUE; // when the present span began
  private long shortest = Long.MAX_VALUE; // way there and back, in this span
  private long ahead; // by that answer
  private long formerShortest = Long.MAX_VALUE; // in the span before
  private long formerAhead;
  private long newestRoundTrip = -1;

  /**
   * An answer has come; times in microseconds.
   *
   * @param sent when it was asked for, by our clock
   * @param told what the answer says
   * @param received by our clock
   */
  synchronized void heard(long sent, long told, long received) {
    if (spanMicros == Long.MIN_VALUE || received - spanMicros > SPAN_MICROS) {
      spanMicros = received;
      formerShortest = shortest;
      formerAhead = ahead;
      shortest = Long.MAX_VALUE;
    }
    long roundTrip = Math.max(0, received - sent);
    newestRoundTrip = roundTrip;
    if (roundTrip < shortest) {
      shortest = roundTrip;
      ahead = told - (sent + received) / 2;
    }
  }

  /** By how many microseconds it is ahead of ours; 0 before the first answer. */
  synchronized long aheadMicros() {
    if (shortest == Long.MAX_VALUE) {
      return formerShortest == Long.MAX_VALUE ? 0 : formerAhead;
    }
    return formerShortest < shortest ? formerAhead : ahead;
  }

  /** How long the newest answer took, in microseconds; -1 before the first. */
  synchronized long roundTripMicros() {
    return newestRoundTrip;
  }

  /** How long the quickest answer lately took, in microseconds; -1 before the first. */
  synchronized long leastRoundTripMicros() {
    long least = Math.min(shortest, formerShortest);
    return least == Long.MAX_VALUE ? -1 : least;
  }
}
