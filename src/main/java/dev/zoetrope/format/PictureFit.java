package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.Arrays;

/**
 * Scales pictures, 3 bytes a pixel, from one size into another with their aspect ratio kept, and
 * pads them with black: each pixel the mean of those it covers when shrinking, between its two
 * neighbours each way when enlarging. Not thread-safe; its tables are reused.
 */
final class PictureFit {
  private final int sourceWidth;
  private final int sourceHeight;
  private final int targetWidth;
  private final int left;
  private final int top;
  private final Axis across;
  private final Axis down;
  private final float[] narrowed;

  /**
   * For each target position along one side: where its source begins, and the weights from there.
   */
  private static final class Axis {
    final int[] first;
    final float[][] weights;

    Axis(int source, int target) {
      first = new int[target];
      weights = new float[target][];
      double scale = (double) source / target;
      for (int i = 0; i < target; i++) {
        if (scale >= 1) {
          cover(i, i * scale, (i + 1) * scale, source);
        } else {
          interpolate(i, (i + 0.5) * scale - 0.5, source);
        }
      }
    }

    private void cover(int i, double from, double to, int source) {
      int begin = Math.min((int) from, source - 1);
      int end = Math.max(begin + 1, Math.min(source, (int) Math.ceil(to)));
      first[i] = begin;
      weights[i] = new float[end - begin];
      for (int k = begin; k < end; k++) {
        double covered = Math.min(to, k + 1) - Math.max(from, k);
        weights[i][k - begin] = (float) (covered / (to - from));
      }
    }

    private void interpolate(int i, double at, int source) {
      double inside = Math.max(0, Math.min(source - 1, at));
      int begin = (int) inside;
      float part = (float) (inside - begin);
      first[i] = begin;
      weights[i] = part == 0 ? new float[] {1} : new float[] {1 - part, part};
    }
  }

  /** All sides in pixels, at least 1. */
  PictureFit(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight) {
    this.sourceWidth = sourceWidth;
    this.sourceHeight = sourceHeight;
    this.targetWidth = targetWidth;
    double scale =
        Math.min((double) targetWidth / sourceWidth, (double) targetHeight / sourceHeight);
    int width = Math.max(1, Math.min(targetWidth, (int) Math.round(sourceWidth * scale)));
    int height = Math.max(1, Math.min(targetHeight, (int) Math.round(sourceHeight * scale)));
    left = (targetWidth - width) / 2;
    top = (targetHeight - height) / 2;
    across = new Axis(sourceWidth, width);
    down = new Axis(sourceHeight, height);
    narrowed = new float[width * sourceHeight * 3];
  }

  /** Bytes of a source picture. */
  int sourceSize() {
    return sourceWidth * sourceHeight * 3;
  }

  /** Fits {@code source}, of {@link #sourceSize} bytes, into {@code target}. */
  void fit(Bytes source, byte[] target) {
    narrow(source.toArray());
    Arrays.fill(target, (byte) 0);
    int width = across.first.length;
    int row = width * 3;
    for (int y = 0; y < down.first.length; y++) {
      float[] weights = down.weights[y];
      int to = ((top + y) * targetWidth + left) * 3;
      for (int x = 0; x < row; x++) {
        float sum = 0.5f;
        int from = down.first[y] * row + x;
        for (float weight : weights) {
          sum += weight * narrowed[from];
          from += row;
        }
        target[to + x] = (byte) Math.min(255, (int) sum);
      }
    }
  }

  private void narrow(byte[] source) {
    int to = 0;
    for (int y = 0; y < sourceHeight; y++) {
      for (int x = 0; x < across.first.length; x++) {
        int from = (y * sourceWidth + across.first[x]) * 3;
        float red = 0;
        float green = 0;
        float blue = 0;
        for (float weight : across.weights[x]) {
          red += weight * (source[from] & 0xff);
          green += weight * (source[from + 1] & 0xff);
          blue += weight * (source[from + 2] & 0xff);
          from += 3;
        }
        narrowed[to++] = red;
        narrowed[to++] = green;
        narrowed[to++] = blue;
      }
    }
  }
}
