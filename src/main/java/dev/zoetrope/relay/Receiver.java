package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/** What gets one rendition's messages. Called on the link's thread, one at a time for each link. */
interface Receiver {
  /**
   * A whole message.
   *
   * @param captureMicros when it was captured, by this node's clock
   * @throws MalformedMediaException if it is not what it must be; the link ends
   */
  void received(Upstream from, RelayMessage header, long captureMicros, Bytes payload)
      throws MalformedMediaException;

  /**
   * The origin refuses it, or has it no more. It is asked for again, some time later.
   *
   * @param words why, for people
   */
  void refused(Upstream from, String words);
}
