package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;

/**
 * One coded picture or sound frame in packets of an MPEG transport stream; at a join point the
 * program's tables come first.
 *
 * <p>Immutable. The access unit alone, without its packets, is taken out of them when it is first
 * asked for, and kept: {@link #size} does not count it, as hardly any client wants it.
 *
 * @see "ISO/IEC 13818-1, 2.4.3.2 (packet), 2.4.3.6 (PES packet)"
 */
public final class TsFragment implements Fragment {
  static final int PACKET = 188;
  static final int SYNC = 0x47;

  private static final int PACKET_HEADER = 4;
  private static final int TABLES = 2 * PACKET;

  private final Codec.Kind kind;
  private final long ptsMicros;
  private final long captureMicros;
  private final boolean isJoinPoint;
  private final Bytes packets;
  private final int accessUnitSize;

  // Several threads may make it at the same time, of equal content; the last one stays.
  private volatile Bytes accessUnit = Bytes.EMPTY;

  TsFragment(
      Codec.Kind kind,
      long ptsMicros,
      long captureMicros,
      boolean isJoinPoint,
      Bytes packets,
      int accessUnitSize) {
    this.kind = kind;
    this.ptsMicros = ptsMicros;
    this.captureMicros = captureMicros;
    this.isJoinPoint = isJoinPoint;
    this.packets = packets;
    this.accessUnitSize = accessUnitSize;
  }

  /** One of another node. */
  static TsFragment ofPackets(
      Codec.Kind kind, long ptsMicros, long captureMicros, boolean isJoinPoint, Bytes packets)
      throws MalformedMediaException {
    int least = isJoinPoint ? TABLES + PACKET : PACKET;
    boolean isWhole = packets.size() >= least && packets.size() % PACKET == 0;
    for (int at = 0; isWhole && at < packets.size(); at += PACKET) {
      isWhole = packets.at(at) == SYNC && payloadAt(packets, at) <= at + PACKET;
    }
    if (!isWhole) {
      throw new MalformedMediaException("MPEG-TS: expected whole packets of 188 bytes");
    }
    int size = 0;
    int first = isJoinPoint ? TABLES : 0;
    for (int at = first; at < packets.size(); at += PACKET) {
      size += at + PACKET - payloadAt(packets, at);
    }
    int header = 9 + packets.at(Math.min(payloadAt(packets, first) + 8, packets.size() - 1));
    return new TsFragment(
        kind, ptsMicros, captureMicros, isJoinPoint, packets, Math.max(0, size - header));
  }

  private static int payloadAt(Bytes packets, int packet) {
    boolean hasAdaptationField = (packets.at(packet + 3) & 0x20) != 0;
    int at = packet + PACKET_HEADER;
    return hasAdaptationField ? at + 1 + packets.at(at) : at; // the length leaves itself out
  }

  @Override
  public Codec.Kind kind() {
    return kind;
  }

  @Override
  public long ptsMicros() {
    return ptsMicros;
  }

  @Override
  public long captureMicros() {
    return captureMicros;
  }

  @Override
  public boolean isJoinPoint() {
    return isJoinPoint;
  }

  @Override
  public int size() {
    return packets.size();
  }

  /** Whole packets of 188 bytes. */
  @Override
  public Bytes bytes() {
    return packets;
  }

  /** The coded picture or sound frame itself. */
  Bytes accessUnit() {
    Bytes made = accessUnit;
    if (made.isEmpty()) {
      made = unpack();
      accessUnit = made;
    }
    return made;
  }

  private Bytes unpack() {
    byte[] unit = new byte[accessUnitSize];
    int unitAt = 0;
    int first = isJoinPoint ? TABLES : 0;
    for (int packet = first; packet < packets.size(); packet += PACKET) {
      int at = payloadAt(packets, packet);
      if (packet == first) {
        at += 9 + packets.at(at + 8); // PES header: its fixed part, PES_header_data_length
      }
      Bytes payload = packets.slice(at, packet + PACKET);
      payload.copyTo(unit, unitAt);
      unitAt += payload.size();
    }
    return Bytes.owning(unit);
  }
}
