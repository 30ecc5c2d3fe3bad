package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.Arrays;

/**
 * Turns pictures, 3 bytes a pixel, into the images of one endless GIF, each of which holds only
 * what changed.
 *
 * <p>A pixel is written when its new colour would come nearer to the picture by more than a
 * tolerance. While the strings of the LZW grow, it also chooses: where the wanted index does not go
 * on with a known string but another that looks nearly the same does, that one is written. Every
 * choice is measured against the picture itself, so errors never add up. The palette is made anew
 * when a sample of the picture fits it worse than when it was new (a scene cut), and about every
 * tenth picture while there is movement; pixels that stay keep their colour, so nothing flickers.
 *
 * <p>All tables are reused: a picture costs its output and its {@link #canvas} in new memory. Not
 * thread-safe. All tolerances and errors are squared distances in red, green and blue.
 */
final class GifEncoder {
  /** Steps of tolerance: 0 for the best picture, this for the fewest bytes. */
  static final int MAX_COARSENESS = 16;

  // Found by trial on the tree's clip, rendered film, surveillance and panned photographs: of what
  // was tried, the best PSNR at no more bytes than ffmpeg's (photographs: as many). Less tolerance
  // gains at most 1.6 dB more, for 15 to 100 % more bytes.
  private static final int KEEP = 20;
  private static final int KEEP_FOR_STRING = 64;
  private static final int SWAP_FOR_STRING = 48;

  /** Tolerance doubles with each so many steps of coarseness. */
  private static final int STEPS_PER_DOUBLING = 4;

  /** Colours farther apart than this times {@link #SWAP_FOR_STRING} never stand for each other. */
  private static final int NEIGHBOUR_REACH = 8;

  private static final int PALETTE_PICTURES = 10;
  private static final double PALETTE_WORSE = 1.1;
  private static final double PALETTE_WORSE_AT_LEAST = 2;

  /** With less of the picture in movement, the palette is not renewed by age. */
  private static final double PALETTE_MOVEMENT = 0.02;

  /** How much more a pixel that changes counts for the palette than one that stays. */
  private static final int CHANGED_WEIGHT = 4;

  /**
   * A picture that comes so many times again is still, not a slower source's: what was chosen for
   * few bytes is then made good once.
   */
  private static final int REPEATS_WHEN_STILL = 3;

  private static final int SAMPLED_PIXELS = 1 << 13;
  private static final int COUNTED_PIXELS = 1 << 17;
  private static final int TRANSPARENT = GifPalette.TRANSPARENT;

  private final int width;
  private final int height;
  private final int sampleStep;
  private final int countStep;
  private final GifQuantiser quantiser = new GifQuantiser();
  private final GifLzw out;

  /** The picture before, and how many times it came again. */
  private final byte[] previous;

  private int repeats;

  /** Per pixel, 0xRRGGBB that viewers see. */
  private final int[] shown;

  /** Per pixel, the index of the colour of the palette nearest to {@link #shown}. */
  private final byte[] indexes;

  /** Per pixel, the index wanted in this image. */
  private final byte[] wanted;

  private GifPalette palette;
  private final int[] colours = new int[256];
  private byte[] neighbours;

  /** By the upper 6 bits of red, green, blue: the nearest colour, or TRANSPARENT: not known yet. */
  private final byte[] nearest = new byte[1 << 18];

  private double errorWhenNew;
  private int paletteAge;
  private GifCanvas canvas;

  // The tolerances for the picture at hand.
  private int keep;
  private int keepForString;
  private int swapForString;

  // What a sample found.
  private double sampledError;
  private double sampledMovement;

  // The rectangle to be written; right and bottom are outside.
  private int left;
  private int top;
  private int right;
  private int bottom;

  /**
   * @param width 1 to {@link GifImage#MAX_SIDE}
   * @param height 1 to {@link GifImage#MAX_SIDE}
   */
  GifEncoder(int width, int height) {
    this.width = width;
    this.height = height;
    int pixels = Math.multiplyExact(width, height);
    sampleStep = step(pixels, SAMPLED_PIXELS);
    countStep = step(pixels, COUNTED_PIXELS);
    previous = new byte[3 * pixels];
    shown = new int[pixels];
    indexes = new byte[pixels];
    wanted = new byte[pixels];
    out = new GifLzw(pixels, GifImage.MAX_STAMP_SIZE + GifImage.MAX_HEAD_SIZE);
  }

