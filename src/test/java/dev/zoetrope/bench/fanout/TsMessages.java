package dev.zoetrope.bench.fanout;

/**
 * Messages of whole MPEG-TS packets, one for each frame: the sync byte each 188 bytes.
 *
 * @see "ISO/IEC 13818-1, 2.4.3.3"
 */
final class TsMessages extends FrameReader {
  private static final int PACKET_BYTES = 188;
  private static final int SYNC_BYTE = 0x47;

  private final Frames frames;

  TsMessages(Frames frames) throws BadStreamException {
    this.frames = frames;
    take(1);
  }

  @Override
  void step() throws BadStreamException {
    expect(u8(0) == SYNC_BYTE, "sync byte");
    skip(PACKET_BYTES - 1);
    take(1);
  }

  @Override
  void endOfMessage() throws BadStreamException {
    expect(isBetween(), "message of whole packets");
    frames.frame(0);
  }
}
