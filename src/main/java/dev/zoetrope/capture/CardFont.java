package dev.zoetrope.capture;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Letters of 5 by 7 dots, for pictures on machines whose Java has no fonts. Capital letters,
 * digits, some signs; others lose their accents or become a question mark. Stateless.
 */
final class CardFont {
  static final int WIDTH = 5;
  static final int HEIGHT = 7;

  /** From one letter to the next, in dots. */
  static final int ADVANCE = WIDTH + 1;

  /** A sign, then its rows from the top: five bits each, the leftmost dot the highest. */
  private static final String SIGNS =
      """
      A 0e 11 11 1f 11 11 11
      B 1e 11 11 1e 11 11 1e
      C 0e 11 10 10 10 11 0e
      D 1e 11 11 11 11 11 1e
      E 1f 10 10 1e 10 10 1f
      F 1f 10 10 1e 10 10 10
      G 0e 11 10 17 11 11 0f
      H 11 11 11 1f 11 11 11
      I 0e 04 04 04 04 04 0e
      J 07 02 02 02 02 12 0c
      K 11 12 14 18 14 12 11
      L 10 10 10 10 10 10 1f
      M 11 1b 15 15 11 11 11
      N 11 19 15 15 13 11 11
      O 0e 11 11 11 11 11 0e
      P 1e 11 11 1e 10 10 10
      Q 0e 11 11 11 15 12 0d
      R 1e 11 11 1e 14 12 11
      S 0f 10 10 0e 01 01 1e
      T 1f 04 04 04 04 04 04
      U 11 11 11 11 11 11 0e
      V 11 11 11 11 11 0a 04
      W 11 11 11 15 15 1b 11
      X 11 11 0a 04 0a 11 11
      Y 11 11 0a 04 04 04 04
      Z 1f 01 02 04 08 10 1f
      0 0e 11 13 15 19 11 0e
      1 04 0c 04 04 04 04 0e
      2 0e 11 01 06 08 10 1f
      3 1e 01 01 0e 01 01 1e
      4 02 06 0a 12 1f 02 02
      5 1f 10 1e 01 01 11 0e
      6 06 08 10 1e 11 11 0e
      7 1f 01 02 04 08 08 08
      8 0e 11 11 0e 11 11 0e
      9 0e 11 11 0f 01 02 0c
      : 00 04 04 00 04 04 00
      . 00 00 00 00 00 0c 0c
      , 00 00 00 00 04 04 08
      - 00 00 00 0e 00 00 00
      + 00 04 04 1f 04 04 00
      ' 04 04 08 00 00 00 00
      / 01 01 02 04 08 10 10
      ( 02 04 08 08 08 04 02
      ) 08 04 02 02 02 04 08
      ! 04 04 04 04 04 00 04
      ? 0e 11 01 02 04 00 04
      & 0c 12 14 08 15 12 0d
      _ 00 00 00 00 00 00 1f
      # 0a 0a 1f 0a 1f 0a 0a
      """;

  private static final Map<Character, byte[]> GLYPHS = glyphs();

  private CardFont() {}

  private static Map<Character, byte[]> glyphs() {
    Map<Character, byte[]> glyphs = new HashMap<>();
    glyphs.put(' ', new byte[HEIGHT]);
    for (String line : SIGNS.strip().split("\n", -1)) {
      String[] rows = line.substring(2).split(" ", -1);
      byte[] glyph = new byte[HEIGHT];
      for (int row = 0; row < HEIGHT; row++) {
        glyph[row] = Byte.parseByte(rows[row], 16);
      }
      glyphs.put(line.charAt(0), glyph);
    }
    return glyphs;
  }

  /** The text in signs that there are. */
  static String drawable(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
    StringBuilder drawable = new StringBuilder();
    plain
        .toUpperCase(Locale.ROOT)
        .chars()
        .forEach(c -> drawable.append(GLYPHS.containsKey((char) c) ? (char) c : '?'));
    return drawable.toString();
  }

  /** Dots across, of one text. */
  static int width(String drawable) {
    return Math.max(0, drawable.length() * ADVANCE - 1);
  }

  /** Whether there is a dot; {@code x} counts from the left of the text, {@code y} from its top. */
  static boolean hasDot(String drawable, int x, int y) {
    int column = x % ADVANCE;
    byte[] glyph = GLYPHS.get(drawable.charAt(x / ADVANCE));
    return column < WIDTH && ((glyph[y] >> (WIDTH - 1 - column)) & 1) != 0;
  }
}
