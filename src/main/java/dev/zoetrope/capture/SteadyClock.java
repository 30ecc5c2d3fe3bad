package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.function.LongSupplier;

/**
 * Puts the packets of all runs of a capture onto one clock that never goes back: a run begins where
 * the time since the capture's start says, a timestamp that jumps or wraps is smoothed over.
 *
 * <p>So encoders, MPEG-TS and media source buffers see one timeline across restarts. The clock
 * starts at {@link #ORIGIN_MICROS}, since NUT and MPEG-TS know no negative times. Confined to the
 * capture thread.
 */
final class SteadyClock implements Sink<Packet> {
  /** Where the clock starts; room for the B-frames and encoder delays before the first picture. */
  static final long ORIGIN_MICROS = 10_000_000;

  private static final long MAX_STEP_BACK_MICROS = 500_000;
  private static final long MAX_STEP_FORWARD_MICROS = 10_000_000;

  private final Sink<Packet> sink;
  private final LongSupplier nanoTime;
  private final long startNanos;

  private boolean unset; // the run's offset is made by its first packet
  private long offsetMicros;
  private long newestMicros = ORIGIN_MICROS; // newest dts given on
  private long newestNanos; // when that was
  private int runs;

  SteadyClock(Sink<Packet> sink, LongSupplier nanoTime) {
    this.sink = sink;
    this.nanoTime = nanoTime;
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
      long sinceStart = ORIGIN_MICROS + (now - startNanos) / 1000;
      offsetMicros = Math.max(sinceStart, newestMicros + 1) - packet.dtsMicros();
    } else {
      long step = packet.dtsMicros() + offsetMicros - newestMicros;
      if (step < -MAX_STEP_BACK_MICROS || step > MAX_STEP_FORWARD_MICROS) {
        long passed = Math.max(1, (now - newestNanos) / 1000);
        offsetMicros = newestMicros + passed - packet.dtsMicros();
      }
    }
    Packet steady = packet.shiftedBy(offsetMicros);
    if (steady.dtsMicros() > newestMicros) {
      newestMicros = steady.dtsMicros();
      newestNanos = now;
    }
    sink.accept(steady);
  }
}
