package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;

/**
 * What a GIF's viewers see at one moment, as indexes into one palette. Immutable; any thread.
 *
 * <p>Where a viewer's pixel still has a colour of an earlier palette, the nearest one of this
 * palette stands for it: this palette was made for the whole picture, so that is as near as
 * quantisation comes anyway.
 */
final class GifCanvas {
  private final int width;
  private final int height;
  private final GifPalette palette;
  private final byte[] indexes;

  /**
   * @param indexes one a pixel, row by row; taken over, the caller must not touch it again
   */
  GifCanvas(int width, int height, GifPalette palette, byte[] indexes) {
    this.width = width;
    this.height = height;
    this.palette = palette;
    this.indexes = indexes;
  }

  /** Bytes it holds in memory, without the palette that its neighbours share. */
  int size() {
    return indexes.length;
  }

  /** {@code prefix}, then an image that covers the whole screen and leaves nothing as it was. */
  Bytes image(Bytes prefix) {
    GifLzw out = new GifLzw(indexes.length, prefix.size() + GifImage.MAX_HEAD_SIZE);
    GifImage.putHead(out, prefix, GifImage.Cover.ALL, 0, 0, width, height, palette);
    out.begin();
    int code = indexes[0] & 0xff;
    for (int i = 1; i < indexes.length; i++) {
      int pixel = indexes[i] & 0xff;
      int child = out.child(code, pixel);
      if (child == GifLzw.NONE) {
        out.emit(code, pixel);
        code = pixel;
      } else {
        code = child;
      }
    }
    out.end(code);
    return Bytes.copyOf(out.array(), 0, out.position());
  }
}
