package dev.zoetrope.monitor;

import dev.zoetrope.media.NodeIdentity;
import java.util.List;
import java.util.function.Supplier;

/** This node, and those it is connected with, as they are now. Thread-safe if what it asks is. */
public final class NodeTree {
  private final NodeIdentity own;
  private final Supplier<List<NodeLink>> origins;
  private final Supplier<List<NodeLink>> followers;

  /**
   * @param origins the nodes that sources are had from, in the order in which people know them
   * @param followers the nodes that have sources of this one
   */
  public NodeTree(
      NodeIdentity own, Supplier<List<NodeLink>> origins, Supplier<List<NodeLink>> followers) {
    this.own = own;
    this.origins = origins;
    this.followers = followers;
  }

  public NodeIdentity own() {
    return own;
  }

  public List<NodeLink> origins() {
    return origins.get();
  }

  public List<NodeLink> followers() {
    return followers.get();
  }
}
