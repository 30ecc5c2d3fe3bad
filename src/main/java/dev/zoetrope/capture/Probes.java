package dev.zoetrope.capture;

import dev.zoetrope.capture.ProbeRefusedException.Reason;
import dev.zoetrope.media.Rendition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The looks at sources that are under way: {@value #MOST} at a time at most. Thread-safe. */
public final class Probes implements AutoCloseable {
  /** How many may be under way at a time. */
  public static final int MOST = 2;

  /** What those under way have to end in, when the server stops. */
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Ffmpeg ffmpeg;
  private final LongSupplier wallMicros;

  // Guarded by this.
  private final Set<Probe> running = new HashSet<>();
  private boolean closed;

  /**
   * @param wallMicros the time, in microseconds since 1970, UTC
   */
  public Probes(Ffmpeg ffmpeg, LongSupplier wallMicros) {
    this.ffmpeg = ffmpeg;
    this.wallMicros = wallMicros;
  }

  /**
   * Captures a source for some seconds, at most 15, on the caller's thread, and says what is behind
   * it. Nothing is left behind.
   *
   * @param task of a source that nobody has to bring
   * @param renditions that are configured
   */
  public ProbeResult look(CaptureTask task, List<Rendition> renditions)
      throws ProbeRefusedException {
    Probe probe = new Probe(task, renditions, ffmpeg, wallMicros);
    synchronized (this) {
      if (closed) {
        throw new ProbeRefusedException(Reason.STOPPING, "the server is stopping");
      }
      if (running.size() >= MOST) {
        throw new ProbeRefusedException(
            Reason.BUSY, MOST + " sources are being looked at already; try again in a moment");
      }
      running.add(probe);
    }
    try {
      return probe.look();
    } finally {
      synchronized (this) {
        running.remove(probe);
        notifyAll();
      }
    }
  }

  /** Lets all come to their end, without waiting for it. Idempotent. */
  public synchronized void cancel() {
    closed = true;
    running.forEach(Probe::cancel);
  }

  /** The same; returns when they are at their end, or after 2 s. Idempotent. */
  @Override
  public synchronized void close() {
    cancel();
    long deadline = System.nanoTime() + END_NANOS;
    try {
      while (!running.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
