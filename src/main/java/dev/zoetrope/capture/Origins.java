package dev.zoetrope.capture;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;

/** Where sources of other nodes are read from. Thread-safe. */
@FunctionalInterface
public interface Origins {
  /** There are none. */
  Origins NONE =
      (id, source) -> {
        throw new IOException("this server takes no sources from other nodes");
      };

  /**
   * Opens one.
   *
   * @param id of the source here
   * @throws IOException if it cannot be opened; the message says why, for people
   */
  Input open(SourceId id, Source.Relay source) throws IOException;
}
