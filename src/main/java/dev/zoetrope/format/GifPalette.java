package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.Arrays;

/**
 * The colours of one GIF image: up to 255, in ascending order of red + green + blue, and one index
 * kept for "as before". Immutable, shared by the encoder and the fragments that it made.
 */
final class GifPalette {
  /** The index that leaves a pixel as it was; no colour has it. */
  static final int TRANSPARENT = 255;

  /** Most colours that a palette has: 256 without {@link #TRANSPARENT}. */
  static final int MAX_COLOURS = 255;

  /** Size of the local colour table, always of 256 entries of 3 bytes. */
  static final int TABLE_SIZE = 768;

  /** How many {@link #neighbours} each colour has at most. */
  static final int NEIGHBOURS = 8;

  private static final int FARTHER_THAN_ANY = 3 * 255 * 255 + 1;

  private final int[] colours;
  private final int[] sums;
  private final Bytes table;

  /**
   * @param colours 0xRRGGBB, 1 to {@link #MAX_COLOURS} of them, in any order; copied
   */
  GifPalette(int[] colours, int count) {
    if (count < 1 || count > MAX_COLOURS) {
      throw new IllegalArgumentException("palette of " + count + " colours");
    }
    long[] bySum = new long[count];
    for (int i = 0; i < count; i++) {
      bySum[i] = (long) sum(colours[i]) << 32 | colours[i];
    }
    Arrays.sort(bySum);
    this.colours = new int[count];
    this.sums = new int[count];
    byte[] bytes = new byte[TABLE_SIZE];
    for (int i = 0; i < count; i++) {
      int colour = (int) bySum[i];
      this.colours[i] = colour;
      this.sums[i] = sum(colour);
      bytes[3 * i] = (byte) (colour >> 16);
      bytes[3 * i + 1] = (byte) (colour >> 8);
      bytes[3 * i + 2] = (byte) colour;
    }
    this.table = Bytes.owning(bytes);
  }

  /** How many colours there are, 1 to {@link #MAX_COLOURS}. */
  int size() {
    return colours.length;
  }

  /** The colour at {@code index} as 0xRRGGBB. */
  int colour(int index) {
    return colours[index];
  }

  /** The local colour table, {@link #TABLE_SIZE} bytes. */
  Bytes table() {
    return table;
  }

  /** The index of the colour nearest to the one given; of equally near ones, any. */
  int nearest(int red, int green, int blue) {
    int sum = red + green + blue;
    int up = firstAtLeast(sum);
    int down = up - 1;
    int best = 0;
    int bestDistance = FARTHER_THAN_ANY;
    // Two colours whose sums differ by s are at least s * s / 3 apart, so both ways end early.
    while (down >= 0 || up < colours.length) {
      if (up < colours.length) {
        int off = sums[up] - sum;
        if (off * off >= 3 * bestDistance) {
          up = colours.length;
        } else {
          int distance = distance(colours[up], red, green, blue);
          if (distance < bestDistance) {
            bestDistance = distance;
            best = up;
          }
          up++;
        }
      }
      if (down >= 0) {
        int off = sums[down] - sum;
        if (off * off >= 3 * bestDistance) {
          down = -1;
        } else {
          int distance = distance(colours[down], red, green, blue);
          if (distance < bestDistance) {
            bestDistance = distance;
            best = down;
          }
          down--;
        }
      }
    }
    return best;
  }

  /** The squared distance of a colour 0xRRGGBB from another. */
  static int distance(int colour, int red, int green, int blue) {
    int dr = (colour >> 16 & 0xff) - red;
    int dg = (colour >> 8 & 0xff) - green;
    int db = (colour & 0xff) - blue;
    return dr * dr + dg * dg + db * db;
  }

  private int firstAtLeast(int sum) {
    int low = 0;
    int high = sums.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] < sum) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * For each colour the {@link #NEIGHBOURS} nearest other ones at a squared distance of at most
   * {@code reach}, nearest first; where there are fewer, the colour itself fills the rest.
   */
  byte[] neighbours(int reach) {
    byte[] found = new byte[colours.length * NEIGHBOURS];
    int[] nearest = new int[NEIGHBOURS];
    int[] distances = new int[NEIGHBOURS];
    for (int i = 0; i < colours.length; i++) {
      Arrays.fill(nearest, i);
      Arrays.fill(distances, reach + 1);
      addNeighbours(i, -1, nearest, distances);
      addNeighbours(i, 1, nearest, distances);
      for (int k = 0; k < NEIGHBOURS; k++) {
        found[i * NEIGHBOURS + k] = (byte) nearest[k];
      }
    }
    return found;
  }

  private void addNeighbours(int of, int step, int[] nearest, int[] distances) {
    int colour = colours[of];
    int red = colour >> 16;
    int green = colour >> 8 & 0xff;
    int blue = colour & 0xff;
    for (int i = of + step; i >= 0 && i < colours.length; i += step) {
      int off = sums[i] - sums[of];
      if (off * off >= 3 * distances[NEIGHBOURS - 1]) {
        return;
      }
      int distance = distance(colours[i], red, green, blue);
      int rank = NEIGHBOURS;
      while (rank > 0 && distance < distances[rank - 1]) {
        rank--;
      }
      if (rank < NEIGHBOURS) {
        System.arraycopy(nearest, rank, nearest, rank + 1, NEIGHBOURS - 1 - rank);
        System.arraycopy(distances, rank, distances, rank + 1, NEIGHBOURS - 1 - rank);
        nearest[rank] = i;
        distances[rank] = distance;
      }
    }
  }

  private static int sum(int colour) {
    return (colour >> 16 & 0xff) + (colour >> 8 & 0xff) + (colour & 0xff);
  }
}
