package dev.zoetrope.capture;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened to a source, for its timeline. Immutable.
 *
 * @param text for people, without credentials; may be empty
 */
public record Incident(Instant at, Kind kind, String text) {
  /** What happened. */
  public enum Kind {
    /** An attempt to start. */
    STARTED,
    /** The first packet of an attempt, with nothing lost before. */
    FIRST_FRAME,
    /** No packet for longer than usual; text: how long. */
    STALLED,
    /** Stopped by us, because it stalled, did not start, or took more than its limit. */
    KILLED,
    /** It ended by itself; text: the diagnosis. */
    EXITED,
    /** Waiting before the next attempt; text: how long. */
    BACK_OFF,
    /** Viewers see the card from now on; text: the diagnosis. */
    LOST,
    /** The first packet after it was lost; text: how long it was. */
    RECOVERED,
    /** Pictures come, but no keyframe among them. */
    NO_KEYFRAMES,
    /** It is captured with other settings from now on, or begins anew by somebody's wish. */
    CHANGED,
    /** Publishers were refused for a wrong key or none; text: how many. */
    REFUSED,
    /** Nobody wants it any more. */
    STOPPED
  }

  public Incident {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(text, "text");
  }
}
