package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;

/**
 * The messages of a WebSocket that several viewers share. What is added goes out in order, at the
 * next flush or push; nothing here blocks. Thread-safe.
 */
interface SharedSocket {
  /** Whether all that it was given has been taken, so that fragments may follow. Any thread. */
  boolean isReady();

  /**
   * A text message. Any thread; calls nobody.
   *
   * @return whether it is time to flush
   */
  boolean add(String text);

  /**
   * A binary message in two parts. On a viewer's worker; calls nobody.
   *
   * @param tag this client's own
   * @param payload the same for all that get it
   * @return whether it is time to flush
   */
  boolean add(Bytes tag, Bytes payload);

  /** Gives the socket what it takes. On a viewer's worker, without any lock of ours. */
  void flush();

  /** The same on any other thread, without any lock of ours. */
  void push();

  /** The end; of what waits, some may be lost. Idempotent; any thread, without any lock of ours. */
  void close(Outcome outcome, String reason);

  /** Closes now. Idempotent; any thread, without any lock of ours. */
  void cut();
}
