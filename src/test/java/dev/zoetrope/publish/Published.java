package dev.zoetrope.publish;

import dev.zoetrope.capture.Input;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.TestInputs;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The next publisher of a publish point, read to its end on a thread of its own as a capture reads
 * it: its runs, its packets, and how it ended. Any threads.
 */
final class Published implements Sink<Packet>, AutoCloseable {
  /** How an end begins that no publisher may cause. */
  static final String OURS = "not the publisher's fault: ";

  final List<Run> runs = new CopyOnWriteArrayList<>();
  final List<Packet> packets = new CopyOnWriteArrayList<>();

  /** Empty until it has ended; "closed" if that was wanted. */
  volatile String end = "";

  private final Input input;

  Published(PublishPoint point) {
    input = TestInputs.published(point);
    Thread reader = new Thread(this::readAll, "capture");
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll() {
    try (input) {
      input.read(this);
      end = "closed";
    } catch (IOException e) {
      end = e.getMessage();
    } catch (InterruptedException e) {
      end = "interrupted";
    } catch (Throwable e) { // so that the test sees it
      end = OURS + e;
      throw e;
    }
  }

  @Override
  public void begin(Run run) {
    runs.add(run);
  }

  @Override
  public void accept(Packet packet) {
    packets.add(packet);
  }

  List<Packet> pictures() {
    return packets.stream().filter(packet -> packet.track().isVideo()).toList();
  }

  List<Packet> sounds() {
    return packets.stream().filter(packet -> !packet.track().isVideo()).toList();
  }

  /** The picture track of the first run. */
  Track video() {
    return runs.get(0).video().orElseThrow();
  }

  /** The sound track of the first run. */
  Track audio() {
    return runs.get(0).audio().orElseThrow();
  }

  @Override
  public void close() {
    input.close(); // the reading thread ends by that, a daemon
  }
}
