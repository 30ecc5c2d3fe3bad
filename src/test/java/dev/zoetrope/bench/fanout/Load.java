package dev.zoetrope.bench.fanout;

import java.time.Duration;

/**
 * What is asked of a server: how many viewers, and how they behave.
 *
 * @param tls whether they ask by TLS
 * @param path what they ask for
 * @param stalled the part of them that never reads, 0 to 1
 * @param slow the part of them that reads {@code slowBytes} a second
 * @param joins of further viewers a second within the window; each stays for a second, or until its
 *     first frame
 * @param threads that play them
 * @param ramp viewers that come in a second
 * @param settle from the last viewer's response head to the window
 * @param window in which all is counted
 */
record Load(
    int port,
    boolean tls,
    String path,
    Way way,
    int viewers,
    double stalled,
    double slow,
    int slowBytes,
    int joins,
    int threads,
    int ramp,
    Duration settle,
    Duration window) {

  Load {
    if (viewers < 1 || stalled < 0 || slow < 0 || stalled + slow > 1) {
      throw new IllegalArgumentException(
          viewers + " viewers, of them stalled " + stalled + ", slow " + slow);
    }
  }

  /** How the viewer behaves that is the {@code number}-th, from 0; evenly mixed. */
  Pace pace(int number) {
    if (isHit(number, stalled)) {
      return Pace.STALLED;
    }
    return isHit(number, stalled + slow) ? Pace.SLOW : Pace.PROMPT;
  }

  private static boolean isHit(int number, double part) {
    return Math.floor((number + 1) * part) > Math.floor(number * part);
  }

  /** How a viewer reads. */
  enum Pace {
    PROMPT,
    SLOW,
    STALLED,
    /** Promptly, and leaves soon. */
    FLEETING;

    boolean readsAtOnce() {
      return this == PROMPT || this == FLEETING;
    }
  }
}