  /**
   * The image that leads viewers of the images so far to this picture; the first one covers the
   * whole screen. Where nothing changed, one transparent pixel.
   *
   * @param rgb 3 bytes a pixel: red, green, blue; rows without padding; only read
   * @param prefix written before the image, at most {@link GifImage#MAX_STAMP_SIZE} bytes
   * @param coarseness 0 to {@link #MAX_COARSENESS}
   */
  Bytes encode(byte[] rgb, Bytes prefix, int coarseness) {
    boolean isFirst = palette == null;
    boolean isRenewed = false;
    repeats = !isFirst && Arrays.equals(rgb, previous) ? repeats + 1 : 0;
    setTolerance(coarseness);
    if (repeats == 0) {
      System.arraycopy(rgb, 0, previous, 0, previous.length);
      isRenewed = renewPaletteIfStale(rgb);
    }
    if (isFirst) {
      wantAll(rgb);
    } else if (repeats == 0 || repeats == REPEATS_WHEN_STILL) {
      wantChanges(rgb);
    } else {
      wantNothing();
    }
    boolean isUnchanged = right == 0;
    if (isUnchanged) {
      left = 0;
      top = 0;
      right = 1;
      bottom = 1;
      wanted[0] = (byte) TRANSPARENT;
    }
    if (!isUnchanged || isRenewed) {
      canvas = null;
    }
    GifImage.Cover cover = isFirst ? GifImage.Cover.ALL : GifImage.Cover.CHANGES;
    out.rewind();
    GifImage.putHead(out, prefix, cover, left, top, right - left, bottom - top, palette);
    putPixels(rgb, cover);
    return Bytes.copyOf(out.array(), 0, out.position());
  }

  /** What viewers see after the last image; the same object while nothing changes. */
  GifCanvas canvas() {
    if (canvas == null) {
      canvas = new GifCanvas(width, height, palette, indexes.clone());
    }
    return canvas;
  }

  /** 0xRRGGBB that viewers see at a pixel, counted row by row; for tests. */
  int shown(int pixel) {
    return shown[pixel];
  }

  /** A step that visits about {@code wish} pixels, odd, and not the same columns in each row. */
  private int step(int pixels, int wish) {
    int step = Math.max(1, pixels / wish);
    while (step > 1 && (step % 2 == 0 || width % step == 0)) {
      step++;
    }
    return step;
  }

  private void setTolerance(int coarseness) {
    double factor = Math.pow(2, (double) coarseness / STEPS_PER_DOUBLING);
    keep = (int) (KEEP * factor);
    keepForString = (int) (KEEP_FOR_STRING * factor);
    swapForString = (int) (SWAP_FOR_STRING * factor);
    if (repeats == REPEATS_WHEN_STILL) {
      keepForString = 0;
      swapForString = 0;
    }
  }

  private boolean renewPaletteIfStale(byte[] rgb) {
    if (palette != null) {
      paletteAge++;
      sample(rgb);
      boolean isWorse = sampledError > errorWhenNew * PALETTE_WORSE + PALETTE_WORSE_AT_LEAST;
      boolean isOld = paletteAge >= PALETTE_PICTURES && sampledMovement > PALETTE_MOVEMENT;
      if (!isWorse && !isOld) {
        return false;
      }
    }
    count(rgb);
    palette = quantiser.palette();
    neighbours = palette.neighbours(NEIGHBOUR_REACH * SWAP_FOR_STRING);
    Arrays.fill(colours, 0);
    for (int i = 0; i < palette.size(); i++) {
      colours[i] = palette.colour(i);
    }
    Arrays.fill(nearest, (byte) TRANSPARENT);
    expressInNewPalette();
    sample(rgb);
    errorWhenNew = sampledError;
    paletteAge = 0;
    return true;
  }

  private void sample(byte[] rgb) {
    long error = 0;
    int moved = 0;
    int count = 0;
    for (int pixel = 0; pixel < shown.length; pixel += sampleStep) {
      int at = 3 * pixel;
      int red = rgb[at] & 0xff;
      int green = rgb[at + 1] & 0xff;
      int blue = rgb[at + 2] & 0xff;
      error += GifPalette.distance(colours[nearest(red, green, blue)], red, green, blue);
      if (GifPalette.distance(shown[pixel], red, green, blue) > keepForString) {
        moved++;
      }
      count++;
    }
    sampledError = (double) error / count;
    sampledMovement = (double) moved / count;
  }

  private void count(byte[] rgb) {
    boolean isFirst = palette == null;
    quantiser.clear();
    for (int pixel = 0; pixel < shown.length; pixel += countStep) {
      int at = 3 * pixel;
      int red = rgb[at] & 0xff;
      int green = rgb[at + 1] & 0xff;
      int blue = rgb[at + 2] & 0xff;
      boolean isStill =
          isFirst || GifPalette.distance(shown[pixel], red, green, blue) <= keepForString;
      quantiser.add(red, green, blue, isStill ? 1 : CHANGED_WEIGHT);
    }
  }

  private void expressInNewPalette() {
    for (int pixel = 0; pixel < shown.length; pixel++) {
      int colour = shown[pixel];
      indexes[pixel] = (byte) nearest(colour >> 16, colour >> 8 & 0xff, colour & 0xff);
    }
  }

  private void wantAll(byte[] rgb) {
    for (int pixel = 0, at = 0; pixel < wanted.length; pixel++, at += 3) {
      wanted[pixel] = (byte) nearest(rgb[at] & 0xff, rgb[at + 1] & 0xff, rgb[at + 2] & 0xff);
    }
    left = 0;
    top = 0;
    right = width;
    bottom = height;
  }

