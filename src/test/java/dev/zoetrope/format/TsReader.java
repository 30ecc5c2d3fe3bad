package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a transport stream strictly: throws {@link AssertionError} at the first packet that is not
 * as ISO/IEC 13818-1 says.
 */
final class TsReader {
  /** A PES packet with what came in the adaptation field of its first packet. */
  record Unit(
      int pid,
      int streamId,
      int declaredLength,
      long pts,
      long dts,
      long clock,
      boolean isRandomAccess,
      boolean isDiscontinuity,
      boolean endsStuffed,
      Bytes payload) {}

  final List<Unit> units = new ArrayList<>();
  final List<Bytes> programMaps = new ArrayList<>();
  private final Map<Integer, Integer> counters = new HashMap<>();
  private final Map<Integer, Open> open = new HashMap<>();

  private static final class Open {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long clock = -1;
    boolean isRandomAccess;
    boolean isDiscontinuity;
    boolean lastIsStuffed;
  }

  /** Reads on; counters go on from call to call. */
  void read(Bytes stream) {
    check(stream.size() % 188 == 0, "whole packets");
    for (int at = 0; at < stream.size(); at += 188) {
      readPacket(stream.slice(at, at + 188));
    }
  }

  /** Ends the units that are open, and gives all. */
  List<Unit> finish() {
    for (int pid : List.copyOf(open.keySet())) {
      end(pid);
    }
    return units;
  }

  private void readPacket(Bytes packet) {
    check(packet.at(0) == 0x47, "sync byte");
    check((packet.at(1) & 0xa0) == 0, "neither error nor priority");
    check((packet.at(3) & 0xc0) == 0, "not scrambled");
    boolean isStart = (packet.at(1) & 0x40) != 0;
    int pid = (packet.at(1) & 0x1f) << 8 | packet.at(2);
    boolean hasField = (packet.at(3) & 0x20) != 0;
    check((packet.at(3) & 0x10) != 0, "payload");
    int counter = packet.at(3) & 0xf;
    Integer before = counters.put(pid, counter);
    check(before == null || counter == (before + 1 & 0xf), "counter of pid " + pid);
    int payloadAt = hasField ? 5 + packet.at(4) : 4;
    check(payloadAt < 188, "room for payload");
    if (pid == 0 || pid == 0x1000) {
      check(isStart && !hasField, "table in one packet");
      readTable(pid, packet.slice(4, 188));
      return;
    }
    if (isStart) {
      end(pid);
      open.put(pid, new Open());
    }
    Open unit = open.get(pid);
    check(unit != null, "a beginning of pid " + pid);
    if (hasField && packet.at(4) > 0) {
      readField(packet, unit, payloadAt, isStart);
    }
    unit.lastIsStuffed = hasField && !isStart;
    Bytes payload = packet.slice(payloadAt, 188);
    unit.bytes.writeBytes(payload.toArray());
  }

  private static void readField(Bytes packet, Open unit, int payloadAt, boolean isStart) {
    int flags = packet.at(5);
    check((flags & 0x2f) == 0, "only the flags we know");
    check(isStart || flags == 0, "flags at the beginning only");
    unit.isDiscontinuity |= (flags & 0x80) != 0;
    unit.isRandomAccess |= (flags & 0x40) != 0;
    int at = 6;
    if ((flags & 0x10) != 0) {
      long base = 0;
      for (; at < 10; at++) {
        base = base << 8 | packet.at(at);
      }
      unit.clock = base << 1 | packet.at(10) >> 7;
      check((packet.at(10) & 0x7f) == 0x7e && packet.at(11) == 0, "reserved bits, extension 0");
      at = 12;
    }
    for (; at < payloadAt; at++) {
      check(packet.at(at) == 0xff, "stuffing");
    }
  }

  private void end(int pid) {
    Open unit = open.remove(pid);
    if (unit == null) {
      return;
    }
    Bytes pes = Bytes.owning(unit.bytes.toByteArray());
    check(pes.at(0) == 0 && pes.at(1) == 0 && pes.at(2) == 1, "packet_start_code_prefix");
    int length = pes.at(4) << 8 | pes.at(5);
    check(length == 0 || length == pes.size() - 6, "PES_packet_length " + length);
    check(pes.at(6) == 0x84, "aligned, no scrambling");
    boolean hasDts = pes.at(7) == 0xc0;
    check(hasDts || pes.at(7) == 0x80, "time stamps only");
    check(pes.at(8) == (hasDts ? 10 : 5), "header length");
    long pts = time(pes, 9, hasDts ? 3 : 2);
    long dts = hasDts ? time(pes, 14, 1) : pts;
    units.add(
        new Unit(
            pid,
            pes.at(3),
            length,
            pts,
            dts,
            unit.clock,
            unit.isRandomAccess,
            unit.isDiscontinuity,
            unit.lastIsStuffed,
            pes.slice(9 + pes.at(8), pes.size())));
  }

  private static long time(Bytes pes, int at, int prefix) {
    check(pes.at(at) >> 4 == prefix, "time stamp prefix");
    check((pes.at(at) & pes.at(at + 2) & pes.at(at + 4) & 1) == 1, "marker bits");
    return (long) (pes.at(at) >> 1 & 7) << 30
        | (long) pes.at(at + 1) << 22
        | (long) (pes.at(at + 2) >> 1) << 15
        | (long) pes.at(at + 3) << 7
        | pes.at(at + 4) >> 1;
  }

  private void readTable(int pid, Bytes payload) {
    check(payload.at(0) == 0, "pointer_field");
    int end = 4 + ((payload.at(2) & 0xf) << 8 | payload.at(3));
    int crc = -1;
    for (int i = 1; i < end; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        boolean isOne = (payload.at(i) >> bit & 1) != (crc >>> 31);
        crc = (crc << 1) ^ (isOne ? 0x04c11db7 : 0);
      }
    }
    check(crc == 0, "CRC over the table and its CRC is 0");
    if (pid != 0) {
      programMaps.add(payload.slice(1, end));
    }
  }

  private static void check(boolean holds, String expected) {
    if (!holds) {
      throw new AssertionError("expected " + expected);
    }
  }
}
