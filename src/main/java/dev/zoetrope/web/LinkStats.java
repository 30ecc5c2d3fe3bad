package dev.zoetrope.web;

/**
 * How quickly what one socket is sent arrives, at one moment, by what its client has acknowledged;
 * -1 where it has acknowledged nothing yet.
 *
 * @param bytes sent so far, without tags and headers
 * @param wayBytes of those, not known to have arrived
 * @param bytesPerSecond that the link was seen to carry: it may carry more
 * @param shortestMicros from sending a message to its acknowledgement, lately
 * @param newestMicros the same of the one that was acknowledged last: longer by what it waited
 */
public record LinkStats(
    long bytes, long wayBytes, long bytesPerSecond, long shortestMicros, long newestMicros) {}
