package dev.zoetrope.capture;

/**
 * Figures of one capture at one moment.
 *
 * @param state what it is doing
 * @param restarts how often it began again after a failure
 * @param cause why it failed last, for people; empty if it never did
 */
public record CaptureStats(CaptureState state, long restarts, String cause) {}
