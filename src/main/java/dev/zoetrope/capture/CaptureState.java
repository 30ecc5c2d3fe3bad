package dev.zoetrope.capture;

import java.util.Locale;

/** What a capture is doing. */
public enum CaptureState {
  /** Nobody wants it. */
  IDLE,
  /** Started; no packet yet. */
  STARTING,
  /** Packets arrive. */
  LIVE,
  /** It failed, and will be tried again. */
  WAITING;

  /** As addresses and pages say it: {@code live}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
