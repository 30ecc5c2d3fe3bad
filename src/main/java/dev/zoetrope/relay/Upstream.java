package dev.zoetrope.relay;

import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.util.Optional;

/** An origin as it is seen from here: what it has, and whether it can be had now. Thread-safe. */
interface Upstream {
  /** Who is told what happens to it; on any thread, without its lock. */
  interface Listener {
    void changed();
  }

  /** Of the origin's root. */
  URI address();

  void watch(Listener listener);

  void unwatch(Listener listener);

  /** Asks for a rendition until {@link #withdraw}, over all connections. Once for each. */
  void want(SourceId source, String rendition, Receiver receiver);

  /** Ends {@link #want}. Idempotent. */
  void withdraw(SourceId source, String rendition);

  /** Whether it is connected, and the origin answers. */
  boolean isUp();

  /** Whether the origin is about to stop. */
  boolean isDraining();

  /** What the origin has of that name, if it is known and has it. */
  Optional<Offer> offer(SourceId source);

  /** How long the way there and back takes, in microseconds; -1 where that is not known. */
  long roundTripMicros();

  /**
   * How old pictures are when they come over it, the youngest of a second, in microseconds; -1
   * where none come.
   */
  long ageMicros();

  /** Why it is not up, for people; empty if it is. */
  String cause();

  /** Fragments were left out on the way. */
  void countLost(long fragments);
}
