package dev.zoetrope.bench.glass;

import java.util.List;

/**
 * When a frame was first seen on a screen.
 *
 * @param number of the frame, -1 where none could be read
 * @param unixMillis of this machine
 */
record Sighting(int number, double unixMillis) {
  /** Of what the page says: {@code [number, unixMillis]}. */
  static Sighting of(Object pair) {
    List<?> numbers = (List<?>) pair;
    return new Sighting(
        ((Number) numbers.get(0)).intValue(), ((Number) numbers.get(1)).doubleValue());
  }
}
