package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.Optional;

/** Waits for the next publisher, and reads it to its end. */
final class PublishedInput implements Input {
  private final PublishPoint point;
  private volatile boolean closed;
  private volatile Input publisher; // null until one came

  PublishedInput(PublishPoint point) {
    this.point = point;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Optional<Input> taken = point.take();
    while (taken.isEmpty() && !closed) {
      Thread.sleep(20);
      taken = point.take();
    }
    if (taken.isPresent()) {
      publisher = taken.get();
      try (Input reading = taken.get()) {
        if (!closed) {
          reading.read(sink);
        }
      } finally {
        point.release(taken.get());
      }
    }
  }

  @Override
  public boolean mayWait() {
    return publisher == null;
  }

  @Override
  public void close() {
    closed = true;
    Input reading = publisher;
    if (reading != null) {
      reading.close();
    }
  }
}
