package dev.zoetrope.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Who is signed in with a browser; gone with the server. A session ends after 12 h in which nobody
 * uses it, and after 7 days in any case; the 51st of an account ends the one unused for longest.
 * Thread-safe.
 */
final class Sessions {
  static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(12);
  static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(7);
  private static final int MOST_OF_ACCOUNT = 50;

  private final LongSupplier nanos;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>(); // by id

  Sessions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * @param ended gets those that make room for it
   */
  synchronized Session begin(String account, List<Session> ended) {
    List<Session> others = new ArrayList<>(of(account));
    others.sort((a, b) -> Long.signum(a.usedNanos() - b.usedNanos())); // they may wrap around
    while (others.size() >= MOST_OF_ACCOUNT) {
      Session oldest = others.remove(0);
      sessions.remove(oldest.id());
      ended.add(oldest);
    }
    Session session = new Session(account, nanos.getAsLong());
    sessions.put(session.id(), session);
    return session;
  }

  /** The one with that cookie, which counts as a use of it. */
  Optional<Session> find(String id) {
    long now = nanos.getAsLong();
    Optional<Session> found =
        Optional.ofNullable(sessions.get(id)).filter(session -> !session.isOver(now));
    found.ifPresent(session -> session.use(now));
    return found;
  }

  List<Session> of(String account) {
    return sessions.values().stream().filter(session -> session.account().equals(account)).toList();
  }

  /** Whether it was there. */
  boolean end(Session session) {
    return sessions.remove(session.id(), session);
  }

  /**
   * Removes those that are over.
   *
   * @param isBusy whether somebody watches by it, which counts as a use
   */
  List<Session> tidy(Predicate<Session> isBusy) {
    long now = nanos.getAsLong();
    List<Session> over = new ArrayList<>();
    for (Session session : sessions.values()) {
      if (isBusy.test(session)) {
        session.use(now);
      }
      if (session.isOver(now) && end(session)) {
        over.add(session);
      }
    }
    return over;
  }
}
