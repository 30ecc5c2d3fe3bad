package dev.zoetrope.capture;

import java.util.Locale;

/** What a capture is doing; how one follows another stands at {@link Supervision}. */
public enum CaptureState {
  /** Nobody wants it. */
  IDLE,
  /** An attempt is due or under way; no packet yet. */
  STARTING,
  /** Packets arrive. */
  LIVE,
  /** Packets arrived, and have stopped; the attempt goes on. */
  STALLED,
  /** Not there, and will be tried again by itself; or a publisher is waited for. */
  WAITING,
  /** Somebody has to change something; tried again, but rarely. */
  FAILED,
  /** It was to be shown once, and has been. */
  ENDED;

  /** As addresses and pages say it: {@code live}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
