package dev.zoetrope.capture;

import java.time.Instant;
import java.util.Optional;

/**
 * Figures of one capture at one moment.
 *
 * @param state what it is doing
 * @param since when it began to do that
 * @param restarts how often it began again after a failure
 * @param why what keeps it from being live; empty while it is, or while nothing is known yet
 * @param nextAttempt when it is tried again, if that is known
 * @param isWithoutKeyframes whether pictures come, but no keyframe among them for long
 */
public record CaptureStats(
    CaptureState state,
    Instant since,
    long restarts,
    Optional<Diagnosis> why,
    Optional<Instant> nextAttempt,
    boolean isWithoutKeyframes) {

  /** Of a source that nobody wants. */
  public static CaptureStats idle(Instant since, long restarts) {
    return new CaptureStats(
        CaptureState.IDLE, since, restarts, Optional.empty(), Optional.empty(), false);
  }
}
