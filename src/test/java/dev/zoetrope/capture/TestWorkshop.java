package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What captures of tests work with: no chance, and a gate for four. */
public final class TestWorkshop {
  private static final int STARTS_AT_A_TIME = 4;
  private static final double MIDDLE = 0.5;

  private TestWorkshop() {}

  /** With the time of the tests' own choice. */
  public static Workshop of(Ffmpeg ffmpeg, LongSupplier wallMicros) {
    return new Workshop(
        ffmpeg, new StartGate(STARTS_AT_A_TIME), wallMicros, System::nanoTime, () -> MIDDLE);
  }

  /** A source that nobody publishes, as it is by default. */
  static CaptureTask task(Source source) {
    return new CaptureTask(
        new SourceId("test"), "Test", source, CaptureSettings.DEFAULT, Optional.empty());
  }

  /** A capture whose incidents nobody is interested in. */
  static Capture capture(Source source, Ffmpeg ffmpeg, LongSupplier wallMicros, Sink<Packet> sink) {
    return new Capture(task(source), of(ffmpeg, wallMicros), new RecordingOwner(), sink);
  }
}