  private void wantNothing() {
    left = width;
    top = height;
    right = 0;
    bottom = 0;
  }

  /** Fills {@link #wanted} and the rectangle; where nothing changed, it is empty. */
  private void wantChanges(byte[] rgb) {
    wantNothing();
    int pixel = 0;
    int at = 0;
    for (int y = 0; y < height; y++) {
      int firstChanged = width;
      int lastChanged = -1;
      for (int x = 0; x < width; x++, pixel++, at += 3) {
        int red = rgb[at] & 0xff;
        int green = rgb[at + 1] & 0xff;
        int blue = rgb[at + 2] & 0xff;
        wanted[pixel] = (byte) TRANSPARENT;
        int error = GifPalette.distance(shown[pixel], red, green, blue);
        if (error <= keep) {
          continue;
        }
        int index = nearest(red, green, blue);
        if (error - GifPalette.distance(colours[index], red, green, blue) <= keep) {
          continue;
        }
        wanted[pixel] = (byte) index;
        firstChanged = Math.min(firstChanged, x);
        lastChanged = x;
      }
      if (lastChanged >= 0) {
        left = Math.min(left, firstChanged);
        right = Math.max(right, lastChanged + 1);
        top = Math.min(top, y);
        bottom = y + 1;
      }
    }
  }

  private void putPixels(byte[] rgb, GifImage.Cover cover) {
    out.begin();
    int code = GifLzw.NONE;
    for (int y = top; y < bottom; y++) {
      int pixel = y * width + left;
      for (int x = left; x < right; x++, pixel++) {
        int index = wanted[pixel] & 0xff;
        if (code == GifLzw.NONE) {
          code = index;
        } else {
          int child = out.child(code, index);
          if (child == GifLzw.NONE && out.hasChildren(code)) {
            int other =
                index == TRANSPARENT
                    ? insteadOfKeeping(rgb, pixel, code)
                    : insteadOf(index, rgb, pixel, code, cover);
            if (other != index) {
              index = other;
              child = out.child(code, index);
            }
          }
          if (child == GifLzw.NONE) {
            out.emit(code, index);
            code = index;
          } else {
            code = child;
          }
        }
        if (index != TRANSPARENT) {
          shown[pixel] = colours[index];
          indexes[pixel] = (byte) index;
        }
      }
    }
    out.end(code);
  }

  /** A colour that goes on with the string and is hardly farther off than what is shown. */
  private int insteadOfKeeping(byte[] rgb, int pixel, int code) {
    int at = 3 * pixel;
    int red = rgb[at] & 0xff;
    int green = rgb[at + 1] & 0xff;
    int blue = rgb[at + 2] & 0xff;
    int limit = GifPalette.distance(shown[pixel], red, green, blue) + swapForString;
    int like = indexes[pixel] & 0xff;
    if (goesOn(code, like, red, green, blue, limit)) {
      return like;
    }
    return neighbourOf(like, TRANSPARENT, code, red, green, blue, limit);
  }

  /** Transparent or another colour, if it goes on with the string; else {@code index}. */
  private int insteadOf(int index, byte[] rgb, int pixel, int code, GifImage.Cover cover) {
    int at = 3 * pixel;
    int red = rgb[at] & 0xff;
    int green = rgb[at + 1] & 0xff;
    int blue = rgb[at + 2] & 0xff;
    int error = GifPalette.distance(colours[index], red, green, blue);
    if (cover == GifImage.Cover.CHANGES
        && GifPalette.distance(shown[pixel], red, green, blue) <= error + keep + keepForString
        && out.child(code, TRANSPARENT) != GifLzw.NONE) {
      return TRANSPARENT;
    }
    return neighbourOf(index, index, code, red, green, blue, error + swapForString);
  }

  private int neighbourOf(
      int index, int otherwise, int code, int red, int green, int blue, int limit) {
    int from = index * GifPalette.NEIGHBOURS;
    for (int i = from; i < from + GifPalette.NEIGHBOURS; i++) {
      int neighbour = neighbours[i] & 0xff;
      if (neighbour == index) {
        return otherwise;
      }
      if (goesOn(code, neighbour, red, green, blue, limit)) {
        return neighbour;
      }
    }
    return otherwise;
  }

  private boolean goesOn(int code, int index, int red, int green, int blue, int limit) {
    return out.mayHaveChild(code, index)
        && GifPalette.distance(colours[index], red, green, blue) <= limit
        && out.child(code, index) != GifLzw.NONE;
  }

  /** The index of about the nearest colour: exact for the middle of each 4 x 4 x 4 cell. */
  private int nearest(int red, int green, int blue) {
    int cell = (red >> 2) << 12 | (green >> 2) << 6 | blue >> 2;
    int index = nearest[cell] & 0xff;
    if (index == TRANSPARENT) {
      index = palette.nearest((red & ~3) + 2, (green & ~3) + 2, (blue & ~3) + 2);
      nearest[cell] = (byte) index;
    }
    return index;
  }
}
