package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.util.List;

/**
 * The two tables that say what is in a transport stream, each one packet: the program association
 * (one program) and the program map (its streams).
 *
 * <p>Immutable. Continuity counters are the caller's.
 *
 * @see "ISO/IEC 13818-1, 2.4.4.3 (PAT), 2.4.4.8 (PMT), Annex A (CRC)"
 */
final class TsTables {
  static final int PROGRAM_MAP_PID = 0x1000;

  private static final int PROGRAM_ASSOCIATION_PID = 0;
  private static final int PROGRAM_NUMBER = 1;
  private static final int PROGRAM_ASSOCIATION_SECTION = 0x00;
  private static final int PROGRAM_MAP_SECTION = 0x02;
  private static final int CRC_POLYNOMIAL = 0x04c1_1db7;

  /**
   * One elementary stream of the program.
   *
   * @param type stream_type, table 2-34
   * @param pid of its packets
   */
  record Entry(int type, int pid) {}

  private final Bytes association;
  private final Bytes map;

  /**
   * @param clockPid of the packets that carry the clock reference
   * @param version 0 to 31, another one whenever the streams are not as before
   */
  TsTables(int clockPid, int version, List<Entry> entries) {
    association =
        packet(
            PROGRAM_ASSOCIATION_PID,
            section(
                PROGRAM_ASSOCIATION_SECTION,
                1, // transport_stream_id
                0,
                new int[] {
                  high(PROGRAM_NUMBER),
                  low(PROGRAM_NUMBER),
                  0xe0 | high(PROGRAM_MAP_PID), // reserved, program_map_PID
                  low(PROGRAM_MAP_PID)
                }));
    int[] body = new int[4 + 5 * entries.size()];
    body[0] = 0xe0 | high(clockPid); // reserved, PCR_PID
    body[1] = low(clockPid);
    body[2] = 0xf0; // reserved, program_info_length 0
    for (int i = 0; i < entries.size(); i++) {
      int at = 4 + 5 * i;
      body[at] = entries.get(i).type(); // stream_type
      body[at + 1] = 0xe0 | high(entries.get(i).pid()); // reserved, elementary_PID
      body[at + 2] = low(entries.get(i).pid());
      body[at + 3] = 0xf0; // reserved, ES_info_length 0
    }
    map = packet(PROGRAM_MAP_PID, section(PROGRAM_MAP_SECTION, PROGRAM_NUMBER, version, body));
  }

  /** Writes both packets, 376 bytes, with these continuity counters. */
  void writeTo(byte[] target, int at, int associationCounter, int mapCounter) {
    association.copyTo(target, at);
    target[at + 3] |= (byte) associationCounter;
    map.copyTo(target, at + TsFragment.PACKET);
    target[at + TsFragment.PACKET + 3] |= (byte) mapCounter;
  }

  private static int[] section(int tableId, int extension, int version, int[] body) {
    int length = 5 + body.length + 4; // from the extension on, CRC included
    int[] section = new int[3 + length];
    section[0] = tableId;
    section[1] = 0xb0 | high(length); // section_syntax_indicator, 0, reserved
    section[2] = low(length);
    section[3] = high(extension);
    section[4] = low(extension);
    section[5] = 0xc1 | version << 1; // reserved, version_number, current_next_indicator
    // section_number and last_section_number are 0.
    System.arraycopy(body, 0, section, 8, body.length);
    int end = 8 + body.length;
    int crc = crc(section, end);
    section[end] = high(crc >>> 16);
    section[end + 1] = low(crc >>> 16);
    section[end + 2] = high(crc);
    section[end + 3] = low(crc);
    return section;
  }

  private static Bytes packet(int pid, int[] section) {
    int[] packet = new int[TsFragment.PACKET];
    packet[0] = TsFragment.SYNC;
    packet[1] = 0x40 | high(pid); // payload_unit_start_indicator
    packet[2] = low(pid);
    packet[3] = 0x10; // payload only
    // pointer_field 0, the section, then ff to the end.
    System.arraycopy(section, 0, packet, 5, section.length);
    for (int i = 5 + section.length; i < packet.length; i++) {
      packet[i] = 0xff;
    }
    return Bytes.of(packet);
  }

  /** Bits 15 to 8. */
  private static int high(int value) {
    return value >> 8 & 0xff;
  }

  /** Bits 7 to 0. */
  private static int low(int value) {
    return value & 0xff;
  }

  private static int crc(int[] bytes, int end) {
    int crc = -1;
    for (int i = 0; i < end; i++) {
      crc ^= bytes[i] << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ (crc < 0 ? CRC_POLYNOMIAL : 0);
      }
    }
    return crc;
  }
}
