package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;

/**
 * Finds NAL units between start codes.
 *
 * @see "ITU-T H.264, annex B"
 */
final class AnnexB {
  private AnnexB() {}

  /** Whether the first bytes are a start code: 00 00 01 or 00 00 00 01. */
  static boolean hasStartCode(Bytes bytes) {
    if (bytes.size() < 4 || bytes.at(0) != 0 || bytes.at(1) != 0) {
      return false;
    }
    return bytes.at(2) == 1 || (bytes.at(2) == 0 && bytes.at(3) == 1);
  }

  /** Adds every NAL unit to {@code units}, without start codes and trailing zeros. */
  static void split(Bytes bytes, Ranges units) {
    int unit = -1;
    int size = bytes.size();
    int i = 0;
    // The third byte decides: over 1, no start code touches these three bytes.
    while (i + 2 < size) {
      int third = bytes.at(i + 2);
      if (third > 1) {
        i += 3;
      } else if (third == 1 && bytes.at(i + 1) == 0 && bytes.at(i) == 0) {
        addUnit(bytes, unit, i, units);
        unit = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    addUnit(bytes, unit, size, units);
  }

  private static void addUnit(Bytes bytes, int from, int end, Ranges units) {
    if (from < 0) {
      return;
    }
    int to = end;
    while (to > from && bytes.at(to - 1) == 0) {
      to--; // trailing_zero_8bits, and the first byte of a long start code
    }
    if (to > from) {
      units.add(from, to);
    }
  }
}
