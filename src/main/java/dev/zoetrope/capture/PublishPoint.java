package dev.zoetrope.capture;

import dev.zoetrope.media.Source.Published;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the publishers of one source come to, one at a time. It is there as long as the server
 * runs, whether the source is captured or not; who is let in is read by the capture. Thread-safe.
 */
public final class PublishPoint {
  private final Published source;
  private final Runnable arrived;
  private final Guesses guesses;

  // Guarded by this.
  private Input waiting; // let in, not yet taken by the capture; null if nobody is
  private Input reading; // taken by the capture; null if nobody is
  private boolean closed;

  /**
   * @param arrived called without a lock when somebody was let in, on the publisher's thread: the
   *     capture shall run
   * @param guesses asked without a lock, on a publisher's thread
   */
  public PublishPoint(Published source, Runnable arrived, Guesses guesses) {
    this.source = source;
    this.arrived = arrived;
    this.guesses = guesses;
  }

  /**
   * Checks a publisher before anything is taken from it.
   *
   * @param key as offered; empty if none was
   * @param address where it comes from
   * @throws PublisherRefusedException if the key is wrong, or not looked at after too many wrong
   *     ones; if somebody else is publishing, or the server stops
   */
  public void check(String key, String address) throws PublisherRefusedException {
    checkKey(key, address);
    checkRoom();
  }

  /**
   * Checks the key alone: for those who do not mind who else is publishing.
   *
   * @param key as offered; empty if none was
   * @param address where it comes from
   */
  public void checkKey(String key, String address) throws PublisherRefusedException {
    if (key.isEmpty()) {
      guesses.refused();
      throw wrongKey(key);
    }
    Duration patience = guesses.patience(address);
    if (!patience.isZero()) {
      throw PublisherRefusedException.tooSoon(patience);
    }
    if (!source.key().matches(key)) {
      guesses.wrong(address);
      throw wrongKey(key);
    }
  }

  private static PublisherRefusedException wrongKey(String key) {
    return new PublisherRefusedException(
        PublisherRefusedException.Reason.WRONG_KEY,
        key.isEmpty() ? "a key is needed to publish here" : "wrong key");
  }

  /** The publisher let in last who has not ended; empty if nobody is publishing. */
  public synchronized Optional<Input> publisher() {
    return Optional.ofNullable(waiting != null ? waiting : reading);
  }

  /**
   * Checks all but the key: for those who are let in by something else.
   *
   * @throws PublisherRefusedException if somebody else is publishing, or the server stops
   */
  public synchronized void checkRoom() throws PublisherRefusedException {
    if (closed) {
      throw new PublisherRefusedException(
          PublisherRefusedException.Reason.STOPPING, "the server is stopping");
    }
    if ((waiting != null || reading != null) && !source.takeOver()) {
      throw new PublisherRefusedException(
          PublisherRefusedException.Reason.OCCUPIED, "somebody else is publishing already");
    }
  }

  /**
   * Lets a publisher in who was checked before. From then on the capture reads {@code input} on a
   * thread of its own, until it ends, and closes it; where takeover is configured, an earlier one
   * is closed.
   *
   * @throws PublisherRefusedException if the key is another by now, somebody else is publishing, or
   *     the server stops; then {@code input} is the caller's
   */
  public void admit(String key, Input input) throws PublisherRefusedException {
    if (!source.key().matches(key)) {
      throw wrongKey(key);
    }
    admit(input);
  }

  /**
   * The same for those who are let in by something else than the key.
   *
   * @throws PublisherRefusedException as for {@link #checkRoom}; then {@code input} is the caller's
   */
  public void admit(Input input) throws PublisherRefusedException {
    Input replacedWaiting;
    Input replacedReading;
    synchronized (this) {
      checkRoom();
      replacedWaiting = waiting;
      replacedReading = reading;
      waiting = input;
      notifyAll();
    }
    if (replacedWaiting != null) {
      replacedWaiting.close();
    }
    if (replacedReading != null) {
      replacedReading.close();
    }
    arrived.run();
  }

  /** The next publisher, for the capture; empty if none has come yet. */
  synchronized Optional<Input> take() {
    Input taken = waiting;
    waiting = null;
    reading = taken;
    return Optional.ofNullable(taken);
  }

  /** The publisher last taken has been read to its end. */
  synchronized void release(Input taken) {
    if (reading == taken) {
      reading = null;
    }
  }

  /** Whether somebody was let in and has not ended. */
  public synchronized boolean isOccupied() {
    return waiting != null || reading != null;
  }

  /** Lets nobody in any more. Idempotent. */
  public void close() {
    Input left;
    synchronized (this) {
      closed = true;
      left = waiting;
      waiting = null;
    }
    if (left != null) {
      left.close();
    }
  }
}
