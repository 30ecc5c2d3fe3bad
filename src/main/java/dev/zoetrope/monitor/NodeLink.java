package dev.zoetrope.monitor;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the connection with another node is, as the origin or the follower sees it. Immutable. NaN
 * where a figure is not known.
 *
 * @param id of the other node; empty while it is not known
 * @param name what people call it; empty while it is not known
 * @param address where it is, without user and query; empty where nobody knows
 * @param key what people call the node key that it came by; empty where this is not its origin
 * @param words what is broken, for people; empty where nothing is
 * @param since when it began to be in that state
 * @param sources how many of them go over it now
 * @param bytesPerSecond that go over it
 * @param ageMillis how old a fragment is when it has come
 * @param roundTripMillis how long an answer takes
 * @param lost fragments that were left out since it connected
 * @param viewers who watch at the follower and below it; 0 of an origin
 * @param below the followers of the follower; none of an origin
 */
public record NodeLink(
    String id,
    String name,
    String address,
    String key,
    State state,
    String words,
    Optional<Instant> since,
    int sources,
    double bytesPerSecond,
    double ageMillis,
    double roundTripMillis,
    long lost,
    int viewers,
    List<NodeLink> below) {
  /** What the connection is doing. */
  public enum State {
    /** It is tried. */
    CONNECTING,
    /** It is there. */
    CONNECTED,
    /** It is there, and its origin is about to stop. */
    DRAINING,
    /** It is not there, and is tried again. */
    BROKEN;

    /** As in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public NodeLink {
    below = List.copyOf(below);
  }
}
