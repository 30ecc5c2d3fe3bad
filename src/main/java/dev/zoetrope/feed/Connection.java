package dev.zoetrope.feed;

import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Run;
import java.io.IOException;

/**
 * One viewer's socket: the one contract that both doors, HTTP and WebSocket, implement.
 *
 * <p>Its viewer calls it from one thread at a time, and not before the first {@link Viewer#wake};
 * it calls {@link Viewer#wake} whenever {@link #isReady} may have become true again.
 */
public interface Connection {
  /** Whether one more write would be taken now without blocking. */
  boolean isReady();

  /** How long what is written next takes to arrive, in microseconds, as far as that is known. */
  default long delayMicros() {
    return 0;
  }

  /**
   * Whether it wants the sound that comes behind the picture where it joined, but is from before
   * it: who shows pictures has no use for it, who passes all on must have no gap.
   */
  default boolean wantsEarlySound() {
    return false;
  }

  /**
   * A run begins for this viewer. Never blocks; only after {@link #isReady} said true.
   *
   * @param first the fragment that will follow, through {@link #write}; a later join point of the
   *     run, or the next run, if the feed overtakes this viewer before
   * @return false if this client cannot go on with the run; then it is closed
   */
  boolean begin(Run run, Fragment first) throws IOException;

  /**
   * The next fragment. Never blocks; only after {@link #isReady} said true.
   *
   * @param joining whether the viewer starts here, enters a run, or goes on after being lapped
   */
  void write(Fragment fragment, boolean joining) throws IOException;

  /** The same, with where it stands in the feed. */
  default void write(Entry<Fragment> entry, boolean joining) throws IOException {
    write(entry.piece(), joining);
  }

  /** For now, nothing more will be written. Never blocks. */
  default void flush() throws IOException {
    // only for who collects
  }

  /** The end. Idempotent, never throws, any thread. */
  void close(Ending why);

  /** Why a viewer stopped. */
  enum Ending {
    /** The client went. */
    LEFT,
    /** A run began that this client cannot go on with. */
    STREAM_RESTARTED,
    /** The rendition, or the server, stopped. */
    FEED_CLOSED,
    /** Writing failed. */
    FAILED,
    /** The client took nothing for long. */
    STALLED,
    /** An operator, or the end of a permission, ended it: the client shall not come again. */
    CUT
  }
}
