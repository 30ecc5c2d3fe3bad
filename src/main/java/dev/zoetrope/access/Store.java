package dev.zoetrope.access;

import java.io.IOException;
import java.util.Optional;

/** Where accounts, tokens, links and node keys are kept. Used by one thread at a time. */
public interface Store {
  /**
   * What is kept; empty if nothing is yet.
   *
   * @throws IOException if there is something that cannot be read as it is; the message says what,
   *     and what to do, without secrets
   */
  Optional<Kept> read() throws IOException;

  /**
   * Puts this in the place of what was kept, wholly or not at all.
   *
   * @throws IOException if it cannot, or if what is there was changed by somebody else, or cannot
   *     be read, and would be lost
   */
  void write(Kept kept) throws IOException;

  /** Whether somebody else has changed it since, and is done; to be called about every second. */
  boolean look();
}
