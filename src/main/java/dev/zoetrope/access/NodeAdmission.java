package dev.zoetrope.access;

import dev.zoetrope.access.DeniedException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets followers in by their keys. Those who guess are slowed down, by the key they mean and the
 * address they come from together: so who has a key that was revoked keeps nobody out beside him.
 * Thread-safe.
 */
final class NodeAdmission implements NodeGate {
  private static final Logger LOG = System.getLogger(NodeAdmission.class.getName());

  private final NodeKeys keys;
  private final Throttle throttle;

  NodeAdmission(NodeKeys keys, LongSupplier nanos) {
    this.keys = keys;
    throttle = new Throttle(nanos);
  }

  @Override
  public NodeGrant admitNode(Visitor visitor) throws DeniedException {
    Optional<String> shown = Callers.bearer(visitor);
    if (shown.isEmpty()) {
      throw unknown("a node key is needed: the header Authorization: Bearer …");
    }
    String meant = keys.meant(shown.get()).map(NodeKey::id).orElse("unknown");
    List<String> guesser = List.of("node key " + meant + " " + SignIn.network(visitor.address()));
    Duration patience = throttle.patience(guesser);
    if (!patience.isZero()) {
      throw unknown(
          "too many wrong node keys came from this address; the next one is looked at in "
              + (patience.toSeconds() + 1)
              + " s");
    }
    Optional<NodeKey> key = keys.find(shown.get());
    if (key.isEmpty()) {
      throttle.wrong(guesser);
      LOG.log(
          Level.INFO,
          "wrong node key from {0}",
          visitor.address().isEmpty() ? "somewhere" : visitor.address());
      throw unknown(
          "this node key is not known, or was revoked; an administrator here makes another one");
    }
    return keys.hold(key.get());
  }

  private static DeniedException unknown(String message) {
    return new DeniedException(Reason.UNKNOWN, message);
  }
}
