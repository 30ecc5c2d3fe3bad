package dev.zoetrope.capture;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What all captures of a node work with.
 *
 * @param wallMicros the time, in microseconds since 1970, UTC
 * @param nanoTime a clock that runs on, as {@link System#nanoTime}
 * @param random numbers from 0 up to, not including, 1; any thread
 * @param origins where sources of other nodes are read from
 */
public record Workshop(
    Ffmpeg ffmpeg,
    StartGate gate,
    LongSupplier wallMicros,
    LongSupplier nanoTime,
    DoubleSupplier random,
    Origins origins) {
  /** Without other nodes. */
  public Workshop(
      Ffmpeg ffmpeg,
      StartGate gate,
      LongSupplier wallMicros,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this(ffmpeg, gate, wallMicros, nanoTime, random, Origins.NONE);
  }
}
