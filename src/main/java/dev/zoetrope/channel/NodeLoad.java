package dev.zoetrope.channel;

import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Piece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all channels of a node take up together, held against its limits. Thread-safe. */
final class NodeLoad {
  private final Node node;
  private final AtomicInteger viewers = new AtomicInteger();
  private final Map<String, Integer> byAddress = new ConcurrentHashMap<>(); // viewers
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong admitted = new AtomicLong(); // leases of any kind
  private final AtomicInteger made = new AtomicInteger(); // feeds
  private final Set<Feed<?>> feeds = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  NodeLoad(Node node) {
    this.node = node;
  }

  /**
   * @param address where it comes from; empty where that is not known
   */
  void addViewer(String address) throws RefusedException {
    if (viewers.incrementAndGet() > node.limits().viewersPerNode()) {
      viewers.decrementAndGet();
      throw refused("the server has as many viewers as its limit allows");
    }
    boolean isOneTooMany =
        !address.isEmpty()
            && byAddress.merge(address, 1, Integer::sum) > node.limits().viewersPerAddress();
    if (isOneTooMany) {
      removeViewer(address);
      throw refused("your address has as many viewers as its limit allows");
    }
  }

  void removeViewer(String address) {
    viewers.decrementAndGet();
    if (!address.isEmpty()) {
      byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  /** From now on all that ends does so because the node does. */
  void stop() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Counts it. */
  RefusedException refused(String message) {
    refused.incrementAndGet();
    return new RefusedException(message);
  }

  /** A number that no other viewer has, or will have. */
  long nextId() {
    return admitted.incrementAndGet();
  }

  /** Viewers connected now; those of stills are not counted. */
  int viewers() {
    return viewers.get();
  }

  /** How many were refused for a limit so far. */
  long refused() {
    return refused.get();
  }

  /** Refuses to start one more rendition when the logs are full. */
  void checkLogBytes() throws RefusedException {
    long held = feeds.stream().mapToLong(feed -> feed.stats().heldBytes()).sum();
    if (held > node.limits().logBytesPerNode()) {
      throw refused("the server's logs hold as many bytes as their limit allows");
    }
  }

  <T extends Piece> Feed<T> newFeed(Bounds bounds) {
    List<Executor> workers = new ArrayList<>(node.workers());
    Collections.rotate(workers, made.getAndIncrement()); // each has its turn as the first
    Feed<T> feed = new Feed<>(bounds, node.workshop().wallMicros(), workers);
    feeds.add(feed);
    return feed;
  }

  void removeFeed(Feed<?> feed) {
    feeds.remove(feed);
  }
}
