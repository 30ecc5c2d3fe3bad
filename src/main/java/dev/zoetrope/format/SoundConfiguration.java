package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;

/**
 * What a sound track's configuration says that its container need not say.
 *
 * @param sampleRate in Hz
 * @param channels at least 1
 */
public record SoundConfiguration(int sampleRate, int channels) {
  private static final int STEREO = 2;
  private static final int OPUS_CHANNELS_AT = 9;
  private static final int MPEG_1 = 3;
  private static final int[] MPEG_1_RATES = {44100, 48000, 32000};

  /** Reads an AudioSpecificConfig. */
  public static SoundConfiguration ofAac(Bytes audioSpecificConfig) throws MalformedMediaException {
    AacConfiguration read = AacConfiguration.read(audioSpecificConfig);
    return new SoundConfiguration(read.sampleRate(), read.channels(STEREO));
  }

  /** Reads an OpusHead. */
  public static SoundConfiguration ofOpus(Bytes opusHead) throws MalformedMediaException {
    Opus.toDops(opusHead, STEREO); // refuses what is none
    int channels = opusHead.isEmpty() ? STEREO : opusHead.at(OPUS_CHANNELS_AT);
    return new SoundConfiguration(Opus.RATE, channels);
  }

  /**
   * Reads the header of an MPEG audio frame, such as MP3.
   *
   * @see "ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3, 2.4.1.3"
   */
  public static SoundConfiguration ofMpegAudio(Bytes frame) throws MalformedMediaException {
    BitReader in = BitReader.of("MPEG audio frame", frame.slice(0, Math.min(frame.size(), 4)));
    int sync = in.bits(11);
    int version = in.bits(2); // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    in.skip(2 + 1 + 4); // layer, protection_bit, bitrate_index
    int rate = in.bits(2); // sampling_frequency
    in.skip(1 + 1); // padding_bit, private_bit
    boolean isMono = in.bits(2) == 3; // mode
    if (sync != 0x7ff || version == 1 || rate == MPEG_1_RATES.length) {
      throw new MalformedMediaException("MPEG audio frame: expected a header, found " + frame);
    }
    int divisor = version == MPEG_1 ? 1 : version == 2 ? 2 : 4;
    return new SoundConfiguration(MPEG_1_RATES[rate] / divisor, isMono ? 1 : STEREO);
  }
}
