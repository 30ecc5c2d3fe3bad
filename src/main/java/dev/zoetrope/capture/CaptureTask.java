package dev.zoetrope.capture;

import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.util.Optional;

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
    Optional<PublishPoint> publishPoint) {}
