package dev.zoetrope.capture;

import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.function.LongSupplier;

/**
 * Puts the packets of all runs of a capture onto one clock, on which no track ever goes back: a run
 * begins where the time since the capture's start says, a timestamp that jumps or wraps is smoothed
 * over. All tracks are moved together, so that they stay in step.
 *
 * <p>So encoders, MPEG-TS and media source buffers see one timeline across restarts. The clock
 * starts at {@link #ORIGIN_MICROS}, since NUT and MPEG-TS know no negative times. Confined to the
 * capture thread.
 */
final class SteadyClock implements Sink<Packet> {
  /** Where the clock starts; room for the B-frames and encoder delays before the first picture. */
  static final long ORIGIN_MICROS = 10_000_000;

  /** Tracks may be this far apart; and a step further than this forward is none of the source's. */
  private static final long MAX_STEP_MICROS = 10_000_000;

  private final Sink<Packet> sink;
  private final LongSupplier nanoTime;
  private boolean keepsFirst; // whether it is still to come
  private long startNanos;

  private boolean unset; // the run's offset is made by its first packet
  private long offsetMicros;
  private long newestMicros = ORIGIN_MICROS; // newest dts given on, of all tracks
  private long newestNanos; // when that was
  private final long[] newestOfKind = new long[2]; // newest dts given on: picture, sound
  private int runs;

  SteadyClock(Sink<Packet> sink, LongSupplier nanoTime) {
    this(sink, nanoTime, false);
  }

  /**
   * @param keepsFirst whether the first packet of a source keeps its time, and all others follow on
   *     that: it is on the clock of another node, on which what goes past this is as well
   */
  SteadyClock(Sink<Packet> sink, LongSupplier nanoTime, boolean keepsFirst) {
    this.sink = sink;
    this.nanoTime = nanoTime;
    this.keepsFirst = keepsFirst;
    startNanos = nanoTime.getAsLong();
    newestNanos = startNanos;
  }

  /** Numbers the run anew: inputs count from 0 each. */
  @Override
  public void begin(Run run) {
    unset = true;
    sink.begin(new Run(runs++, run.tracks(), run.mime(), run.init()));
  }

  @Override
  public void accept(Packet packet) {
    long now = nanoTime.getAsLong();
    if (unset) {
      unset = false;
      if (keepsFirst && packet.track().codec() != Codec.RGB24) { // which a card has
        keepsFirst = false;
        startNanos = now - (packet.dtsMicros() - ORIGIN_MICROS) * 1000;
      }
      long sinceStart = ORIGIN_MICROS + (now - startNanos) / 1000;
      offsetMicros = Math.max(sinceStart, newestMicros + 1) - packet.dtsMicros();
    } else if (isJump(packet)) {
      long passed = Math.max(1, (now - newestNanos) / 1000);
      offsetMicros = newestMicros + passed - packet.dtsMicros();
    }
    Packet steady = packet.shiftedBy(offsetMicros);
    newestOfKind[kindOf(packet)] = steady.dtsMicros();
    if (steady.dtsMicros() > newestMicros) {
      newestMicros = steady.dtsMicros();
      newestNanos = now;
    }
    sink.accept(steady);
  }

  private boolean isJump(Packet packet) {
    long dtsMicros = packet.dtsMicros() + offsetMicros;
    return Math.abs(dtsMicros - newestMicros) > MAX_STEP_MICROS
        || dtsMicros < newestOfKind[kindOf(packet)];
  }

  private static int kindOf(Packet packet) {
    return packet.track().isVideo() ? 0 : 1;
  }
}
