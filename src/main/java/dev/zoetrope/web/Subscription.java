package dev.zoetrope.web;

import java.util.Optional;

/**
 * What a client wants to be sent under one number; it stays while that is paused. Guarded by its
 * bundle.
 */
final class Subscription {
  private final Request.Subscribe wanted;
  private final Pace.Share share;
  private BundleConnection connection; // null while paused, or not begun yet

  /**
   * @param share of what the socket may hold
   */
  Subscription(Request.Subscribe wanted, Pace.Share share) {
    this.wanted = wanted;
    this.share = share;
  }

  int number() {
    return wanted.number();
  }

  /** As it was asked for. */
  Request.Subscribe wanted() {
    return wanted;
  }

  /** Its binary messages, over pauses. */
  Pace.Share share() {
    return share;
  }

  void begin(BundleConnection begun) {
    connection = begun;
    share.begin();
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
    share.stop();
    return stopped;
  }
}
