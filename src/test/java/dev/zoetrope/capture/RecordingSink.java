package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is given. Any threads. */
final class RecordingSink implements Sink<Packet> {
  final List<Run> runs = new CopyOnWriteArrayList<>();
  final List<Packet> packets = new CopyOnWriteArrayList<>();

  @Override
  public void begin(Run run) {
    runs.add(run);
  }

  @Override
  public void accept(Packet packet) {
    packets.add(packet);
  }
}
