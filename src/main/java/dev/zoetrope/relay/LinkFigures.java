package dev.zoetrope.relay;

import java.util.Optional;

/**
 * What is to be told of a link to an origin, at one moment.
 *
 * @param address of the origin
 * @param node who that is; empty before it has said so
 * @param isUp whether it is connected and heard of
 * @param cause why it is not, for people; empty where it is
 * @param since when that began, milliseconds since 1970
 * @param roundTripMicros -1 where it is not known
 * @param isDraining whether the origin is about to stop
 * @param sources of which anything is wanted over it
 * @param bytes that have come over it so far
 * @param bytesPerSecond that come, of the last second or two
 * @param ageMicros of pictures when they come over it, the youngest of a second; -1 without any
 * @param lost fragments that were left out on the way so far
 * @param connects how often it was connected
 */
public record LinkFigures(
    String address,
    Optional<Peer> node,
    boolean isUp,
    String cause,
    long since,
    long roundTripMicros,
    boolean isDraining,
    int sources,
    long bytes,
    double bytesPerSecond,
    long ageMicros,
    long lost,
    long connects) {
  /** The node at the other end. */
  public record Peer(String id, String name) {}
}
