package dev.zoetrope.channel;

import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a source brings, on its way; cards are not counted. Packets come one at a time, the
 * figures are for any thread.
 */
final class Intake {
  private static final Codec UNCOMPRESSED = Codec.RGB24; // as cards are, and nothing else

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pictures = new AtomicLong();
  private volatile Optional<Boolean> hasSound = Optional.empty();
  private volatile Optional<Boolean> hasPicture = Optional.empty();

  /** What is counted, then given to {@code next}. */
  Sink<Packet> to(Sink<Packet> next) {
    return new Sink<>() {
      @Override
      public void begin(Run run) {
        if (!isCard(run)) {
          hasSound = Optional.of(run.audio().isPresent());
          hasPicture = Optional.of(run.video().isPresent());
        }
        next.begin(run);
      }

      @Override
      public void accept(Packet packet) {
        if (packet.track().codec() != UNCOMPRESSED) {
          bytes.addAndGet(packet.size());
          if (packet.track().isVideo()) {
            pictures.incrementAndGet();
          }
        }
        next.accept(packet);
      }
    };
  }

  private static boolean isCard(Run run) {
    return run.video().map(Track::codec).filter(codec -> codec == UNCOMPRESSED).isPresent();
  }

  /** Whether it has sound, or had when it was last there; empty if it never was. */
  Optional<Boolean> hasSound() {
    return hasSound;
  }

  /** The same of a picture. */
  Optional<Boolean> hasPicture() {
    return hasPicture;
  }

  /** Of picture and sound, since the channel began. */
  long bytes() {
    return bytes.get();
  }

  /** Since the channel began. */
  long pictures() {
    return pictures.get();
  }
}
