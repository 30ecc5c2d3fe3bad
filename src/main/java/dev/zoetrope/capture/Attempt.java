package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One try of a capture: its input, and the thread {@code read <source>} that reads it. What it sees
 * is for any thread; {@link #start} and {@link #close} belong to the capture's.
 */
final class Attempt implements Sink<Packet>, AutoCloseable {
  private static final Logger LOG = System.getLogger(Attempt.class.getName());

  /** The newest distance between packets counts for so much in the usual one. */
  private static final double NEWEST_SHARE = 0.1;

  /** What was complained of before has not hindered packets from coming for so long. */
  private static final long SURVIVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final Input input;
  private final Handover handover;
  private final Sink<Packet> viewers;
  private final LongSupplier nanoTime;
  private final Runnable changed;
  private final Thread reader;

  // Written by the reader.
  private volatile long packetNanos; // 0 before the first
  private volatile long usualNanos;
  private volatile long keyframeNanos;
  private volatile boolean hasVideo;
  private volatile IOException failure; // null while it goes on; written last

  private volatile boolean isPacketAwaited = true;

  // Confined to the reader.
  private long firstNanos;
  private boolean hasSurvived;

  /**
   * @param name of the source, for threads and logs
   * @param handover what the input was asked for
   * @param viewers gets what is read
   * @param changed called after an awaited packet, and at the end; on the reading thread
   */
  Attempt(
      String name,
      Input input,
      Handover handover,
      Sink<Packet> viewers,
      LongSupplier nanoTime,
      Runnable changed) {
    this.name = name;
    this.input = input;
    this.handover = handover;
    this.viewers = viewers;
    this.nanoTime = nanoTime;
    this.changed = changed;
    reader = Ffmpeg.daemon("read " + name, this::read);
  }

  void start() {
    reader.start();
  }

  private void read() {
    IOException end = new IOException("the source ended");
    try {
      input.read(this);
    } catch (IOException e) {
      end = e;
    } catch (InterruptedException e) {
      end = new IOException("reading was interrupted", e);
    } catch (RuntimeException e) { // ours: this source suffers, the others go on
      LOG.log(Level.ERROR, "capture " + name + " broke an invariant", e);
      end = new IOException("an error of the server, see its log", e);
    } finally {
      failure = end;
      changed.run();
    }
  }

  @Override
  public void begin(Run run) {
    hasVideo = run.video().isPresent();
    keyframeNanos = nanoTime.getAsLong();
    viewers.begin(run);
  }

  @Override
  public void accept(Packet packet) {
    viewers.accept(packet);
    if (hasVideo && !packet.track().isVideo()) {
      return; // sound that goes on does not tell that the picture does
    }
    long now = nanoTime.getAsLong();
    if (packet.isKeyframe()) {
      keyframeNanos = now;
    }
    if (hasPacket()) {
      long usual = usualNanos; // only this thread writes it
      usualNanos = usual + Math.round((now - packetNanos - usual) * NEWEST_SHARE);
    } else {
      firstNanos = now;
    }
    if (!hasSurvived && now - firstNanos >= SURVIVAL_NANOS) {
      hasSurvived = true;
      input.survive();
    }
    packetNanos = now;
    if (isPacketAwaited) {
      isPacketAwaited = false;
      changed.run();
    }
  }

  /** What gets its packets. */
  Sink<Packet> viewers() {
    return viewers;
  }

  Input input() {
    return input;
  }

  Handover handover() {
    return handover;
  }

  boolean hasPacket() {
    return packetNanos != 0;
  }

  /** When the newest packet came; of the picture, where there is one. */
  long packetNanos() {
    return hasPacket() && input.watchesItself() ? nanoTime.getAsLong() : packetNanos;
  }

  /** How far packets usually are from each other. */
  long usualNanos() {
    return usualNanos;
  }

  /** For how long pictures have come without a keyframe among them; 0 for sound alone. */
  long withoutKeyframeNanos() {
    return hasVideo ? Math.max(0, packetNanos - keyframeNanos) : 0; // keyframes may be rare, too
  }

  /** The next packet is to be told. */
  void awaitPacket() {
    isPacketAwaited = true;
  }

  boolean isOver() {
    return failure != null;
  }

  /** Why it ended; not before {@link #isOver}. */
  IOException failure() {
    return failure;
  }

  /** What to ask for instead after it ended so; empty where nothing else would help. */
  Optional<Handover> instead(Cause cause) {
    boolean hadSound = failure instanceof SoundMissingException && hasPacket();
    return hadSound ? Optional.empty() : handover.after(failure, cause);
  }

  /** Ends it without waiting for the end, which is told. */
  void giveUp() {
    Ffmpeg.daemon("stop " + name, input::giveUp).start(); // it may take seconds
  }

  /** Ends it; returns when its process is gone and nothing more will be read. */
  @Override
  public void close() {
    input.close();
    Ffmpeg.join(reader);
  }
}
