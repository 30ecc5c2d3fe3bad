package dev.zoetrope.access;

/** One viewer's permission, held for as long as it watches. Thread-safe. */
public interface Grant extends AutoCloseable {
  /**
   * Calls {@code cut}, once, when the permission ends before {@link #close}: its link was revoked
   * or expired, its account changed, its session ended. At once if that has happened already. On
   * any thread.
   */
  void onEnd(Runnable cut);

  /** The viewer has gone. Idempotent. */
  @Override
  void close();
}
