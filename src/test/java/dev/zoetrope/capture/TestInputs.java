package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Inputs for the tests of other packages. */
public final class TestInputs {
  private TestInputs() {}

  /** Waits for the next publisher and reads it to its end, as a capture does. */
  public static Input published(PublishPoint point) {
    return new NextPublisher(point);
  }

  private static final class NextPublisher implements Input {
    private static final int LOOK_MILLIS = 20;

    private final PublishPoint point;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Input publisher; // null until one came

    NextPublisher(PublishPoint point) {
      this.point = point;
    }

    @Override
    public void read(Sink<Packet> sink) throws IOException, InterruptedException {
      Optional<Input> taken = point.take();
      while (taken.isEmpty()) {
        if (closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        taken = point.take();
      }
      publisher = taken.get();
      try (Input reading = taken.get()) {
        reading.read(sink);
      } finally {
        point.release(taken.get());
      }
    }

    @Override
    public void close() {
      closed.countDown();
      Input reading = publisher;
      if (reading != null) {
        reading.close();
      }
    }
  }
}
