package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the body of a publisher may be: recognised by its first bytes, never chosen by a client. */
public enum BodyFormat {
  MPEG_TS("mpegts"),
  MATROSKA("matroska"),
  FLV("flv"),
  MP4("mov");

  /** After so many bytes it is one of them, or none. */
  public static final int DECISIVE_BYTES = 3 * 188;

  private static final int TS_PACKET_BYTES = 188;
  private static final int TS_SYNC = 0x47;
  private static final Bytes EBML = Bytes.of(0x1a, 0x45, 0xdf, 0xa3);
  private static final Bytes FLV_VERSION_1 = Bytes.of('F', 'L', 'V', 1);

  private final String ffmpegName;

  BodyFormat(String ffmpegName) {
    this.ffmpegName = ffmpegName;
  }

  /** ffmpeg's name of its demuxer. */
  String ffmpegName() {
    return ffmpegName;
  }

  /**
   * As {@code head}, the first bytes of the body, says; empty if it is none of them, or too short
   * to tell. A transport stream may begin within a packet.
   *
   * @see "RFC 8794, 11.2.1 (EBML); ISO/IEC 13818-1, 2.4.3.2 (sync_byte); ISO/IEC 14496-12, 4.3 and
   *     8.16.2 (ftyp, styp); Adobe Flash Video 10.1, E.2 (FLV header)"
   */
  public static Optional<BodyFormat> of(Bytes head) {
    if (begins(head, 0, EBML)) {
      return Optional.of(MATROSKA);
    }
    if (begins(head, 0, FLV_VERSION_1)) {
      return Optional.of(FLV);
    }
    if (begins(head, 4, ascii("ftyp")) || begins(head, 4, ascii("styp"))) {
      return Optional.of(MP4);
    }
    return isTransportStream(head) ? Optional.of(MPEG_TS) : Optional.empty();
  }

  private static boolean isTransportStream(Bytes head) {
    for (int at = 0; at < TS_PACKET_BYTES && at + TS_PACKET_BYTES < head.size(); at++) {
      boolean isFirst = at == 0; // then the next packet's will do
      boolean hasThree = at + 2 * TS_PACKET_BYTES < head.size();
      if (head.at(at) == TS_SYNC
          && head.at(at + TS_PACKET_BYTES) == TS_SYNC
          && (hasThree ? head.at(at + 2 * TS_PACKET_BYTES) == TS_SYNC : isFirst)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(Bytes head, int at, Bytes expected) {
    return head.size() >= at + expected.size()
        && head.slice(at, at + expected.size()).equals(expected);
  }

  private static Bytes ascii(String text) {
    return Bytes.owning(text.getBytes(StandardCharsets.US_ASCII));
  }
}
