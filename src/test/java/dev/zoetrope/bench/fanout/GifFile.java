package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A GIF for load: one image of a wanted size, whose blocks are right and whose pixels are not.
 *
 * @param head up to the first image's graphic control extension
 * @param image with its graphic control extension
 */
record GifFile(Bytes head, Bytes image) {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final int HEAD_BYTES = 13 + 6;
  private static final byte TRAILER = 0x3b;

  /** One whose image takes about {@code imageBytes}. */
  static void write(Path file, int imageBytes) throws IOException {
    ByteBuffer gif = ByteBuffer.allocate(imageBytes + 600).order(ByteOrder.LITTLE_ENDIAN);
    gif.put("GIF89a".getBytes(US_ASCII)).putShort((short) WIDTH).putShort((short) HEIGHT);
    gif.put((byte) 0x80).put((byte) 0).put((byte) 0).put(new byte[6]); // two colours
    gif.put(new byte[] {0x21, (byte) 0xf9, 4, 0, 10, 0, 0, 0}); // graphic control extension
    gif.put((byte) 0x2c).putInt(0).putShort((short) WIDTH).putShort((short) HEIGHT).put((byte) 0);
    gif.put((byte) 2); // LZW minimum code size
    while (gif.position() < HEAD_BYTES + imageBytes) {
      gif.put((byte) 255).put(new byte[255]);
    }
    gif.put((byte) 0).put(TRAILER);
    Files.write(file, Arrays.copyOf(gif.array(), gif.position()));
  }

  /** One that {@link #write} made. */
  static GifFile read(Path file) throws IOException {
    Bytes gif = Bytes.owning(Files.readAllBytes(file));
    return new GifFile(gif.slice(0, HEAD_BYTES), gif.slice(HEAD_BYTES, gif.size() - 1));
  }
}
