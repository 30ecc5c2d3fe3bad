package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Pictures to packets, each later than the one before. A picture of another size begins a new run.
 * Confined to the reading thread.
 */
final class Projector {
  /** Between two pictures that come at once: below, encoders take them for one. */
  private static final long LEAST_STEP_MICROS = 1000;

  private final Sink<Packet> sink;
  private Track track; // null before the first picture
  private Bytes shown; // null as the track is
  private long shownMicros;
  private int runs;

  Projector(Sink<Packet> sink) {
    this.sink = sink;
  }

  boolean hasShown() {
    return track != null;
  }

  /**
   * @param ptsMicros on the input's own clock; moved on where it is not later than the last
   */
  void show(Picture picture, long ptsMicros, long captureMicros) {
    if (track == null || track.width() != picture.width() || track.height() != picture.height()) {
      Bytes fourcc = Bytes.owning("MJPG".getBytes(StandardCharsets.US_ASCII));
      long earliest = shownMicros;
      track = Track.video(0, Codec.MJPEG, fourcc, Bytes.EMPTY, picture.width(), picture.height());
      sink.begin(new Run(runs, List.of(track), "", Bytes.EMPTY));
      shownMicros = runs == 0 ? ptsMicros - LEAST_STEP_MICROS : earliest;
      runs++;
    }
    shown = picture.jpeg();
    give(ptsMicros, captureMicros);
  }

  /** The last picture again. */
  void repeat(long ptsMicros, long captureMicros) {
    give(ptsMicros, captureMicros);
  }

  private void give(long ptsMicros, long captureMicros) {
    shownMicros = Math.max(ptsMicros, shownMicros + LEAST_STEP_MICROS);
    sink.accept(new Packet(track, shownMicros, shownMicros, true, captureMicros, shown));
  }
}
