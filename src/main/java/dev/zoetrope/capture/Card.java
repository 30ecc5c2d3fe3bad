package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.media.Bytes;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What viewers see in the place of a source that is not there: its last picture, dimmed, with a
 * word on what is the matter and for how long. One thread at a time.
 */
final class Card {
  /** Of the last picture's brightness so much is left, in parts of 256. */
  private static final int DIM = 96;

  /** Behind the text, of the dimmed picture's. */
  private static final int BAND_DIM = 96;

  private static final int TEXT = 0xf2f2f2;
  private static final int EMPTY = 0x20242a; // where there never was a picture

  /** Of the width, for the longest line of text. */
  private static final double MOST_OF_WIDTH = 0.8;

  /** Of the height, for all lines with what is between them. */
  private static final double MOST_OF_HEIGHT = 0.5;

  private static final int LINES = 3;

  /** From one line to the next, in dots. */
  private static final int LINE_DOTS = CardFont.HEIGHT + 4;

  private final Size size;
  private final byte[] base; // the card without the time
  private final int dot; // pixels across a dot of the text
  private final int top; // of the first line

  /**
   * @param title of the source
   * @param lastPicture as a JPEG, of any size; one that cannot be decoded counts as none
   * @param words what is the matter
   */
  Card(String title, Size size, Optional<Bytes> lastPicture, String words) {
    this.size = size;
    String shownTitle = CardFont.drawable(title);
    String shownWords = CardFont.drawable(words);
    dot = dot(size, Math.max(CardFont.width(shownWords), CardFont.width(time(Duration.ZERO))));
    top = Math.max(0, (size.height() - (LINES * LINE_DOTS - 4) * dot) / 2);
    base =
        lastPicture
            .flatMap(StillPicture::decode)
            .map(image -> dimmed(StillPicture.scale(image, size)))
            .orElseGet(() -> plain(size));
    darkenBand();
    draw(base, fitting(shownTitle), 0);
    draw(base, shownWords, 1);
  }

  private static int dot(Size size, int widest) {
    int byWidth = (int) (size.width() * MOST_OF_WIDTH / widest);
    int byHeight = (int) (size.height() * MOST_OF_HEIGHT / (LINES * LINE_DOTS));
    return Math.max(1, Math.min(byWidth, byHeight));
  }

  private String fitting(String text) {
    int most = (int) (size.width() * MOST_OF_WIDTH) / (dot * CardFont.ADVANCE);
    return text.length() <= most ? text : text.substring(0, Math.max(0, most - 3)) + "...";
  }

  private static byte[] dimmed(BufferedImage image) {
    byte[] rgb = StillPicture.rgb(image);
    for (int at = 0; at < rgb.length; at += 3) {
      int red = rgb[at] & 0xff;
      int green = rgb[at + 1] & 0xff;
      int blue = rgb[at + 2] & 0xff;
      int grey = (red * 77 + green * 150 + blue * 29) >> 8; // BT.601
      rgb[at] = (byte) ((((red + grey) / 2) * DIM) >> 8);
      rgb[at + 1] = (byte) ((((green + grey) / 2) * DIM) >> 8);
      rgb[at + 2] = (byte) ((((blue + grey) / 2) * DIM) >> 8);
    }
    return rgb;
  }

  private static byte[] plain(Size size) {
    byte[] rgb = new byte[size.width() * size.height() * 3];
    for (int at = 0; at < rgb.length; at += 3) {
      set(rgb, at, EMPTY);
    }
    return rgb;
  }

  private static void set(byte[] rgb, int at, int colour) {
    rgb[at] = (byte) (colour >> 16);
    rgb[at + 1] = (byte) (colour >> 8);
    rgb[at + 2] = (byte) colour;
  }

  private void darkenBand() {
    int margin = 4 * dot;
    int from = Math.max(0, top - margin);
    int to = Math.min(size.height(), top + (LINES * LINE_DOTS - 4) * dot + margin);
    int row = size.width() * 3;
    for (int at = from * row; at < to * row; at++) {
      base[at] = (byte) (((base[at] & 0xff) * BAND_DIM) >> 8);
    }
  }

  Size size() {
    return size;
  }

  /** The card for that time; 3 bytes a pixel, rows without padding. */
  Bytes paint(Duration lostFor) {
    byte[] rgb = base.clone();
    draw(rgb, time(lostFor), 2);
    return Bytes.owning(rgb);
  }

  private static String time(Duration lostFor) {
    long seconds = Math.max(0, lostFor.toSeconds());
    return seconds < 3600
        ? String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private void draw(byte[] rgb, String text, int line) {
    int dots = CardFont.width(text);
    int left = (size.width() - dots * dot) / 2;
    int y = top + line * LINE_DOTS * dot;
    for (int dotY = 0; dotY < CardFont.HEIGHT; dotY++) {
      for (int dotX = 0; dotX < dots; dotX++) {
        if (CardFont.hasDot(text, dotX, dotY)) {
          fill(rgb, left + dotX * dot, y + dotY * dot);
        }
      }
    }
  }

  /** One dot, as far as it is on the card. */
  private void fill(byte[] rgb, int left, int above) {
    for (int y = Math.max(0, above); y < Math.min(size.height(), above + dot); y++) {
      for (int x = Math.max(0, left); x < Math.min(size.width(), left + dot); x++) {
        set(rgb, (y * size.width() + x) * 3, TEXT);
      }
    }
  }
}
