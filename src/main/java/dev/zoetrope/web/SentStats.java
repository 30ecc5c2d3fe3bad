package dev.zoetrope.web;

import dev.zoetrope.feed.ViewerStats;
import dev.zoetrope.media.SourceId;

/**
 * One rendition that a node is sent, at one moment.
 *
 * @param rendition its name; {@code still} for the stills
 */
public record SentStats(SourceId source, String rendition, ViewerStats viewer) {}
