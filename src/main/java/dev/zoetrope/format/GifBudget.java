package dev.zoetrope.format;

import java.util.ArrayDeque;

/**
 * Keeps a GIF's bytes within a budget over any two seconds: first the pictures get coarser, then
 * some are left out. One picture that is larger than expected may exceed it; those after it make up
 * for that. Not thread-safe.
 */
final class GifBudget {
  private static final long WINDOW_MICROS = 2_000_000;

  // Coarser above the upper share of the budget, finer below the lower one.
  private static final double UPPER = 0.9;
  private static final double LOWER = 0.7;

  /** How much the newest picture counts in the running means. */
  private static final double NEWEST = 0.25;

  private final long bytesPerWindow;
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private long bytesInWindow;
  private double meanBytes;
  private double meanMicros;
  private long lastMicros;
  private boolean hasBegun;
  private int coarseness;

  private record Sent(long micros, int bytes) {}

  /**
   * @param bytesPerSecond 0 without a limit
   */
  GifBudget(long bytesPerSecond) {
    this.bytesPerWindow = bytesPerSecond * WINDOW_MICROS / 1_000_000;
  }

  /** Whether there is room for a picture at this time; times never go back. */
  boolean allows(long micros) {
    if (bytesPerWindow == 0) {
      return true;
    }
    if (hasBegun) {
      long elapsed = micros - lastMicros;
      meanMicros = meanMicros == 0 ? elapsed : meanMicros + NEWEST * (elapsed - meanMicros);
    }
    hasBegun = true;
    lastMicros = micros;
    while (!sent.isEmpty() && sent.peekFirst().micros <= micros - WINDOW_MICROS) {
      bytesInWindow -= sent.removeFirst().bytes;
    }
    // Alone in its window a picture always goes, or a small budget would show none at all.
    return sent.isEmpty() || bytesInWindow + meanBytes <= bytesPerWindow;
  }

  /** How coarse the next picture should be, 0 to {@link GifEncoder#MAX_COARSENESS}. */
  int coarseness() {
    return coarseness;
  }

  /** A picture of so many bytes went out at the time last asked for. */
  void spend(int bytes) {
    if (bytesPerWindow == 0) {
      return;
    }
    boolean isFirst = sent.isEmpty() && meanMicros == 0;
    sent.addLast(new Sent(lastMicros, bytes));
    bytesInWindow += bytes;
    if (isFirst) {
      return; // the full picture says nothing about the changes to come
    }
    meanBytes = meanBytes == 0 ? bytes : meanBytes + NEWEST * (bytes - meanBytes);
    double inWindow = meanMicros == 0 ? 0 : meanBytes * WINDOW_MICROS / meanMicros;
    if (inWindow > UPPER * bytesPerWindow) {
      coarseness = Math.min(GifEncoder.MAX_COARSENESS, coarseness + 1);
    } else if (inWindow < LOWER * bytesPerWindow) {
      coarseness = Math.max(0, coarseness - 1);
    }
  }
}
