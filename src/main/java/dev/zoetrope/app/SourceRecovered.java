package dev.zoetrope.app;

import dev.zoetrope.media.SourceId;
import java.time.Instant;

/** CDI event, fired asynchronously: a source that was lost is there again. */
public record SourceRecovered(SourceId id, String title, Instant at) {}
