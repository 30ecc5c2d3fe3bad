package dev.zoetrope.app;

import dev.zoetrope.capture.Diagnosis;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Optional;

/**
 * CDI event, fired asynchronously: viewers of a source see a card from now on.
 *
 * @param why it is lost, if that is known
 */
public record SourceLost(SourceId id, String title, Instant at, Optional<Diagnosis> why) {}
