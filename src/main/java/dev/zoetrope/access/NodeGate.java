package dev.zoetrope.access;

/** Decides which nodes may have sources of this one. Thread-safe. */
public interface NodeGate {
  /**
   * Lets in a node that shows a node key as {@code Authorization: Bearer}, or says why not.
   *
   * @throws DeniedException if it shows none or a wrong one, or wrong ones came from its address
   *     and the next one is not looked at yet
   */
  NodeGrant admitNode(Visitor visitor) throws DeniedException;
}
