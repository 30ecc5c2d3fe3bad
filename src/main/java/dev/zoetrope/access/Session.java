package dev.zoetrope.access;

/** Somebody signed in with a browser. Thread-safe. */
final class Session {
  private final String id = RandomText.key();
  private final String csrf = RandomText.key();
  private final String account;
  private final long begunNanos;
  private volatile long usedNanos;

  Session(String account, long now) {
    this.account = account;
    begunNanos = now;
    usedNanos = now;
  }

  /** The cookie. */
  String id() {
    return id;
  }

  /** What its pages have to show when they change something. */
  String csrf() {
    return csrf;
  }

  String account() {
    return account;
  }

  void use(long now) {
    usedNanos = now;
  }

  boolean isOver(long now) {
    return now - begunNanos >= Sessions.LONGEST_NANOS || now - usedNanos >= Sessions.IDLE_NANOS;
  }

  long usedNanos() {
    return usedNanos;
  }
}
