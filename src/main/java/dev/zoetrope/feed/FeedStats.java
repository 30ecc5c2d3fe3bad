package dev.zoetrope.feed;

/**
 * Figures of one feed at one moment.
 *
 * @param viewers connected now
 * @param pieces appended since the feed began
 * @param bytes appended since the feed began
 * @param heldBytes in the log now
 * @param skipped pieces that slow viewers did not get, of all viewers so far
 * @param stalled viewers that were closed because they took nothing, so far
 */
public record FeedStats(
    int viewers, long pieces, long bytes, long heldBytes, long skipped, long stalled) {}
