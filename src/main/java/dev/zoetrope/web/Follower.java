package dev.zoetrope.web;

import dev.zoetrope.access.NodeGrant;
import dev.zoetrope.media.NodeIdentity;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** A node that has connected to have sources of this one. Thread-safe. */
final class Follower {
  private final NodeIdentity node;
  private final String address; // empty where nobody knows
  private final NodeGrant grant;
  private final Instant since = Instant.now();
  private volatile Optional<JsonObject> below = Optional.empty(); // what it said last

  /**
   * @param node as it calls itself
   * @param grant closed by who made this
   */
  Follower(NodeIdentity node, String address, NodeGrant grant) {
    this.node = node;
    this.address = address;
    this.grant = grant;
  }

  NodeIdentity node() {
    return node;
  }

  NodeGrant grant() {
    return grant;
  }

  /** What it says of its own viewers and links. */
  void keep(JsonObject words) {
    below = Optional.of(words);
  }

  /**
   * Figures of this moment.
   *
   * @param by its socket
   */
  FollowerStats stats(Bundle by) {
    return new FollowerStats(
        node, grant.keyName(), address, since, by.link(), by.subscriptions().sent(), below);
  }
}
