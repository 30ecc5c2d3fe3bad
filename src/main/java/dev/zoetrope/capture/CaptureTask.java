package dev.zoetrope.capture;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a capture has to keep running. Immutable.
 *
 * @param title as people call it
 * @param publishPoint where its publishers come to; empty where the source is not published
 */
public record CaptureTask(
    SourceId id,
    String title,
    Source source,
    CaptureSettings settings,
    Optional<PublishPoint> publishPoint) {

  /** Whether what runs for this can go on for {@code other}: it is read the same way. */
  boolean isReadAs(CaptureTask other) {
    return source.equals(other.source)
        && settings.limits().equals(other.settings.limits())
        && publishPoint.equals(other.publishPoint);
  }

  /** Whether {@code other} can be read while this is; else what it needs is taken. */
  boolean canRunBeside(CaptureTask other) {
    return !(source instanceof Source.Webcam && other.source instanceof Source.Webcam)
        && !(source instanceof Source.PiCamera && other.source instanceof Source.PiCamera)
        && !(source instanceof Source.Relay && source.equals(other.source)) // comes once
        && !(isListening(source) && isListening(other.source));
  }

  private static boolean isListening(Source source) {
    return source instanceof Source.Url url
        && Set.of("udp", "srt").contains(url.uri().getScheme().toLowerCase(Locale.ROOT));
  }

  /** Whether somebody brings the source: it may take any time until the first packet. */
  boolean isBrought() {
    return publishPoint.isPresent() || source instanceof Source.SrtPublish;
  }
}
