package dev.zoetrope.relay;

import dev.zoetrope.capture.Input;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a capture reads of a source of another node: its stills, as packets; where it is sound
 * alone, a moment of silence, once it is there. Whether the source is there is what the origins
 * say, not how often stills come; it ends when none has it.
 */
final class RelayInput implements Input, Sink<Fragment> {
  /** Stills come once a keyframe; who is behind wants the newest only. */
  private static final int MOST_WAITING = 8;

  /** Another origin takes over, or the link is back, within this. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long LOOK_MILLIS = 100;

  /** Nobody hears it: the sound comes with the renditions. */
  private static final Track SILENCE =
      Track.audio(0, Codec.PCM_MULAW, Bytes.EMPTY, Bytes.EMPTY, 8000, 1);

  private static final byte MULAW_ZERO = (byte) 0xFF;
  private static final int SILENT_SAMPLES = 160;

  private record Still(Run run, Fragment fragment) {}

  private final Following following;
  private final Runnable afterwards;
  private final LongSupplier wallMicros;
  private final BlockingQueue<Still> stills = new LinkedBlockingQueue<>();
  private volatile boolean closed;
  private Run run; // confined to who writes
  private long lostNanos; // confined to read(): how long the origin has had no picture

  /**
   * @param afterwards called once when it is closed
   */
  RelayInput(Following following, Runnable afterwards, LongSupplier wallMicros) {
    this.following = following;
    this.afterwards = afterwards;
    this.wallMicros = wallMicros;
  }

  @Override
  public void begin(Run begun) {
    run = begun;
  }

  @Override
  public void accept(Fragment still) {
    if (stills.size() >= MOST_WAITING) {
      stills.poll();
    }
    stills.add(new Still(run, still));
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Inflow inflow = following.begin(RelayMessage.STILL, this, 0);
    try {
      Run begun = null;
      while (!closed) {
        Still next = stills.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
          checkIsThere();
          if (begun == null && following.isSoundThere()) {
            begun = new Run(0, List.of(SILENCE), "", Bytes.EMPTY);
            sink.begin(begun);
            sink.accept(silence());
          }
          continue;
        }
        if (!next.run().equals(begun)) {
          begun = next.run();
          sink.begin(begun);
        }
        sink.accept(packet(begun.tracks().get(0), next.fragment()));
      }
      throw new IOException("the source was given up");
    } finally {
      following.end(RelayMessage.STILL, inflow);
    }
  }

  private Packet silence() {
    byte[] samples = new byte[SILENT_SAMPLES];
    Arrays.fill(samples, MULAW_ZERO);
    return new Packet(SILENCE, 0, 0, true, wallMicros.getAsLong(), Bytes.owning(samples));
  }

  private static Packet packet(Track track, Fragment still) {
    long pts = still.ptsMicros();
    return new Packet(track, pts, pts, true, still.captureMicros(), still.bytes());
  }

  private void checkIsThere() throws IOException {
    lostNanos =
        following.isLostThere() ? lostNanos + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) : 0;
    if (following.unfitNanos() > PATIENCE_NANOS || lostNanos > PATIENCE_NANOS) {
      throw new IOException(following.cause());
    }
  }

  /** As the origins tell whether the source is there. */
  @Override
  public boolean watchesItself() {
    return true;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      afterwards.run();
    }
  }
}
