package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;

/**
 * A packet of a source as it is, for another node that makes renditions of its own.
 *
 * @param isJoinPoint whether a decoder of the whole run can start here
 */
public record PacketFragment(Packet packet, boolean isJoinPoint) implements Fragment {
  /**
   * A packet may be decoded so much after it is shown, at most: where clocks begin, there is room.
   */
  private static final long MOST_LATE_MICROS = 10_000_000;

  /** Whether times so far apart can be said to another node. */
  public static boolean isLead(long micros) {
    return micros >= -MOST_LATE_MICROS && micros <= Integer.MAX_VALUE;
  }

  /** How much earlier than it is shown it is decoded, in microseconds. */
  public long leadMicros() {
    return packet.ptsMicros() - packet.dtsMicros();
  }

  @Override
  public long ptsMicros() {
    return packet.ptsMicros();
  }

  @Override
  public Codec.Kind kind() {
    return packet.track().codec().kind();
  }

  @Override
  public Bytes bytes() {
    return packet.data();
  }

  @Override
  public int size() {
    return packet.size();
  }

  @Override
  public long captureMicros() {
    return packet.captureMicros();
  }
}
