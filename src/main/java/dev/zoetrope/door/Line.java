package dev.zoetrope.door;

import dev.zoetrope.media.Bytes;

/**
 * The socket of one client. What is sent goes out in order, each {@link Bytes} whole; nothing here
 * ever blocks. Thread-safe, but {@link #isReady} and {@link #flush} belong to the viewer's worker.
 */
public interface Line {
  /** Whether all that was sent has been taken by the socket, so that more may follow. */
  boolean isReady();

  /** These go out with the next {@link #flush}, or before that where much has come together. */
  void send(Bytes bytes);

  /**
   * These go out together with the next {@link #flush} or {@link #push}: only what is interjected
   * may come between. Any thread; calls nobody. Not to be mixed with {@link #send}.
   *
   * @return whether so much waits that it is time to flush
   */
  boolean add(Bytes... together);

  /** These go out at once, or else as the next: after what has been begun, before what waits. */
  void interject(Bytes bytes);

  /** The last, in the place of all that has not been begun; what is sent later is dropped. */
  void last(Bytes bytes);

  /** Gives the socket as much as it takes of what was sent. */
  void flush();

  /** As {@link #flush}, for threads that are not a viewer's worker. */
  void push();

  /** Closes as soon as all that was sent has gone out; within seconds in any case. Idempotent. */
  void end();

  /** Closes now. Idempotent. */
  void cut();
}
