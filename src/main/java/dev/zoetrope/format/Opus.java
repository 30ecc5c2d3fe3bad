package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/** Opus: its identification header, and how long a packet sounds. */
final class Opus {
  /** Opus always counts in this clock, whatever was recorded. */
  static final int RATE = 48000;

  private static final Bytes MAGIC = Bytes.of('O', 'p', 'u', 's', 'H', 'e', 'a', 'd');

  /** Samples at 48 kHz of one frame, by the configuration number: RFC 6716, table 2. */
  private static final int[] FRAME_SAMPLES = {
    480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960, //
    120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960
  };

  private Opus() {}

  /**
   * The content of {@code dOps}, from OpusHead; for mono or stereo without one, the usual.
   *
   * @see "RFC 7845, 5.1; Encapsulation of Opus in ISO Base Media File Format, 4.3.2"
   */
  static Bytes toDops(Bytes opusHead, int channels) throws MalformedMediaException {
    BoxWriter out = new BoxWriter().u8(0); // Version
    if (opusHead.isEmpty()) {
      if (channels > 2) {
        throw new MalformedMediaException("Opus: " + channels + " channels without OpusHead");
      }
      // OutputChannelCount, PreSkip, InputSampleRate, OutputGain, ChannelMappingFamily
      return out.u8(channels).u16(312).u32(RATE).u16(0).u8(0).toBytes();
    }
    if (opusHead.size() < 19 || !opusHead.slice(0, 8).equals(MAGIC) || opusHead.at(9) == 0) {
      throw new MalformedMediaException("OpusHead: found " + opusHead);
    }
    int family = opusHead.at(18);
    int tableSize = family == 0 ? 0 : 2 + opusHead.at(9);
    if (opusHead.size() < 19 + tableSize || (family == 0 && opusHead.at(9) > 2)) {
      throw new MalformedMediaException("OpusHead: mapping of " + opusHead.at(9) + " channels");
    }
    out.u8(opusHead.at(9));
    out.u8(opusHead.at(11)).u8(opusHead.at(10)); // little end first in OpusHead
    out.u8(opusHead.at(15)).u8(opusHead.at(14)).u8(opusHead.at(13)).u8(opusHead.at(12));
    out.u8(opusHead.at(17)).u8(opusHead.at(16));
    return out.u8(family).bytes(opusHead.slice(19, 19 + tableSize)).toBytes();
  }

  /**
   * Samples at 48 kHz of one packet.
   *
   * @see "RFC 6716, 3.1"
   */
  static int samples(Bytes packet) throws MalformedMediaException {
    if (packet.isEmpty()) {
      throw new MalformedMediaException("Opus packet of 0 bytes");
    }
    int frames =
        switch (packet.at(0) & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> packet.size() > 1 ? packet.at(1) & 0x3f : 0;
        };
    int samples = frames * FRAME_SAMPLES[packet.at(0) >> 3];
    if (samples == 0 || samples > 5760) {
      throw new MalformedMediaException("Opus packet of " + samples + " samples, at most 5760");
    }
    return samples;
  }
}
