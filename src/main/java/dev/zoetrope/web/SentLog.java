package dev.zoetrope.web;

/**
 * The binary messages of one socket that are on their way to the client, in order; of very many the
 * oldest are not known any more. Not thread-safe. Nothing is made for a message.
 */
final class SentLog {
  /** So many messages are known at first. A power of two. */
  private static final int FEW = 32;

  /** So many at most. A power of two. */
  private static final int MOST = 4096;

  /** A message; used again and again. */
  static final class Sent {
    private Pace.Share share;
    private int sequence;
    int bytes;
    long end; // all bytes of the socket up to its end
    long nanos; // when it was sent
    long arrivedBytes; // of which it was known then
    long arrivedNanos; // and when that was known
    boolean isBehind; // what was before it kept the link busy until then
  }

  private Sent[] ring = new Sent[FEW]; // by number of the message, modulo its length
  private long first; // number of the oldest that is known, and not known to have arrived
  private long next; // number of the next one
  private long reached; // all before that number have arrived, which is not taken note of yet
  private long sentBytes;
  private long arrivedBytes;

  /** Bytes on the way. */
  long bytes() {
    return sentBytes - arrivedBytes;
  }

  /** Bytes that were sent so far. */
  long sentBytes() {
    return sentBytes;
  }

  long arrivedBytes() {
    return arrivedBytes;
  }

  /**
   * One more.
   *
   * @param mayGrow else the oldest is forgotten where there is no room
   * @return for its times, which are the caller's
   */
  Sent add(Pace.Share share, int sequence, int bytes, boolean mayGrow) {
    if (next - first == ring.length) {
      if (mayGrow && ring.length < MOST) {
        grow();
      } else {
        forgetOldest();
      }
    }
    Sent message = at(next);
    next++;
    sentBytes += bytes;
    message.share = share;
    message.sequence = sequence;
    message.bytes = bytes;
    message.end = sentBytes;
    message.arrivedBytes = arrivedBytes;
    share.carry(bytes);
    return message;
  }

  private Sent at(long number) {
    int slot = (int) number & (ring.length - 1);
    if (ring[slot] == null) {
      ring[slot] = new Sent();
    }
    return ring[slot];
  }

  private void grow() {
    Sent[] larger = new Sent[2 * ring.length];
    for (long number = first; number < next; number++) {
      larger[(int) number & (larger.length - 1)] = at(number);
    }
    ring = larger;
  }

  private void forgetOldest() {
    Sent oldest = at(first);
    oldest.share.carry(-oldest.bytes);
    first++;
    reached = Math.max(reached, first);
  }

  /** That one, and so all before it, has arrived; if it is known. */
  void reach(Pace.Share share, int sequence) {
    for (long number = reached; number < next; number++) {
      Sent message = at(number);
      if (message.sequence == sequence && message.share == share) {
        reached = number + 1;
        return;
      }
    }
  }

  /** Whether more has arrived since the last {@link #takeNote}. */
  boolean hasNews() {
    return reached > first;
  }

  /** The newest that has arrived. Only where there is news. */
  Sent newestArrived() {
    return at(reached - 1);
  }

  /** Bytes of the oldest on the way; 0 if there is none. */
  int oldestBytes() {
    return first == next ? 0 : at(first).bytes;
  }

  /** What has arrived is not on the way any more. Only where there is news. */
  void takeNote() {
    arrivedBytes = newestArrived().end;
    while (first < reached) {
      forgetOldest();
    }
  }
}
