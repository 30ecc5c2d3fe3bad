package dev.zoetrope.access;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The permissions that are held at present, by what they stand on: a link, an account, a session, a
 * token. Thread-safe.
 */
final class Grants {
  private static final Logger LOG = System.getLogger(Grants.class.getName());

  /** Guarded by this. */
  private final Map<String, Set<Held>> held = new HashMap<>();

  /**
   * Gives one, unless there are too many.
   *
   * @param grounds all that it stands on: it ends with any of them
   * @param most so many at a time stand on the first ground; empty: any number
   * @return empty if there are so many
   */
  synchronized Optional<Grant> open(List<String> grounds, OptionalInt most) {
    if (most.isPresent() && count(grounds.get(0)) >= most.getAsInt()) {
      return Optional.empty();
    }
    return Optional.of(open(new Held(grounds, true)));
  }

  /** Gives one: any number may stand on its grounds. */
  synchronized Grant open(List<String> grounds) {
    return open(new Held(grounds, true));
  }

  /** For what is so short that it does not count as a viewer. */
  synchronized Grant openBriefly(List<String> grounds) {
    return open(new Held(grounds, false));
  }

  private Held open(Held grant) {
    for (String ground : grant.grounds) {
      held.computeIfAbsent(ground, key -> new HashSet<>()).add(grant);
    }
    return grant;
  }

  /** How many viewers stand on it. */
  synchronized int count(String ground) {
    return (int) held.getOrDefault(ground, Set.of()).stream().filter(one -> one.isCounted).count();
  }

  /** All that something stands on. */
  synchronized Set<String> grounds() {
    return Set.copyOf(held.keySet());
  }

  /** Cuts all that stand on it. */
  void end(String ground) {
    endOthers(ground, Optional.empty());
  }

  /**
   * Cuts those that stand on it.
   *
   * @param kept but for those that stand on this as well
   */
  void endOthers(String ground, Optional<String> kept) {
    List<Held> ended = new ArrayList<>();
    synchronized (this) {
      for (Held grant : held.getOrDefault(ground, Set.of())) {
        if (kept.isEmpty() || !grant.grounds.contains(kept.get())) {
          ended.add(grant);
        }
      }
      ended.forEach(this::remove);
    }
    ended.forEach(Held::end);
  }

  private synchronized void remove(Held grant) {
    for (String ground : grant.grounds) {
      Set<Held> all = held.get(ground);
      if (all != null && all.remove(grant) && all.isEmpty()) {
        held.remove(ground);
      }
    }
  }

  private final class Held implements Grant {
    private final List<String> grounds;
    private final boolean isCounted;

    // Guarded by this.
    private Optional<Runnable> cut = Optional.empty();
    private boolean isEnded;
    private boolean isClosed;

    Held(List<String> grounds, boolean isCounted) {
      this.grounds = List.copyOf(grounds);
      this.isCounted = isCounted;
    }

    @Override
    public void onEnd(Runnable wanted) {
      synchronized (this) {
        if (!isEnded || isClosed) {
          cut = isClosed ? Optional.empty() : Optional.of(wanted);
          return;
        }
      }
      run(wanted);
    }

    void end() {
      Optional<Runnable> told;
      synchronized (this) {
        told = isClosed || isEnded ? Optional.empty() : cut;
        isEnded = true;
        cut = Optional.empty();
      }
      told.ifPresent(this::run);
    }

    /** One door that fails keeps no other one open. */
    private void run(Runnable wanted) {
      try {
        wanted.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a viewer whose permission has ended could not be cut", e);
      }
    }

    @Override
    public void close() {
      synchronized (this) {
        isClosed = true;
        cut = Optional.empty();
      }
      remove(this);
    }
  }
}
