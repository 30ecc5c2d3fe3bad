package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GifLzwTest {
  private static byte[] encode(GifLzw lzw, byte[] pixels) {
    lzw.rewind();
    lzw.begin();
    int code = pixels[0] & 0xff;
    for (int i = 1; i < pixels.length; i++) {
      int pixel = pixels[i] & 0xff;
      int child = lzw.child(code, pixel);
      if (child == GifLzw.NONE) {
        lzw.emit(code, pixel);
        code = pixel;
      } else {
        code = child;
      }
    }
    lzw.end(code);
    return Arrays.copyOf(lzw.array(), lzw.position());
  }

  private static byte[] decode(byte[] encoded, int count) {
    assertThat(encoded[0]).isEqualTo((byte) 8);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int at = 1;
    while (encoded[at] != 0) {
      int size = encoded[at] & 0xff;
      data.write(encoded, at + 1, size);
      at += 1 + size;
    }
    assertThat(at).isEqualTo(encoded.length - 1);
    return GifReader.decode(data.toByteArray(), count);
  }

  private static byte[] noise(int count, int values) {
    Random random = new Random(count);
    byte[] pixels = new byte[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (byte) random.nextInt(values);
    }
    return pixels;
  }

  @Test
  void everyCountOfNoisyPixelsComesBack() {
    GifLzw lzw = new GifLzw(4200, 0);

    for (int count = 1; count <= 4200; count++) {
      byte[] pixels = noise(count, 256);
      assertThat(decode(encode(lzw, pixels), count)).isEqualTo(pixels);
    }
  }

  @Test
  void fullCodeTableIsClearedAndGoesOn() {
    byte[] pixels = noise(300_000, 7);

    byte[] encoded = encode(new GifLzw(pixels.length, 0), pixels);

    assertThat(decode(encoded, pixels.length)).isEqualTo(pixels);
  }

  @Test
  void longestStringOfOneColourComesBack() {
    byte[] pixels = new byte[1_000_000];
    Arrays.fill(pixels, (byte) 255);

    byte[] encoded = encode(new GifLzw(pixels.length, 0), pixels);

    assertThat(encoded).hasSizeLessThan(3000);
    assertThat(decode(encoded, pixels.length)).isEqualTo(pixels);
  }

  @Test
  void worstPixelsFitTheArray() {
    byte[] pixels = noise(2_000_000, 256);

    byte[] encoded = encode(new GifLzw(pixels.length, 0), pixels);

    assertThat(decode(encoded, pixels.length)).isEqualTo(pixels);
  }
}
