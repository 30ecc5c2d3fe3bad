package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that say, or unpack to, much. */
@Timeout(60)
class HostilePictureTest {
  private static final int MIB = 1 << 20;

  /** What a bomb unpacks to. */
  private static final int BOMB_BYTES = 256 * MIB;

  /** What reading a picture of a few pixels may take, beside the file. */
  private static final long MOST_BYTES = 32L * MIB;

  /** With samples for any small picture. */
  private static final byte[] NOTHING = new byte[200];

  private static void assertTooLarge(byte[] picture, String said) {
    assertThatThrownBy(() -> Picture.of(Bytes.owning(picture)))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageStartingWith(said + " pixels: expected at most");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] littleEnd(int bytes, long value) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return Arrays.copyOf(all, bytes);
  }

  @Test
  void jpegIsMeasuredThoughItIsNotDecoded(@TempDir Path folder) throws IOException {
    byte[] jpeg = TestPictures.make(folder, "jpg", "color=size=64x48").toArray();
    int frame = indexOfFrame(jpeg);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 65_500).putShort(frame + 7, (short) 65_500);

    assertTooLarge(jpeg, "JPEG of 65500x65500");
  }

  /** Where SOF0 is (ITU-T T.81, B.2.2). */
  private static int indexOfFrame(byte[] jpeg) {
    for (int at = 0; at + 1 < jpeg.length; at++) {
      if ((jpeg[at] & 0xff) == 0xff && (jpeg[at + 1] & 0xff) == 0xc0) {
        return at;
      }
    }
    throw new AssertionError("no SOF0");
  }

  @Test
  void gifWhoseImageIsLargerThanItsScreenIsNotDecoded() {
    byte[] screen = joined(littleEnd(2, 16), littleEnd(2, 16), new byte[3]);
    byte[] image = joined(latin1(","), new byte[4], littleEnd(2, 65_535), littleEnd(2, 65_535));

    assertTooLarge(
        joined(latin1("GIF89a"), screen, image, new byte[] {0, 2, 1, 0, 0, 0x3b}),
        "GIF of 65535x65535");
  }

  @Test
  void webpOfTooManyPixelsIsNotDecoded() {
    assertTooLarge(webp(lossy(16_383)), "WEBP of 16383x16383");
    assertTooLarge(webp(lossless(16_384)), "WEBP of 16384x16384");
    assertTooLarge(webp(canvas(0, 65_536), lossless(16)), "WEBP of 65536x65536");
  }

  @Test
  void webpWhoseImageIsLargerThanItsCanvasIsNotDecoded() {
    byte[] noAlpha = chunk("ALPH", new byte[3]); // of an odd size

    assertTooLarge(webp(canvas(0, 16), lossy(16_383)), "WEBP of 16383x16383");
    assertTooLarge(webp(canvas(0x10, 16), noAlpha, lossy(16_383)), "WEBP of 16383x16383");
    assertTooLarge(webp(canvas(0, 16), lossless(16_384)), "WEBP of 16384x16384");
    byte[] frame = joined(new byte[6], littleEnd(3, 15), littleEnd(3, 15), new byte[4]);
    assertTooLarge(
        webp(
            canvas(2, 16),
            chunk("ANIM", new byte[6]),
            chunk("ANMF", joined(frame, lossless(16_384)))),
        "WEBP of 16384x16384");
  }

  private static byte[] webp(byte[]... chunks) {
    byte[] all = joined(chunks);
    return joined(latin1("RIFF"), littleEnd(4, all.length + 4), latin1("WEBP"), all);
  }

  private static byte[] chunk(String type, byte[] data) {
    return joined(latin1(type), littleEnd(4, data.length), data, new byte[data.length % 2]);
  }

  private static byte[] canvas(int flags, int size) {
    byte[] side = littleEnd(3, size - 1);
    return chunk("VP8X", joined(littleEnd(4, flags), side, side));
  }

  private static byte[] lossy(int size) {
    byte[] start = {0x10, 0, 0, (byte) 0x9d, 1, 0x2a};
    return chunk("VP8 ", joined(start, littleEnd(2, size), littleEnd(2, size), NOTHING));
  }

  private static byte[] lossless(int size) {
    long sides = (size - 1) | (long) (size - 1) << 14;
    return chunk("VP8L", joined(new byte[] {0x2f}, littleEnd(4, sides), NOTHING));
  }

  /** Text, a colour profile, and more samples than the picture has pixels. */
  @ParameterizedTest
  @ValueSource(strings = {"zTXt", "iTXt", "iCCP", "IDAT"})
  void whatAPngHasBesideItsPixelsIsNotUnpacked(String type) throws Exception {
    byte[] bomb = packed(BOMB_BYTES);
    byte[] data =
        switch (type) {
          case "zTXt", "iCCP" -> joined(latin1("name\0\0"), bomb);
          case "iTXt" -> joined(latin1("name\0\1\0\0\0"), bomb);
          default -> bomb;
        };
    for (byte colour : new byte[] {2, 3}) { // with a palette, more is read
      byte[] png = png(colour, pngChunk(type, data));
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

      Picture picture = Picture.of(Bytes.owning(png));

      long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      assertThat(picture.width()).isEqualTo(16);
      assertThat(taken).isLessThan(MOST_BYTES);
    }
  }

  private static byte[] png(byte colour, byte[] extra) throws IOException {
    byte[] header = ByteBuffer.allocate(13).putInt(16).putInt(16).put((byte) 8).put(colour).array();
    return joined(
        latin1("\u0089PNG\r\n\u001a\n"),
        pngChunk("IHDR", header),
        colour == 3 ? pngChunk("PLTE", new byte[6]) : new byte[0],
        extra,
        pngChunk("IDAT", packed(MIB)),
        pngChunk("IEND", new byte[0]));
  }

  private static byte[] pngChunk(String type, byte[] data) {
    byte[] checked = joined(latin1(type), data);
    CRC32 crc = new CRC32();
    crc.update(checked);
    return joined(
        ByteBuffer.allocate(4).putInt(data.length).array(),
        checked,
        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** Zeros. */
  private static byte[] packed(int bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        new DeflaterOutputStream(packed, new Deflater(Deflater.BEST_COMPRESSION))) {
      for (int i = 0; i < bytes; i += MIB) {
        out.write(new byte[MIB]);
      }
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
  void chunkOfAnImpossibleLengthIsRefused(int length) throws Exception {
    byte[] png = png((byte) 3, new byte[0]);
    ByteBuffer.wrap(png).putInt(8 + 25, length); // of the palette

    assertThatThrownBy(() -> Picture.of(Bytes.owning(png)))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageStartingWith("PNG of ");
  }

  @Test
  void picturesWithoutAnImageAreRefusedWithAReason() {
    byte[] gif = joined(latin1("GIF89a"), littleEnd(7, 0), latin1(";"));

    for (byte[] empty : new byte[][] {gif, webp()}) {
      assertThatThrownBy(() -> Picture.of(Bytes.owning(empty)))
          .isInstanceOf(MalformedMediaException.class)
          .hasMessageContaining("cannot be decoded: ")
          .hasMessageNotContaining("null");
    }
  }
}
