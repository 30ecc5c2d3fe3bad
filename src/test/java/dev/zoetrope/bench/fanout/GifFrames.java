package dev.zoetrope.bench.fanout;

/**
 * An endless GIF: its blocks, the images' rectangles, and in comments the time of capture.
 *
 * @see "GIF89a specification, 17 to 26"
 */
final class GifFrames extends FrameReader {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int COMMENT = 0xfe;
  private static final int HAS_COLOUR_TABLE = 0x80;

  private enum Part {
    HEADER,
    BLOCK,
    LABEL,
    DESCRIPTOR,
    CODE_SIZE,
    SUB_BLOCK,
    COMMENT_TEXT
  }

  private final Frames frames;
  private Part part = Part.HEADER;
  private int width;
  private int height;
  private boolean isImage;
  private boolean isComment;
  private long captureMicros;

  GifFrames(Frames frames) throws BadStreamException {
    this.frames = frames;
    take(13);
  }

  @Override
  void step() throws BadStreamException {
    switch (part) {
      case HEADER -> {
        expect(held[0] == 'G' && held[1] == 'I' && held[2] == 'F' && held[4] == '9', "GIF89a");
        width = u16Little(6);
        height = u16Little(8);
        skip(colourTable(u8(10)));
        next(Part.BLOCK, 1);
      }
      case BLOCK -> {
        isImage = u8(0) == IMAGE;
        isComment = false;
        expect(isImage || u8(0) == EXTENSION, "image or extension");
        next(isImage ? Part.DESCRIPTOR : Part.LABEL, isImage ? 9 : 1);
      }
      case LABEL -> {
        isComment = u8(0) == COMMENT;
        next(Part.SUB_BLOCK, 1);
      }
      case DESCRIPTOR -> {
        expect(u16Little(0) + u16Little(4) <= width, "image as wide as the screen at most");
        expect(u16Little(2) + u16Little(6) <= height, "image as high as the screen at most");
        skip(colourTable(u8(8)));
        next(Part.CODE_SIZE, 1);
      }
      case CODE_SIZE -> {
        expect(u8(0) >= 2 && u8(0) <= 8, "LZW minimum code size");
        next(Part.SUB_BLOCK, 1);
      }
      case SUB_BLOCK -> readSubBlock(u8(0));
      case COMMENT_TEXT -> {
        captureMicros = Math.max(captureMicros, stamp());
        next(Part.SUB_BLOCK, 1);
      }
    }
  }

  private void readSubBlock(int size) throws BadStreamException {
    if (size > 0 && isComment) {
      next(Part.COMMENT_TEXT, size);
    } else if (size > 0) {
      skip(size);
      next(Part.SUB_BLOCK, 1);
    } else {
      if (isImage) {
        frames.frame(captureMicros);
        captureMicros = 0;
      }
      next(Part.BLOCK, 1);
    }
  }

  private void next(Part next, int count) throws BadStreamException {
    part = next;
    take(count);
  }

  private static int colourTable(int flags) {
    return (flags & HAS_COLOUR_TABLE) != 0 ? 3 << ((flags & 7) + 1) : 0;
  }
}
