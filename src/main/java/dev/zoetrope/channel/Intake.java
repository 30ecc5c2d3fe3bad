package dev.zoetrope.channel;

import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a source brings, on its way; cards are not counted. Packets come one at a time, the
 * figures are for any thread.
 */
final class Intake {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pictures = new AtomicLong();

  /** What is counted, then given to {@code next}. */
  Sink<Packet> to(Sink<Packet> next) {
    return new Sink<>() {
      @Override
      public void begin(Run run) {
        next.begin(run);
      }

      @Override
      public void accept(Packet packet) {
        if (packet.track().codec() != Codec.RGB24) { // nothing else is uncompressed
          bytes.addAndGet(packet.size());
          if (packet.track().isVideo()) {
            pictures.incrementAndGet();
          }
        }
        next.accept(packet);
      }
    };
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
