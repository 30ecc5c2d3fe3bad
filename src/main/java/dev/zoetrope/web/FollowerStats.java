package dev.zoetrope.web;

import dev.zoetrope.media.NodeIdentity;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node that has sources of this one, at one moment.
 *
 * @param node as it calls itself
 * @param keyName what the operator calls the key that it has shown
 * @param address where it comes from; empty where nobody knows
 * @param since when it came
 * @param link how what it is sent arrives
 * @param sent what it is sent now
 * @param below what it said last of its own viewers and links: an object of the shape that it
 *     chose; empty before the first
 */
public record FollowerStats(
    NodeIdentity node,
    String keyName,
    String address,
    Instant since,
    LinkStats link,
    List<SentStats> sent,
    Optional<JsonObject> below) {
  public FollowerStats {
    sent = List.copyOf(sent);
  }

  /** Fragments that were left out of what it is sent now, because it was too slow. */
  public long skipped() {
    return sent.stream().mapToLong(one -> one.viewer().skipped()).sum();
  }
}
