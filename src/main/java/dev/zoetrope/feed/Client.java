package dev.zoetrope.feed;

import java.time.Instant;
import java.util.Objects;

/**
 * Who is behind a viewer. Immutable.
 *
 * @param id no other viewer of this node has it, nor will have it
 * @param way the word at the end of the address: {@code mjpeg}, {@code fmp4}
 * @param address where it comes from; empty where nobody knows
 * @param since when it was let in
 */
public record Client(long id, String way, String address, Instant since) {
  public Client {
    Objects.requireNonNull(way, "way");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(since, "since");
  }
}
