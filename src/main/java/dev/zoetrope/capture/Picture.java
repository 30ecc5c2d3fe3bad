package dev.zoetrope.capture;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.zoetrope.format.JpegHeader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A picture as somebody brought it, as a JPEG: a JPEG untouched, a PNG, GIF or WebP decoded and
 * encoded, its first image if it has several, what is transparent on black. Immutable.
 *
 * <p>At most {@value #MAX_BYTES} bytes and {@value #MAX_PIXELS} pixels; less to decode where the
 * memory of this JVM is small.
 */
public final class Picture {
  /** The most bytes a picture may have. */
  public static final int MAX_BYTES = 64 << 20;

  /** The most pixels a picture may have. */
  public static final int MAX_PIXELS = 100_000_000;

  /** What decoding takes at most: the picture as it was, and on black. */
  private static final int DECODED_BYTES_PER_PIXEL = 12;

  /** One decoded picture may take this part of the memory. */
  private static final int PART_OF_MEMORY = 4;

  private static final float JPEG_QUALITY = 0.9f;

  /** Not registered with ImageIO, which would hold on to the application's class loader. */
  private static final ImageReaderSpi WEBP = new WebPImageReaderSpi();

  static {
    JdkImages.prepare();
  }

  private final Bytes jpeg;
  private final int width;
  private final int height;

  private Picture(Bytes jpeg, int width, int height) {
    this.jpeg = jpeg;
    this.width = width;
    this.height = height;
  }

  /** How a picture is coded. */
  enum Form {
    JPEG,
    PNG,
    GIF,
    WEBP;

    /** As its first bytes say. */
    static Optional<Form> of(Bytes picture) {
      if (begins(picture, 0, "\u00ff\u00d8\u00ff")) {
        return Optional.of(JPEG);
      }
      if (begins(picture, 0, "\u0089PNG\r\n\u001a\n")) {
        return Optional.of(PNG);
      }
      if (begins(picture, 0, "GIF87a") || begins(picture, 0, "GIF89a")) {
        return Optional.of(GIF);
      }
      return begins(picture, 0, "RIFF") && begins(picture, 8, "WEBP")
          ? Optional.of(WEBP)
          : Optional.empty();
    }

    private static boolean begins(Bytes picture, int at, String latin1) {
      byte[] expected = latin1.getBytes(StandardCharsets.ISO_8859_1);
      return picture.size() >= at + expected.length
          && picture.slice(at, at + expected.length).equals(Bytes.owning(expected));
    }
  }

  /** Whether the first bytes are those of a picture. */
  public static boolean isKnown(Bytes bytes) {
    return Form.of(bytes).isPresent();
  }

  /**
   * Recognises a picture by its first bytes and, unless it is a JPEG, converts it.
   *
   * @throws MalformedMediaException if it is none, is damaged or too large; the message says what
   *     was expected and what was found
   */
  public static Picture of(Bytes bytes) throws MalformedMediaException {
    if (bytes.size() > MAX_BYTES) {
      throw new MalformedMediaException(
          "picture of " + bytes.size() + " bytes: expected at most " + MAX_BYTES);
    }
    Form form =
        Form.of(bytes)
            .orElseThrow(
                () ->
                    new MalformedMediaException(
                        "expected a JPEG, PNG, GIF or WebP picture, found " + bytes));
    return form == Form.JPEG ? ofJpeg(bytes) : converted(form, bytes);
  }

  private static Picture ofJpeg(Bytes bytes) throws MalformedMediaException {
    JpegHeader header = JpegHeader.of(bytes);
    checkSize("JPEG", header.width(), header.height(), MAX_PIXELS);
    if (header.samplesAt() >= bytes.size()) {
      throw new MalformedMediaException("JPEG of " + bytes.size() + " bytes: no samples");
    }
    return new Picture(bytes, header.width(), header.height());
  }

  private static Picture converted(Form form, Bytes bytes) throws MalformedMediaException {
    BufferedImage image;
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes.toArray()))) {
      ImageReader reader = reader(form);
      try {
        reader.setInput(in, true, true);
        checkSize(form.name(), reader.getWidth(0), reader.getHeight(0), mostDecodedPixels());
        if (form == Form.WEBP) {
          checkImages(bytes, mostDecodedPixels());
        }
        image = reader.read(0);
      } finally {
        reader.dispose();
      }
      return new Picture(encoded(onBlack(image)), image.getWidth(), image.getHeight());
    } catch (MalformedMediaException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the latter too where the bytes are damaged
      throw new MalformedMediaException(
          form + " of " + bytes.size() + " bytes cannot be decoded: " + reason(e));
    }
  }

  private static void checkSize(String what, int width, int height, long most)
      throws MalformedMediaException {
    if ((long) width * height > most) {
      throw new MalformedMediaException(
          what + " of " + width + "x" + height + " pixels: expected at most " + most + " in all");
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * A WebP has a canvas, and images with sizes of their own, which are decoded whole, whatever part
   * of them is on the canvas.
   *
   * @see "RFC 9649, 2.7.1.1 (ANMF), 3.4 (VP8L); RFC 6386, 9.1 (VP8)"
   */
  private static void checkImages(Bytes webp, long most) throws MalformedMediaException {
    long at = 12; // behind RIFF, its size, and WEBP
    while (at + 18 <= webp.size()) {
      int chunk = (int) at;
      long length = u32LittleEnd(webp, chunk + 4);
      if (Form.begins(webp, chunk, "VP8 ")) {
        int width = (int) u32LittleEnd(webp, chunk + 14) & 0x3fff;
        int height = (int) (u32LittleEnd(webp, chunk + 14) >> 16) & 0x3fff;
        checkSize("WEBP", width, height, most);
      } else if (Form.begins(webp, chunk, "VP8L")) {
        int size = (int) u32LittleEnd(webp, chunk + 9);
        checkSize("WEBP", (size & 0x3fff) + 1, (size >> 14 & 0x3fff) + 1, most);
      }
      boolean isFrame = Form.begins(webp, chunk, "ANMF"); // with chunks in it
      at += isFrame ? 8 + 16 : 8 + length + length % 2;
    }
  }

  private static long mostDecodedPixels() {
    long bytes = Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
    return Math.min(MAX_PIXELS, bytes / DECODED_BYTES_PER_PIXEL);
  }

  private static ImageReader reader(Form form) throws IOException {
    if (form == Form.WEBP) {
      return WEBP.createReaderInstance();
    }
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(form.name());
    return readers.next(); // the JDK has one for each
  }

  private static BufferedImage onBlack(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        || image.getType() == BufferedImage.TYPE_INT_RGB) {
      return image;
    }
    BufferedImage opaque =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = opaque.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return opaque;
  }

  private static Bytes encoded(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), quality);
    } finally {
      writer.dispose();
    }
    return Bytes.owning(out.toByteArray());
  }

  /**
   * Whether the bytes of a picture reach its end, as far as can be told without decoding it; those
   * after its end are no fault. False for what is no picture.
   *
   * @see "ITU-T T.81, B.1.1.5 (byte stuffing); PNG, 5.3 (chunk layout); GIF89a, 27 (trailer)"
   */
  public static boolean isWhole(Bytes bytes) {
    Optional<Form> form = Form.of(bytes);
    if (form.isEmpty()) {
      return false;
    }
    return switch (form.get()) {
      case JPEG -> isWholeJpeg(bytes);
      case PNG -> isWholePng(bytes);
      case GIF -> isWholeGif(bytes);
      case WEBP -> bytes.size() >= 8L + u32LittleEnd(bytes, 4);
    };
  }

  /** The end of image cannot occur among samples; before them it may, in a thumbnail. */
  private static boolean isWholeJpeg(Bytes jpeg) {
    int samplesAt;
    try {
      samplesAt = JpegHeader.of(jpeg).samplesAt();
    } catch (MalformedMediaException e) {
      return false; // cut before its samples, or none: not whole either way
    }
    for (int at = jpeg.size() - 2; at >= samplesAt; at--) {
      if (jpeg.at(at) == 0xff && jpeg.at(at + 1) == 0xd9) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWholePng(Bytes png) {
    long at = 8; // behind the signature
    while (at + 12 <= png.size()) {
      int chunk = (int) at;
      long length =
          (long) png.at(chunk) << 24
              | png.at(chunk + 1) << 16
              | png.at(chunk + 2) << 8
              | png.at(chunk + 3);
      at += 12 + length; // length, type and CRC
      if (Form.begins(png, chunk + 4, "IEND")) {
        return at <= png.size();
      }
    }
    return false;
  }

  private static boolean isWholeGif(Bytes gif) {
    int end = gif.size();
    while (end > 0 && gif.at(end - 1) == 0) {
      end--;
    }
    return gif.at(end - 1) == 0x3b;
  }

  private static long u32LittleEnd(Bytes bytes, int at) {
    return (long) bytes.at(at + 3) << 24
        | bytes.at(at + 2) << 16
        | bytes.at(at + 1) << 8
        | bytes.at(at);
  }

  /** As JPEG. */
  Bytes jpeg() {
    return jpeg;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }
}
