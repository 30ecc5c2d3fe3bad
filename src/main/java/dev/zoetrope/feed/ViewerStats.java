package dev.zoetrope.feed;

/**
 * Figures of one viewer at one moment.
 *
 * @param client who it is
 * @param sent fragments written so far
 * @param skipped fragments left out so far, because the connection was too slow
 * @param bytes of the fragments written, in their plain form
 * @param ageMicros how old the newest written fragment is by its capture time; -1 before the first
 */
public record ViewerStats(Client client, long sent, long skipped, long bytes, long ageMicros) {}
