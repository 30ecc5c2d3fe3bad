package dev.zoetrope.format;

import java.nio.ByteBuffer;
import java.util.List;

/** Finds its way through the packets of a NUT file in memory, to damage them with care. */
final class NutBytes {
  private static final List<Long> STARTCODES =
      List.of(Nut.MAIN_STARTCODE, Nut.STREAM_STARTCODE, Nut.SYNCPOINT_STARTCODE);

  private NutBytes() {}

  static int firstSyncpoint(byte[] nut) {
    ByteBuffer bytes = ByteBuffer.wrap(nut);
    int at = 0;
    while (bytes.getLong(at) != Nut.SYNCPOINT_STARTCODE) {
      at++;
    }
    return at;
  }

  /** Gives all packets with a short forward_ptr the checksum that their bytes need. */
  static void repairChecksums(byte[] nut) {
    ByteBuffer bytes = ByteBuffer.wrap(nut);
    for (int at = 0; at + 9 < nut.length; at++) {
      if (!STARTCODES.contains(bytes.getLong(at))) {
        continue;
      }
      int body = at + 9;
      int length = nut[at + 8];
      if (length < 0) {
        length = ((length & 0x7f) << 7) | nut[body++];
      }
      int checksum = body + length - Integer.BYTES;
      if (checksum >= body && checksum + Integer.BYTES <= nut.length) {
        bytes.putInt(checksum, Nut.crc(nut, body, checksum));
      }
    }
  }
}
