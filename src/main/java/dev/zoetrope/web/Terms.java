package dev.zoetrope.web;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a client of a shared socket may say, have, and leave lying. Immutable.
 *
 * @param subscriptions at a time
 * @param messageBytes of a message
 * @param messages in 10 s
 * @param waiting requests, for one that takes its time
 * @param unread answers
 * @param unused how long nothing may be subscribed to; empty: as long as it likes
 * @param unheard how long it may say nothing; the same
 */
record Terms(
    int subscriptions,
    int messageBytes,
    int messages,
    int waiting,
    int unread,
    Optional<Duration> unused,
    Optional<Duration> unheard) {

  /** Of viewers. */
  static final Terms LIVE =
      new Terms(
          Request.MOST,
          8 << 10,
          MessageRate.USUAL,
          256,
          1000,
          Optional.of(Duration.ofSeconds(60)),
          Optional.empty());

  /** Of nodes: they come once for all that their own viewers want, and say how those are. */
  static final Terms RELAY =
      new Terms(
          4096,
          64 << 10,
          3000,
          4096,
          10_000,
          Optional.empty(),
          Optional.of(Duration.ofSeconds(150)));
}
