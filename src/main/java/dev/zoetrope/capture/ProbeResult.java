package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.util.List;
import java.util.Optional;

/** What a {@link Probe} came to. */
public sealed interface ProbeResult {
  /**
   * It gives pictures.
   *
   * @param tracks the picture first
   * @param renditions what each that is configured would cost
   * @param remarks what should be known about it; may be empty
   * @param picture a JPEG of the newest keyframe; empty where none could be decoded in time
   */
  record Seen(
      List<MeasuredTrack> tracks,
      List<ProbedRendition> renditions,
      List<Remark> remarks,
      Optional<Bytes> picture)
      implements ProbeResult {
    public Seen {
      tracks = List.copyOf(tracks);
      renditions = List.copyOf(renditions);
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * It does not.
   *
   * @param log what its program wrote last, without credentials
   */
  record Failed(Diagnosis why, List<String> log) implements ProbeResult {
    public Failed {
      log = List.copyOf(log);
    }
  }
}
