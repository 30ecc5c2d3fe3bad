package dev.zoetrope.media;

/** What stands in a feed: a packet of a capture, or a fragment of a rendition. Immutable. */
public interface Piece {
  /** Bytes it holds in memory, about; what the bounds of a feed count. */
  int size();

  /** Whether a decoder can start here, given the run's init segment and tracks. */
  boolean isJoinPoint();

  /** The same, as one of that run. */
  default boolean isJoinPoint(Run run) {
    return isJoinPoint();
  }

  /** Whether it is so large, and so complete, that a feed drops what came before it. */
  default boolean supersedes() {
    return false;
  }

  /** When the picture or sound came out of the capture: microseconds since 1970, UTC. */
  long captureMicros();
}
