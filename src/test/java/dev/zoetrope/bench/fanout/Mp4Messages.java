package dev.zoetrope.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Messages of whole boxes of fragmented MP4; a frame ends with its {@code mdat}. The boxes within
 * {@code moof} have to fill it, and {@code prft} says when the frame was captured.
 *
 * @see "ISO/IEC 14496-12, 4.2, 8.8.4, 8.16.5"
 */
final class Mp4Messages extends FrameReader {
  private static final int HEADER_BYTES = 8;
  private static final int PRFT = type("prft");
  private static final int MOOF = type("moof");
  private static final int TRAF = type("traf");
  private static final int MDAT = type("mdat");

  /** From 1900, where NTP begins, to 1970. */
  private static final long NTP_SECONDS = 2_208_988_800L;

  private enum Part {
    HEADER,
    PRFT,
    MOOF,
    AFTER_MDAT
  }

  private final Frames frames;
  private Part part = Part.HEADER;
  private boolean hasMoof;
  private long captureMicros;

  Mp4Messages(Frames frames) throws BadStreamException {
    this.frames = frames;
    take(HEADER_BYTES);
  }

  @Override
  void step() throws BadStreamException {
    switch (part) {
      case HEADER -> readHeader();
      case PRFT -> {
        long seconds = u32(8) - NTP_SECONDS;
        captureMicros = seconds * 1_000_000 + ((u32(12) * 1_000_000) >> 32);
        next(Part.HEADER, HEADER_BYTES);
      }
      case MOOF -> {
        walk(0, taken());
        hasMoof = true;
        next(Part.HEADER, HEADER_BYTES);
      }
      case AFTER_MDAT -> {
        frames.frame(captureMicros);
        captureMicros = 0;
        hasMoof = false;
        next(Part.HEADER, HEADER_BYTES);
      }
    }
  }

  private void readHeader() throws BadStreamException {
    long content = u32(0) - HEADER_BYTES;
    int type = (int) u32(4);
    expect(content >= 0, "size of a box");
    if (type == PRFT) {
      expect(content >= 20, "prft of at least 28 bytes");
      next(Part.PRFT, (int) content);
    } else if (type == MOOF) {
      next(Part.MOOF, (int) content);
    } else if (type == MDAT) {
      expect(hasMoof, "moof before mdat");
      skip(content);
      next(Part.AFTER_MDAT, 0);
    } else {
      skip(content);
      next(Part.HEADER, HEADER_BYTES);
    }
  }

  private void walk(int from, int to) throws BadStreamException {
    int at = from;
    while (at < to) {
      expect(at + HEADER_BYTES <= to, "header of a box within moof");
      long size = u32(at);
      expect(size >= HEADER_BYTES && size <= to - at, "box that ends within moof");
      if ((int) u32(at + 4) == TRAF) {
        walk(at + HEADER_BYTES, at + (int) size);
      }
      at += (int) size;
    }
  }

  @Override
  void endOfMessage() throws BadStreamException {
    expect(isBetween() && part == Part.HEADER, "message of whole boxes");
  }

  private void next(Part next, int count) throws BadStreamException {
    part = next;
    take(count);
  }

  private static int type(String word) {
    byte[] letters = word.getBytes(US_ASCII);
    return (letters[0] << 24) | (letters[1] << 16) | (letters[2] << 8) | letters[3];
  }
}
