package dev.zoetrope.relay;

import dev.zoetrope.capture.Input;
import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Run.Relaying;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a capture reads of a source of another node: its packets, or its stills as packets, where
 * its renditions are taken as they are; where these are sound alone, a moment of silence, once the
 * source is there. Whether it is there is what the origins say, not how often something comes; it
 * ends when none has it.
 */
final class RelayInput implements Input, Sink<Fragment> {
  /** Who is so far behind goes on at the next join point. */
  private static final int MOST_WAITING = 2048;

  private static final long MOST_WAITING_BYTES = 32 << 20;

  /** Another origin takes over, or the link is back, within this. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long LOOK_MILLIS = 100;

  /** Nobody hears it: the sound comes with the renditions. */
  private static final Track SILENCE =
      Track.audio(0, Codec.PCM_MULAW, Bytes.EMPTY, Bytes.EMPTY, 8000, 1);

  private static final byte MULAW_ZERO = (byte) 0xFF;
  private static final int SILENT_SAMPLES = 160;

  private record Arrived(Run run, Fragment fragment) {}

  private final Following following;
  private final String rendition;
  private final Runnable afterwards;
  private final LongSupplier wallMicros;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
  private final AtomicLong arrivedBytes = new AtomicLong();
  private volatile boolean closed;

  // Confined to who writes.
  private Run run;
  private boolean isLapped; // what is not a join point is left out

  private long lostNanos; // confined to read(): how long the origin has had no picture

  /**
   * @param afterwards called once when it is closed
   */
  RelayInput(Following following, Runnable afterwards, LongSupplier wallMicros) {
    this.following = following;
    this.afterwards = afterwards;
    this.wallMicros = wallMicros;
    rendition =
        switch (following.form()) {
          case RENDITIONS -> Rendition.STILL;
          case PACKETS -> Rendition.PACKETS;
        };
  }

  @Override
  public void begin(Run begun) {
    run = begun;
  }

  @Override
  public void accept(Fragment fragment) {
    if (arrived.size() >= MOST_WAITING || arrivedBytes.get() > MOST_WAITING_BYTES) {
      isLapped = true;
      for (Arrived next = arrived.poll(); next != null; next = arrived.poll()) {
        arrivedBytes.addAndGet(-next.fragment().size());
      }
    }
    isLapped = isLapped && !fragment.isJoinPoint();
    if (!isLapped) {
      arrivedBytes.addAndGet(fragment.size());
      arrived.add(new Arrived(run, fragment));
    }
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Inflow inflow = following.begin(rendition, this, 0);
    try {
      Run begun = null;
      while (!closed) {
        Arrived next = arrived.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null) {
          checkIsThere();
          if (begun == null && rendition.equals(Rendition.STILL) && following.isSoundThere()) {
            begun = new Run(0, List.of(SILENCE), "", Bytes.EMPTY);
            sink.begin(begun);
            sink.accept(silence());
          }
          continue;
        }
        arrivedBytes.addAndGet(-next.fragment().size());
        if (begun == null || !isSame(begun.relaying(), next.run().relaying())) {
          sink.begin(next.run());
        }
        begun = next.run();
        sink.accept(packet(begun.tracks().get(0), next.fragment()));
      }
      throw new IOException("the source was given up");
    } finally {
      following.end(rendition, inflow);
    }
  }

  /** A gap in a run of the origin is as one of a camera: encoders go on behind it. */
  private static boolean isSame(Relaying before, Relaying after) {
    return before.id() == after.id() && before.maker().equals(after.maker());
  }

  private Packet silence() {
    byte[] samples = new byte[SILENT_SAMPLES];
    Arrays.fill(samples, MULAW_ZERO);
    return new Packet(SILENCE, 0, 0, true, wallMicros.getAsLong(), Bytes.owning(samples));
  }

  private static Packet packet(Track picture, Fragment fragment) {
    if (fragment instanceof PacketFragment own) {
      return own.packet();
    }
    long pts = fragment.ptsMicros();
    return new Packet(picture, pts, pts, true, fragment.captureMicros(), fragment.bytes());
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
