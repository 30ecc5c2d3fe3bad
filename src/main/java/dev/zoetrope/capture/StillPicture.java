package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.format.JpegHeader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * A still of the source as the packet that a rendition begins with, in the size of those that
 * follow. Stateless.
 */
final class StillPicture {
  private static final Logger LOG = System.getLogger(StillPicture.class.getName());

  static {
    JdkImages.search();
  }

  private StillPicture() {}

  /** For MJPEG: as it is, if it has {@code size}. */
  static Optional<Packet> asJpeg(Fragment still, Size size) {
    try {
      JpegHeader header = JpegHeader.of(still.bytes());
      boolean isFitting = header.width() == size.width() && header.height() == size.height();
      Optional<Bytes> jpeg =
          isFitting
              ? Optional.of(still.bytes())
              : decode(still).map(image -> jpeg(scale(image, size)));
      return jpeg.map(
          bytes -> packet(still, Codec.MJPEG, "MJPG", size.width(), size.height(), bytes));
    } catch (MalformedMediaException e) {
      LOG.log(Level.DEBUG, "a still that is no JPEG", e);
      return Optional.empty();
    }
  }

  /** Decoded, for GIF. */
  static Optional<Packet> asRgb(Fragment still, Size size) {
    return decode(still)
        .map(image -> Bytes.owning(rgb(scale(image, size))))
        .map(rgb -> packet(still, Codec.RGB24, "RGB", size.width(), size.height(), rgb));
  }

  private static Optional<BufferedImage> decode(Fragment still) {
    try {
      return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(still.bytes().toArray())));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a still that cannot be decoded", e);
      return Optional.empty();
    }
  }

  private static Bytes jpeg(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpeg", out);
    } catch (IOException e) { // into memory
      throw new UncheckedIOException(e);
    }
    return Bytes.owning(out.toByteArray());
  }

  private static BufferedImage scale(BufferedImage image, Size size) {
    BufferedImage scaled =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, size.width(), size.height(), null);
    graphics.dispose();
    return scaled;
  }

  private static byte[] rgb(BufferedImage image) {
    int width = image.getWidth();
    int[] row = new int[width];
    byte[] bytes = new byte[width * image.getHeight() * 3];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        bytes[at++] = (byte) (pixel >> 16);
        bytes[at++] = (byte) (pixel >> 8);
        bytes[at++] = (byte) pixel;
      }
    }
    return bytes;
  }

  private static Packet packet(
      Fragment still, Codec codec, String fourcc, int width, int height, Bytes data) {
    return new Packet(
        track(codec, fourcc, width, height),
        still.ptsMicros(),
        still.ptsMicros(),
        true,
        still.captureMicros(),
        data);
  }

  private static Track track(Codec codec, String fourcc, int width, int height) {
    Bytes code = Bytes.owning(fourcc.getBytes(StandardCharsets.US_ASCII));
    return Track.video(0, codec, code, Bytes.EMPTY, width, height);
  }
}
