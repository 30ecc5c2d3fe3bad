package dev.zoetrope.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.Bytes;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A socket that takes no more than so many bits a second, over some tenths of a second: beyond, it
 * is not ready, as one with a slow link is not. A message goes whole, and the next ones wait for
 * it. Thread-safe.
 */
final class LimitedSocket implements SharedSocket {
  /** What was not used may be later, up to so much. */
  private static final double MOST_SAVED_SECONDS = 0.2;

  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SharedSocket socket;
  private final double bytesPerSecond;
  private final Runnable moved;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanos;

  // Guarded by this.
  private double allowed; // bytes, now; below 0: that was too much
  private long allowedNanos; // when that was
  private boolean isWakeDue;

  /**
   * @param bitsPerSecond more than 0
   * @param moved called on the timer when more may follow, once after each time it may not
   */
  LimitedSocket(
      SharedSocket socket,
      int bitsPerSecond,
      Runnable moved,
      ScheduledExecutorService timer,
      LongSupplier nanos) {
    this.socket = socket;
    this.moved = moved;
    this.timer = timer;
    this.nanos = nanos;
    bytesPerSecond = bitsPerSecond / 8.0;
    allowed = mostSaved();
    allowedNanos = nanos.getAsLong();
  }

  private double mostSaved() {
    return bytesPerSecond * MOST_SAVED_SECONDS;
  }

  @Override
  public boolean isReady() {
    return isAllowed() && socket.isReady();
  }

  private synchronized boolean isAllowed() {
    long now = nanos.getAsLong();
    allowed = Math.min(mostSaved(), allowed + (now - allowedNanos) * bytesPerSecond / NANOS);
    allowedNanos = now;
    if (allowed > 0) {
      return true;
    }
    if (!isWakeDue) {
      isWakeDue = true;
      long wait = 1 + (long) Math.ceil(-allowed * NANOS / bytesPerSecond);
      var unused = timer.schedule(this::wake, wait, TimeUnit.NANOSECONDS);
    }
    return false;
  }

  private void wake() {
    synchronized (this) {
      isWakeDue = false; // before: who finds nothing allowed from here on has another wake
    }
    moved.run();
  }

  private synchronized void spend(int bytes) {
    allowed -= bytes;
  }

  @Override
  public boolean add(String text) {
    spend(text.getBytes(UTF_8).length);
    return socket.add(text);
  }

  @Override
  public boolean add(Bytes tag, Bytes payload) {
    spend(tag.size() + payload.size());
    return socket.add(tag, payload);
  }

  @Override
  public void flush() {
    socket.flush();
  }

  @Override
  public void push() {
    socket.push();
  }

  @Override
  public void close(Outcome outcome, String reason) {
    socket.close(outcome, reason);
  }

  @Override
  public void cut() {
    socket.cut();
  }
}
