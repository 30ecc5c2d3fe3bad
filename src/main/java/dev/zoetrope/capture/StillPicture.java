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
import java.awt.image.DataBufferInt;
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
 * Single pictures without an encoder: a still of the source as the packet that a rendition begins
 * with, and cards as packets of a rendition, in the size of those around them. Stateless.
 */
final class StillPicture {
  private static final Logger LOG = System.getLogger(StillPicture.class.getName());

  private static final Bytes MJPG_FOURCC = Bytes.owning("MJPG".getBytes(StandardCharsets.US_ASCII));

  /** As ffmpeg's NUT has it. */
  static final Bytes RGB24_FOURCC = Bytes.owning("RGB\u0018".getBytes(StandardCharsets.ISO_8859_1));

  static {
    JdkImages.prepare();
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
              : decode(still.bytes()).map(image -> jpeg(scale(image, size)));
      return jpeg.map(bytes -> packet(still, Codec.MJPEG, size, bytes));
    } catch (MalformedMediaException e) {
      LOG.log(Level.DEBUG, "a still that is no JPEG", e);
      return Optional.empty();
    }
  }

  /** Decoded, for GIF. */
  static Optional<Packet> asRgb(Fragment still, Size size) {
    return decode(still.bytes())
        .map(image -> Bytes.owning(rgb(scale(image, size))))
        .map(rgb -> packet(still, Codec.RGB24, size, rgb));
  }

  /** A card, for MJPEG. */
  static Packet asJpeg(Packet card, Size size) {
    Bytes jpeg = jpeg(scale(image(card), size));
    return packet(track(Codec.MJPEG, size), card.ptsMicros(), card.captureMicros(), jpeg);
  }

  /** A card, for GIF. */
  static Packet asRgb(Packet card, Size size) {
    Track track = card.track();
    boolean isFitting = track.width() == size.width() && track.height() == size.height();
    Bytes rgb = isFitting ? card.data() : Bytes.owning(rgb(scale(image(card), size)));
    return packet(track(Codec.RGB24, size), card.ptsMicros(), card.captureMicros(), rgb);
  }

  /** The track of {@link #asJpeg} and {@link #asRgb}. */
  static Track track(Codec codec, Size size) {
    Bytes fourcc = codec == Codec.MJPEG ? MJPG_FOURCC : RGB24_FOURCC;
    return Track.video(0, codec, fourcc, Bytes.EMPTY, size.width(), size.height());
  }

  private static BufferedImage image(Packet card) {
    int width = card.track().width();
    int height = card.track().height();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    byte[] rgb = card.data().toArray();
    for (int i = 0; i < pixels.length; i++) {
      int at = i * 3;
      pixels[i] = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
    }
    return image;
  }

  /** A JPEG as a picture; empty if it is none. */
  static Optional<BufferedImage> decode(Bytes jpeg) {
    try {
      return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(jpeg.toArray())));
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

  /** In that size, whatever its own is. */
  static BufferedImage scale(BufferedImage image, Size size) {
    if (isScaled(image, size)) {
      return image;
    }
    BufferedImage scaled =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, size.width(), size.height(), null);
    graphics.dispose();
    return scaled;
  }

  private static boolean isScaled(BufferedImage image, Size size) {
    return image.getType() == BufferedImage.TYPE_INT_RGB
        && image.getWidth() == size.width()
        && image.getHeight() == size.height();
  }

  /** Its pixels, 3 bytes each, rows without padding. */
  static byte[] rgb(BufferedImage image) {
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

  private static Packet packet(Fragment still, Codec codec, Size size, Bytes data) {
    return packet(track(codec, size), still.ptsMicros(), still.captureMicros(), data);
  }

  private static Packet packet(Track track, long ptsMicros, long captureMicros, Bytes data) {
    return new Packet(track, ptsMicros, ptsMicros, true, captureMicros, data);
  }
}
