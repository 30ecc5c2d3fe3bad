package dev.zoetrope.format;

import java.util.Arrays;

/** Parts of one packet, as pairs of indexes; reused from packet to packet. One thread. */
final class Ranges {
  private int[] bounds = new int[32];
  private int count;

  void clear() {
    count = 0;
  }

  /** Adds the bytes from {@code from} up to, not including, {@code to}. */
  void add(int from, int to) {
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * count] = from;
    bounds[2 * count + 1] = to;
    count++;
  }

  int count() {
    return count;
  }

  int from(int index) {
    return bounds[2 * index];
  }

  int to(int index) {
    return bounds[2 * index + 1];
  }

  /** Bytes in all parts together. */
  int size() {
    int size = 0;
    for (int i = 0; i < count; i++) {
      size += to(i) - from(i);
    }
    return size;
  }
}
