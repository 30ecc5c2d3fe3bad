package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Multipart JPEG whose parts say their lengths: boundary, Content-Length, and that each picture
 * begins with SOI and ends with EOI.
 *
 * @see "RFC 2046, 5.1.1; ITU-T T.81, B.1.1.3"
 */
final class MultipartFrames extends FrameReader {
  private static final byte[] LENGTH = "Content-Length: ".getBytes(US_ASCII);

  private enum Part {
    FIRST_DELIMITER,
    HEAD,
    BEGINNING,
    END
  }

  private final Frames frames;
  private final byte[] delimiter;
  private Part part = Part.FIRST_DELIMITER;
  private long length;
  private long captureMicros;

  MultipartFrames(String boundary, Frames frames) throws BadStreamException {
    this.frames = frames;
    delimiter = ("\r\n--" + boundary + "\r\n").getBytes(US_ASCII);
    take(delimiter.length - 2);
  }

  @Override
  void step() throws BadStreamException {
    switch (part) {
      case FIRST_DELIMITER -> {
        expectDelimiter(0, 2);
        readHead();
      }
      case HEAD -> {
        length = number(LENGTH);
        expect(length > 4, "Content-Length");
        captureMicros = stamp();
        part = Part.BEGINNING;
        take(2);
      }
      case BEGINNING -> {
        expect(u8(0) == 0xff && u8(1) == 0xd8, "SOI");
        part = Part.END;
        skip(length - 4);
        take(2 + delimiter.length);
      }
      case END -> {
        expect(u8(0) == 0xff && u8(1) == 0xd9, "EOI");
        expectDelimiter(2, 0);
        frames.frame(captureMicros);
        readHead();
      }
    }
  }

  private void readHead() {
    part = Part.HEAD;
    takeHead();
  }

  private void expectDelimiter(int at, int from) throws BadStreamException {
    expect(
        Arrays.equals(held, at, taken(), delimiter, from, delimiter.length), "delimiter of parts");
  }
}
