package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.List;

/** Packets whose content does not matter, of one picture and one sound track. */
final class TestPackets {
  static final Track VIDEO = Track.video(0, Codec.H264, Bytes.EMPTY, Bytes.EMPTY, 320, 240);
  static final Track AUDIO = Track.audio(1, Codec.AAC, Bytes.EMPTY, Bytes.EMPTY, 48_000, 2);

  static Packet video(long dtsMillis) {
    return packet(VIDEO, dtsMillis * 1000);
  }

  static Packet audio(long dtsMillis) {
    return packet(AUDIO, dtsMillis * 1000);
  }

  static Packet packet(Track track, long dtsMicros) {
    return new Packet(track, dtsMicros, dtsMicros, true, 0, Bytes.EMPTY);
  }

  static Run run(int number) {
    return new Run(number, List.of(VIDEO, AUDIO), "", Bytes.EMPTY);
  }

  private TestPackets() {}
}
