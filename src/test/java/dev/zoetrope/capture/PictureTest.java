package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PictureTest {
  @TempDir private Path folder;

  private Bytes made(String form, String colour) throws IOException {
    return TestPictures.make(folder, form, "color=color=" + colour + ":size=64x48");
  }

  private static int middle(Picture picture) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.jpeg().toArray()));
    assertThat(image.getWidth()).isEqualTo(picture.width());
    assertThat(image.getHeight()).isEqualTo(picture.height());
    return image.getRGB(image.getWidth() / 2, image.getHeight() / 2);
  }

  private static void assertRed(int rgb) {
    assertThat(rgb >> 16 & 0xff).isGreaterThan(200);
    assertThat(rgb >> 8 & 0xff).isLessThan(60);
    assertThat(rgb & 0xff).isLessThan(60);
  }

  @Test
  void jpegStaysUntouched() throws Exception {
    Bytes jpeg = made("jpg", "red");

    Picture picture = Picture.of(jpeg);

    assertThat(picture.jpeg()).isSameAs(jpeg);
    assertThat(picture.width()).isEqualTo(64);
    assertThat(picture.height()).isEqualTo(48);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "webp"})
  void otherPicturesBecomeJpegsOfTheSameSizeAndColour(String form) throws Exception {
    Picture picture = Picture.of(made(form, "red"));

    assertThat(picture.width()).isEqualTo(64);
    assertThat(picture.height()).isEqualTo(48);
    assertRed(middle(picture));
  }

  @Test
  void losslessWebpIsReadToo() throws Exception {
    Bytes webp = TestPictures.make(folder, "webp", "color=color=red:size=64x48", "-lossless", "1");

    assertRed(middle(Picture.of(webp)));
  }

  @Test
  void whatIsTransparentIsBlack() throws Exception {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(255, 255, 255, 0));
    graphics.fillRect(0, 0, 32, 32);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);

    assertThat(middle(Picture.of(Bytes.owning(png.toByteArray()))) & 0xffffff).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "webp"})
  void pictureIsWholeWithItsLastByteAndNotBefore(String form) throws Exception {
    Bytes whole = TestPictures.make(folder, form, "testsrc2=size=64x48");

    assertThat(Picture.isWhole(whole)).isTrue();
    int cutOften = 0;
    for (int size = 0; size < whole.size(); size++) {
      cutOften += Picture.isWhole(whole.slice(0, size)) ? 1 : 0;
    }
    assertThat(cutOften).isLessThanOrEqualTo(form.equals("gif") ? whole.size() / 50 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "webp"})
  void truncatedAndDamagedPicturesThrowNothingElse(String form) throws Exception {
    Bytes whole = TestPictures.make(folder, form, "testsrc2=size=64x48");
    int refused = 0;
    for (int size = 0; size < whole.size(); size += 1 + whole.size() / 300) {
      byte[] damaged = whole.toArray();
      damaged[size] ^= 0x55;
      refused += isRefused(whole.slice(0, size)) ? 1 : 0;
      refused += isRefused(Bytes.owning(damaged)) ? 1 : 0;
    }

    assertThat(refused).isPositive();
  }

  private static boolean isRefused(Bytes bytes) {
    try {
      assertThat(Picture.of(bytes).width()).isPositive();
      return false;
    } catch (MalformedMediaException e) {
      assertThat(e.getMessage()).isNotBlank();
      return true;
    }
  }

  @Test
  void whatIsNoPictureIsNamed() {
    Bytes page = Bytes.owning("<html>".getBytes(US_ASCII));

    assertThatThrownBy(() -> Picture.of(page))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageStartingWith("expected a JPEG, PNG, GIF or WebP picture, found 6 bytes 3c68");
    assertThat(Picture.isKnown(page)).isFalse();
  }

  @Test
  void pictureOfTooManyPixelsIsNotDecoded() {
    Bytes png = pngOf(30_000, 30_000);

    assertThatThrownBy(() -> Picture.of(png))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageStartingWith("PNG of 30000x30000 pixels: expected at most");
  }

  /** The beginning of one, without a pixel. */
  private static Bytes pngOf(int width, int height) {
    ByteBuffer header = ByteBuffer.allocate(17);
    header.put("IHDR".getBytes(US_ASCII)).putInt(width).putInt(height);
    header.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(header.array());
    ByteBuffer png = ByteBuffer.allocate(8 + 4 + 17 + 4 + 8);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    png.putInt(13).put(header.array()).putInt((int) crc.getValue());
    png.putInt(0).put("IDAT".getBytes(US_ASCII));
    return Bytes.owning(png.array());
  }
}
