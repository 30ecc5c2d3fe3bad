package dev.zoetrope.format;

import java.util.Arrays;

/**
 * Finds the palette for a picture: boxes in colour space, the worst of them cut in two at its mean
 * until there are 255, then their centres moved to the mean of the colours nearest to them.
 *
 * <p>Colours are counted in cells of 8 x 8 x 8 that keep their exact mean. Give it pixels with
 * {@link #add}, then take the {@link #palette}. Not thread-safe; its tables are reused.
 *
 * @see "Wan, Wong, Prusinkiewicz: An algorithm for multidimensional data clustering, ACM TOMS 1988"
 */
final class GifQuantiser {
  private static final int CELLS = 1 << 15;
  private static final int ROUNDS = 3;

  // Per cell: weight, and the weighted sums of red, green and blue.
  private final int[] cells = new int[CELLS * 4];

  // The cells in use, ordered so that each box is one stretch of them.
  private final float[] weight = new float[CELLS];
  private final float[][] mean = new float[3][CELLS];

  // Boxes: from first to end, the sum of squared distances from their centre, the axis to cut.
  private final int[] first = new int[GifPalette.MAX_COLOURS];
  private final int[] end = new int[GifPalette.MAX_COLOURS];
  private final double[] spread = new double[GifPalette.MAX_COLOURS];
  private final int[] axis = new int[GifPalette.MAX_COLOURS];
  private final double[] cut = new double[GifPalette.MAX_COLOURS];
  private final int[] colours = new int[GifPalette.MAX_COLOURS];
  private final double[] sums = new double[GifPalette.MAX_COLOURS * 4];

  /** Forgets the picture before. */
  void clear() {
    Arrays.fill(cells, 0);
  }

  /**
   * Counts one pixel.
   *
   * @param times its weight; all weights of a picture together at most 2^23
   */
  void add(int red, int green, int blue, int times) {
    int at = ((red >> 3) << 10 | (green >> 3) << 5 | blue >> 3) << 2;
    cells[at] += times;
    cells[at + 1] += times * red;
    cells[at + 2] += times * green;
    cells[at + 3] += times * blue;
  }

  /** The palette for the pixels added since {@link #clear}; black where there were none. */
  GifPalette palette() {
    int used = gather();
    if (used == 0) {
      return new GifPalette(new int[1], 1);
    }
    int boxes = cutBoxes(used);
    for (int i = 0; i < boxes; i++) {
      colours[i] = centre(first[i], end[i]);
    }
    GifPalette palette = new GifPalette(colours, boxes);
    for (int round = 0; round < ROUNDS && used > boxes; round++) {
      palette = moved(palette, used);
    }
    return palette;
  }

  private int gather() {
    int used = 0;
    for (int i = 0; i < cells.length; i += 4) {
      int times = cells[i];
      if (times > 0) {
        weight[used] = times;
        mean[0][used] = (float) cells[i + 1] / times;
        mean[1][used] = (float) cells[i + 2] / times;
        mean[2][used] = (float) cells[i + 3] / times;
        used++;
      }
    }
    return used;
  }

  private int cutBoxes(int used) {
    first[0] = 0;
    end[0] = used;
    measure(0);
    int boxes = 1;
    while (boxes < GifPalette.MAX_COLOURS) {
      int worst = 0;
      for (int i = 1; i < boxes; i++) {
        if (spread[i] > spread[worst]) {
          worst = i;
        }
      }
      if (spread[worst] <= 0) {
        break;
      }
      int middle = partition(worst);
      first[boxes] = middle;
      end[boxes] = end[worst];
      end[worst] = middle;
      measure(worst);
      measure(boxes);
      boxes++;
    }
    return boxes;
  }

  /** Finds a box's spread, and where to cut it. A box of one cell has no spread. */
  private void measure(int box) {
    spread[box] = 0;
    if (end[box] - first[box] < 2) {
      return;
    }
    double widest = -1;
    double all = 0;
    for (int x = 0; x < 3; x++) {
      float[] values = mean[x];
      double total = 0;
      double sum = 0;
      double squares = 0;
      for (int i = first[box]; i < end[box]; i++) {
        double weighted = weight[i] * values[i];
        total += weight[i];
        sum += weighted;
        squares += weighted * values[i];
      }
      double deviation = squares - sum * sum / total;
      all += deviation;
      if (deviation > widest) {
        widest = deviation;
        axis[box] = x;
        cut[box] = sum / total;
      }
    }
    spread[box] = all;
  }

  /** Orders a box's cells into those up to the cut and those above it; both sides get some. */
  private int partition(int box) {
    float[] values = mean[axis[box]];
    double limit = cut[box];
    int low = first[box];
    int high = end[box] - 1;
    while (low <= high) {
      if (values[low] <= limit) {
        low++;
      } else {
        swap(low, high);
        high--;
      }
    }
    return Math.max(first[box] + 1, Math.min(low, end[box] - 1));
  }

  private void swap(int one, int other) {
    float kept = weight[one];
    weight[one] = weight[other];
    weight[other] = kept;
    for (float[] values : mean) {
      kept = values[one];
      values[one] = values[other];
      values[other] = kept;
    }
  }

  private int centre(int from, int to) {
    double total = 0;
    double red = 0;
    double green = 0;
    double blue = 0;
    for (int i = from; i < to; i++) {
      total += weight[i];
      red += weight[i] * mean[0][i];
      green += weight[i] * mean[1][i];
      blue += weight[i] * mean[2][i];
    }
    return colour(red / total, green / total, blue / total);
  }

  /** The palette with each colour moved to the mean of the cells that it is nearest to. */
  private GifPalette moved(GifPalette palette, int used) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < used; i++) {
      float red = mean[0][i];
      float green = mean[1][i];
      float blue = mean[2][i];
      int at = palette.nearest(Math.round(red), Math.round(green), Math.round(blue)) * 4;
      sums[at] += weight[i];
      sums[at + 1] += weight[i] * red;
      sums[at + 2] += weight[i] * green;
      sums[at + 3] += weight[i] * blue;
    }
    for (int i = 0; i < palette.size(); i++) {
      double total = sums[4 * i];
      colours[i] =
          total == 0
              ? palette.colour(i)
              : colour(sums[4 * i + 1] / total, sums[4 * i + 2] / total, sums[4 * i + 3] / total);
    }
    return new GifPalette(colours, palette.size());
  }

  private static int colour(double red, double green, double blue) {
    return (int) (red + 0.5) << 16 | (int) (green + 0.5) << 8 | (int) (blue + 0.5);
  }
}
