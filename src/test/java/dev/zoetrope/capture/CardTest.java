package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.media.Bytes;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardTest {
  private static final Size SIZE = new Size(320, 180);

  private static Bytes picture(Color colour) throws IOException {
    BufferedImage image = new BufferedImage(64, 36, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour);
    graphics.fillRect(0, 0, 64, 36);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return Bytes.owning(out.toByteArray());
  }

  private static Card card(Optional<Bytes> lastPicture) {
    return new Card("Front gate", SIZE, lastPicture, "SIGNAL LOST");
  }

  private static int brightness(Bytes rgb, int x, int y) {
    int at = (y * SIZE.width() + x) * 3;
    return (rgb.at(at) + rgb.at(at + 1) + rgb.at(at + 2)) / 3;
  }

  private static long brightPixels(Bytes rgb) {
    long count = 0;
    for (int at = 0; at < rgb.size(); at += 3) {
      count += rgb.at(at) > 200 && rgb.at(at + 1) > 200 && rgb.at(at + 2) > 200 ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @CsvSource({"2,2", "16,16", "160,90", "640,360", "1080,1920", "1920,1080", "3840,2160"})
  void isPaintedInEverySize(int width, int height) {
    Card card =
        new Card(
            "A title that is far too long for it", new Size(width, height), Optional.empty(), "X");

    assertThat(card.paint(Duration.ofHours(30)).size()).isEqualTo(width * height * 3);
  }

  @Test
  void lastPictureIsStillThereButDimmed() throws IOException {
    Bytes card = card(Optional.of(picture(new Color(200, 100, 50)))).paint(Duration.ZERO);

    int red = card.at(0);
    int blue = card.at(2);
    assertThat(red).isBetween(40, 110).isGreaterThan(blue);
    assertThat(brightness(card, 5, 5)).isLessThan(80);
  }

  @Test
  void textStandsOutFromABrightPicture() throws IOException {
    Bytes card = card(Optional.of(picture(Color.WHITE))).paint(Duration.ZERO);

    assertThat(brightness(card, 2, SIZE.height() / 2)).isLessThan(60);
    assertThat(brightPixels(card)).isGreaterThan(300);
  }

  @Test
  void timeRuns() {
    Card card = card(Optional.empty());

    Bytes first = card.paint(Duration.ofSeconds(14));
    Bytes same = card.paint(Duration.ofMillis(14_900));
    Bytes later = card.paint(Duration.ofSeconds(15));

    assertThat(same).isEqualTo(first);
    assertThat(later).isNotEqualTo(first);
  }

  @Test
  void brokenPictureCountsAsNone() {
    Bytes broken = Bytes.of(0xff, 0xd8, 1, 2, 3);

    assertThat(card(Optional.of(broken)).paint(Duration.ZERO))
        .isEqualTo(card(Optional.empty()).paint(Duration.ZERO));
  }

  @Test
  void lettersLoseTheirAccentsAndSignsThatAreMissingBecomeQuestionMarks() {
    assertThat(CardFont.drawable("Größe é 日: 1/2")).isEqualTo("GROSSE E ?: 1/2");
  }

  @Test
  void everyLetterAndDigitIsDrawnDifferently() {
    String signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    for (int i = 0; i < signs.length(); i++) {
      for (int k = 0; k < i; k++) {
        assertThat(dots(signs.substring(i, i + 1))).isNotEqualTo(dots(signs.substring(k, k + 1)));
      }
    }
  }

  private static String dots(String sign) {
    StringBuilder dots = new StringBuilder();
    for (int y = 0; y < CardFont.HEIGHT; y++) {
      for (int x = 0; x < CardFont.WIDTH; x++) {
        dots.append(CardFont.hasDot(sign, x, y) ? '#' : ' ');
      }
    }
    return dots.toString();
  }
}
