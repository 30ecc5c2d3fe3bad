package dev.zoetrope.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows those down who guess: after the first wrong try 1 s has to pass, then 2, 4, … 60. What was
 * wrong is forgotten after a quarter of an hour without another. Of more than 10,000 guessers,
 * those who were silent longest are forgotten. Thread-safe.
 */
final class Throttle {
  private static final int MOST = 10_000;
  private static final long LONGEST_SECONDS = 60;
  private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(15);

  private record Wrong(int tries, long lastNanos) {
    long patienceNanos(long now) {
      long seconds = tries > 6 ? LONGEST_SECONDS : Math.min(LONGEST_SECONDS, 1L << (tries - 1));
      return TimeUnit.SECONDS.toNanos(seconds) - (now - lastNanos);
    }
  }

  private final LongSupplier nanos;

  /** Guarded by this; the one that was silent longest comes first. */
  private final Map<String, Wrong> guessers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Wrong> eldest) {
          return size() > MOST;
        }
      };

  Throttle(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How long all of these have to wait; zero if not at all. */
  synchronized Duration patience(List<String> who) {
    long now = nanos.getAsLong();
    long longest = 0;
    for (String one : who) {
      Wrong wrong = guessers.get(one);
      if (wrong != null && now - wrong.lastNanos() > FORGET_NANOS) {
        guessers.remove(one);
      } else if (wrong != null) {
        longest = Math.max(longest, wrong.patienceNanos(now));
      }
    }
    return Duration.ofNanos(longest);
  }

  synchronized void wrong(List<String> who) {
    long now = nanos.getAsLong();
    for (String one : who) {
      Wrong before = guessers.get(one);
      boolean isNew = before == null || now - before.lastNanos() > FORGET_NANOS;
      guessers.put(one, new Wrong(isNew ? 1 : Math.min(100, before.tries() + 1), now));
    }
  }

  synchronized void right(String who) {
    guessers.remove(who);
  }

  synchronized int size() {
    return guessers.size();
  }
}
