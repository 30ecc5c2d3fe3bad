package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import java.util.function.IntFunction;

/** A message of a subscription, about to be added to its socket. Immutable. */
sealed interface Outgoing {
  /**
   * Adds it. With the lock of {@link Subscriptions}; calls nobody else.
   *
   * @param share counts the binary messages
   * @return whether it is time to flush
   */
  boolean addTo(SharedSocket socket, Pace.Share share);

  /** A text message. */
  record Text(String text) implements Outgoing {
    @Override
    public boolean addTo(SharedSocket socket, Pace.Share share) {
      return socket.add(text);
    }
  }

  /**
   * A binary message.
   *
   * @param tag what stands before the payload, by the message's sequence
   * @param payload the same for all that get it
   */
  record Binary(IntFunction<Bytes> tag, Bytes payload) implements Outgoing {
    @Override
    public boolean addTo(SharedSocket socket, Pace.Share share) {
      int sequence = share.send(payload.size());
      return socket.add(tag.apply(sequence), payload);
    }
  }
}
