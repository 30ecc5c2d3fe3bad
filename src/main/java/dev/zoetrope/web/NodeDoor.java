package dev.zoetrope.web;

import dev.zoetrope.access.DeniedException;
import dev.zoetrope.access.NodeGate;
import dev.zoetrope.access.NodeGrant;
import dev.zoetrope.access.Visitor;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.media.NodeIdentity;

/**
 * Where other nodes come in, by whichever door, or are told why not. Thread-safe.
 *
 * @see "docs/PROTOCOL.md, 5.1"
 */
final class NodeDoor {
  /** So many versions may be between two nodes. */
  private static final int MOST_APART = 1;

  private final NodeGate gate;
  private final Offers offers;
  private final Followers followers;

  /**
   * @param identity this node's
   */
  NodeDoor(Channels channels, NodeGate gate, NodeIdentity identity, Followers followers) {
    this.gate = gate;
    this.followers = followers;
    offers = new Offers(channels, identity);
  }

  /**
   * Lets a node in.
   *
   * @return what it holds is given back when it is closed
   * @throws OutcomeException if its key is none, before all else; or what it says of itself
   */
  RelayDialect admit(Visitor visitor, Query query) throws OutcomeException {
    NodeGrant grant;
    try {
      grant = gate.admitNode(visitor);
    } catch (DeniedException e) {
      throw new OutcomeException(Doorkeeper.outcome(e.reason()), e.getMessage());
    }
    try {
      checkVersion(query.value("version").orElse(""));
      Follower follower = new Follower(identity(query), visitor.address(), grant);
      return new RelayDialect(follower, offers, followers);
    } catch (OutcomeException | RuntimeException e) {
      grant.close();
      throw e;
    }
  }

  private static void checkVersion(String text) throws OutcomeException {
    int version = text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
    if (Math.abs(version - RelayTexts.VERSION) > MOST_APART || version == 0) {
      throw Fields.bad(
          "version: expected "
              + RelayTexts.VERSION
              + " or one more, got \""
              + Query.clean(text)
              + "\"");
    }
  }

  private static NodeIdentity identity(Query query) throws OutcomeException {
    String id = query.value("node").orElse("");
    if (!NodeIdentity.isId(id)) {
      throw Fields.bad("node: expected 1 to 64 of a-z, 0-9 and -, got \"" + Query.clean(id) + "\"");
    }
    String name = query.value("name").orElse("");
    if (!NodeIdentity.isName(name)) {
      throw Fields.bad("name: expected 1 to 64 printable characters");
    }
    return new NodeIdentity(id, name);
  }
}
