package dev.zoetrope.web;

import java.util.Optional;

/**
 * What a client wants to be sent under one number; it stays while that is paused. Guarded by its
 * bundle.
 */
final class Subscription {
  private final Request.Subscribe wanted;
  private int sequence; // of the newest binary message
  private BundleConnection connection; // null while paused, or not begun yet

  Subscription(Request.Subscribe wanted) {
    this.wanted = wanted;
  }

  int number() {
    return wanted.number();
  }

  /** As it was asked for. */
  Request.Subscribe wanted() {
    return wanted;
  }

  /** Of the next binary message: they are counted from 1, over pauses. */
  int nextSequence() {
    sequence++; // after the largest comes 0, as on the wire
    return sequence;
  }

  void begin(BundleConnection begun) {
    connection = begun;
  }

  /** Where its frames come from; empty while it is paused. */
  Optional<BundleConnection> connection() {
    return Optional.ofNullable(connection);
  }

  /** From now on nothing is sent. The connection that was stopped is to be left, without locks. */
  Optional<BundleConnection> stop() {
    Optional<BundleConnection> stopped = connection();
    stopped.ifPresent(BundleConnection::stop);
    connection = null;
    return stopped;
  }
}
