package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps one source running from construction to {@link #close}: starts it, reads its packets into a
 * sink, starts it again with back-off when it ends.
 *
 * <p>It owns the thread {@code capture <source>}; the sink is called on that thread only.
 */
public final class Capture implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Capture.class.getName());

  /** A run that lived this long was a success: the next back-off starts anew. */
  private static final Duration HEALTHY = Duration.ofSeconds(10);

  /** How long a source plays without its sound, when sound hindered its start, before a new try. */
  private static final Duration WITHOUT_SOUND = Duration.ofSeconds(60);

  private final SourceId id;
  private final Source source;
  private final Ffmpeg ffmpeg;
  private final LongSupplier wallMicros;
  private final Watch sink;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile CaptureState state = CaptureState.STARTING;
  private volatile String cause = "";
  private volatile Input input;
  private final AtomicLong restarts = new AtomicLong();

  // Confined to the capture thread.
  private final Backoff backoff = new Backoff();
  private long soundFromNanos = System.nanoTime(); // before, sound is left out

  /** Starts at once. */
  public Capture(
      SourceId id, Source source, Ffmpeg ffmpeg, LongSupplier wallMicros, Sink<Packet> sink) {
    this.id = id;
    this.source = source;
    this.ffmpeg = ffmpeg;
    this.wallMicros = wallMicros;
    this.sink = new Watch(new SteadyClock(sink, System::nanoTime));
    thread = Ffmpeg.daemon("capture " + id, this::keepRunning);
    thread.start();
  }

  private void keepRunning() {
    try {
      while (closed.getCount() > 0) {
        long started = System.nanoTime();
        state = CaptureState.STARTING;
        sink.hasPacket = false;
        try (Input opened = open()) {
          input = opened;
          if (closed.getCount() > 0) { // else close() may have come before it could see the input
            opened.read(sink);
          }
        } catch (IOException e) {
          if (!failed(e, started)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() wants us to end
    } finally {
      state = CaptureState.IDLE;
    }
  }

  private Input open() throws IOException {
    if (source instanceof Folder folder) {
      return new FolderInput(folder, wallMicros);
    }
    boolean withSound = System.nanoTime() - soundFromNanos >= 0;
    return new FfmpegInput(
        ffmpeg,
        FfmpegCommand.capture(source, withSound, ffmpeg.h264Encoder()),
        id.value(),
        wallMicros);
  }

  /** Waits for the next try; false if there is none. */
  private boolean failed(IOException failure, long startedNanos) throws InterruptedException {
    if (closed.getCount() == 0) {
      return false;
    }
    restarts.incrementAndGet();
    if (!sink.hasPacket && failure instanceof SoundMissingException) {
      soundFromNanos = System.nanoTime() + WITHOUT_SOUND.toNanos();
      LOG.log(Level.INFO, "{0}: its sound has not begun; captured without it", id);
      return true; // at once
    }
    if (System.nanoTime() - startedNanos > HEALTHY.toNanos()) {
      backoff.reset();
    }
    state = CaptureState.WAITING;
    Duration wait = backoff.next();
    String why = masked(String.valueOf(failure.getMessage()));
    if (!why.equals(cause)) { // repeated failures once
      LOG.log(Level.WARNING, "{0}: {1}; again in {2} s", id, why, wait.toSeconds());
    }
    cause = why;
    return !closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String masked(String message) {
    return source instanceof Url url ? url.maskedIn(message) : message;
  }

  /** What it is doing. Any thread. */
  public CaptureStats stats() {
    return new CaptureStats(state, restarts.get(), cause);
  }

  /** Stops the source; returns when its process is gone. Idempotent, any thread but its own. */
  @Override
  public void close() {
    closed.countDown();
    Input open = input;
    if (open != null) {
      open.close();
    }
    boolean interrupted = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      thread.interrupt();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sees that packets arrive. Confined to the capture thread. */
  private final class Watch implements Sink<Packet> {
    private final Sink<Packet> next;
    private boolean hasPacket;

    Watch(Sink<Packet> next) {
      this.next = next;
    }

    @Override
    public void begin(Run run) {
      next.begin(run);
    }

    @Override
    public void accept(Packet packet) {
      if (!hasPacket) {
        hasPacket = true;
        state = CaptureState.LIVE;
        if (!cause.isEmpty()) {
          LOG.log(Level.INFO, "{0}: live again", id);
        }
      }
      next.accept(packet);
    }
  }
}
