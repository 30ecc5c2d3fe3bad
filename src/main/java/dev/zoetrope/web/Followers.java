package dev.zoetrope.web;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All nodes that are connected to have sources of this one. Thread-safe. */
public final class Followers {
  private static final long LOOK_MILLIS = 20;
  private static final String STOPPING = "the node is stopping";

  private final Map<Bundle, Follower> followers = new ConcurrentHashMap<>();
  private volatile boolean isDraining;

  /** One more; while the node is about to stop, it is sent away at once. */
  void add(Follower follower, Bundle by) {
    followers.put(by, follower); // before looking: one of us both removes, or ends, it
    if (by.isOver()) {
      followers.remove(by);
    }
    if (isDraining) {
      by.end(Outcome.STOPPED, STOPPING);
    }
  }

  void remove(Bundle by) {
    followers.remove(by);
  }

  /** Figures of each, of this moment, by id and then in the order in which they came. */
  public List<FollowerStats> stats() {
    return followers.entrySet().stream()
        .map(one -> one.getValue().stats(one.getKey()))
        .sorted(
            Comparator.comparing((FollowerStats one) -> one.node().id())
                .thenComparing(FollowerStats::since))
        .toList();
  }

  /** How many there are. */
  public int size() {
    return followers.size();
  }

  /**
   * Tells all to go to another origin, where they have one, and ends each as soon as nothing is
   * subscribed to any more, all after that time. Takes no more. Returns when none is left.
   */
  public void drain(Duration within) {
    isDraining = true;
    String words = RelayTexts.drain(within);
    followers.keySet().forEach(follower -> follower.say(words));
    long end = System.nanoTime() + within.toNanos();
    try {
      while (!followers.isEmpty() && System.nanoTime() - end < 0) {
        endUnused();
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then they have no time
    }
    followers.keySet().forEach(follower -> follower.end(Outcome.STOPPED, STOPPING));
  }

  private void endUnused() {
    for (Bundle follower : followers.keySet()) {
      if (follower.subscriptions().isEmpty()) {
        follower.end(Outcome.STOPPED, STOPPING);
      }
    }
  }
}
