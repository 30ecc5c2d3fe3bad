package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/**
 * What stands in a JPEG before its first coded sample: the size, and where things are.
 *
 * <p>Immutable. Reading costs a step per segment, not per byte: nothing after the first start of
 * scan is looked at.
 *
 * @param width pixels, 1 to 65535
 * @param height pixels, 1 to 65535
 * @param lacksHuffmanTables whether it is Huffman-coded and sequential, and brings no table: the
 *     form of many webcams, which means the tables of the standard's K.3
 * @param scanAt where the first start-of-scan marker begins
 * @param samplesAt where the coded samples of the first scan begin, after its header
 * @see "ITU-T T.81, B.1 (structure), B.2.2 (frame header), B.2.3 (scan header), K.3"
 */
public record JpegHeader(
    int width, int height, boolean lacksHuffmanTables, int scanAt, int samplesAt) {
  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int BASELINE_FRAME = 0xc0;
  private static final int EXTENDED_FRAME = 0xc1;
  private static final int TEMPORARY = 0x01;

  /** Marker and length, P, Y, X, Nf: what a frame header has before its components. */
  private static final int SHORTEST_FRAME_HEADER = 10;

  /**
   * Reads the header of a JPEG.
   *
   * @throws MalformedMediaException if it does not begin with a start of image, a segment is cut or
   *     impossible, no frame header comes before the first scan, or a size is 0 (a height that only
   *     a later DNL segment tells is not taken: browsers do not either)
   */
  public static JpegHeader of(Bytes jpeg) throws MalformedMediaException {
    if (jpeg.size() < 4 || jpeg.at(0) != 0xff || jpeg.at(1) != START_OF_IMAGE) {
      throw new MalformedMediaException("JPEG: expected ff d8 at its beginning, found " + jpeg);
    }
    int frameMarker = 0;
    int width = 0;
    int height = 0;
    boolean hasHuffmanTables = false;
    int at = 2;
    while (true) {
      int marker = marker(jpeg, at);
      if (marker < 0) { // a fill byte before the marker, B.1.1.2
        at++;
        continue;
      }
      if (marker == TEMPORARY) { // stands alone, no length
        at += 2;
        continue;
      }
      int end = segmentEnd(jpeg, at, marker);
      if (marker == START_OF_SCAN) {
        if (frameMarker == 0) {
          throw malformed(at, "start of scan without a frame header before it");
        }
        boolean lacksHuffmanTables =
            !hasHuffmanTables && (frameMarker == BASELINE_FRAME || frameMarker == EXTENDED_FRAME);
        return new JpegHeader(width, height, lacksHuffmanTables, at, end);
      }
      if (marker == HUFFMAN_TABLES) {
        hasHuffmanTables = true;
      } else if (isFrame(marker)) {
        if (end - at < SHORTEST_FRAME_HEADER) {
          throw malformed(at, "frame header of " + (end - at) + " bytes");
        }
        frameMarker = marker;
        height = u16(jpeg, at + 5); // after marker, Lf and P
        width = u16(jpeg, at + 7);
        if (width == 0 || height == 0) {
          throw malformed(at, "frame of " + width + "x" + height + " pixels");
        }
      }
      at = end;
    }
  }

  /** The marker's second byte; -1 if a fill byte stands here. */
  private static int marker(Bytes jpeg, int at) throws MalformedMediaException {
    if (at + 2 > jpeg.size()) {
      throw malformed(at, "ends before the first scan");
    }
    int marker = jpeg.at(at + 1);
    if (jpeg.at(at) != 0xff || marker == 0) {
      throw malformed(at, String.format("expected a marker, found %02x %02x", jpeg.at(at), marker));
    }
    return marker == 0xff ? -1 : marker;
  }

  private static int segmentEnd(Bytes jpeg, int at, int marker) throws MalformedMediaException {
    if (marker >= 0xd0 && marker <= END_OF_IMAGE) { // RST0 to RST7, SOI, EOI
      throw malformed(at, String.format("marker ff %02x before the first scan", marker));
    }
    if (at + 4 > jpeg.size()) {
      throw malformed(at, "ends before the first scan");
    }
    int length = u16(jpeg, at + 2); // counts itself, not the marker
    int end = at + 2 + length;
    if (length < 2 || end > jpeg.size()) {
      throw malformed(
          at,
          String.format(
              "segment ff %02x of %d bytes where %d are left", marker, length, jpeg.size() - at));
    }
    return end;
  }

  /** SOF0 to SOF15 without DHT, JPG and DAC, which stand between them. */
  private static boolean isFrame(int marker) {
    return marker >= BASELINE_FRAME
        && marker <= 0xcf
        && marker != HUFFMAN_TABLES
        && marker != 0xc8
        && marker != 0xcc;
  }

  private static int u16(Bytes jpeg, int at) {
    return jpeg.at(at) << 8 | jpeg.at(at + 1);
  }

  private static MalformedMediaException malformed(int at, String what) {
    return new MalformedMediaException("JPEG at byte " + at + ": " + what);
  }
}
