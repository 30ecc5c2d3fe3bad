package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.util.Optional;

/**
 * An AudioSpecificConfig, and what it says.
 *
 * @param bytes the AudioSpecificConfig itself
 * @param objectType as for the codecs parameter: 2 LC, 5 HE-AAC, 29 HE-AAC v2, wherever it is
 *     signalled
 * @param coreRate samples a second of the core, in Hz
 * @param sampleRate samples a second that come out, in Hz: twice the core's where spectral band
 *     replication is signalled
 * @param channelConfiguration 1 to 7; 0 where a program config element tells
 * @param coreSamples samples of the core in a frame: 1024 or 960
 * @see "ISO/IEC 14496-3, 1.6.2.1 (AudioSpecificConfig), 1.A.2.2 (ADTS)"
 */
record AacConfiguration(
    Bytes bytes,
    int objectType,
    int coreRate,
    int sampleRate,
    int channelConfiguration,
    int coreSamples) {
  static final int LC = 2;
  private static final int SBR = 5;
  private static final int PARAMETRIC_STEREO = 29;
  private static final int SYNC_EXTENSION = 0x2b7;
  private static final int EXPLICIT_RATE = 15;
  private static final int[] RATES = {
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
  };
  private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8};

  /** Reads an AudioSpecificConfig. */
  static AacConfiguration read(Bytes bytes) throws MalformedMediaException {
    BitReader in = BitReader.of("AudioSpecificConfig", bytes);
    int objectType = readObjectType(in);
    int coreRate = readRate(in);
    int sampleRate = coreRate;
    int channels = in.bits(4);
    int signalled = objectType;
    if (objectType == SBR || objectType == PARAMETRIC_STEREO) {
      sampleRate = readRate(in); // extensionSamplingFrequency
      objectType = readObjectType(in);
    }
    boolean shortFrames = in.flag(); // GASpecificConfig: frameLengthFlag
    if (in.flag()) { // dependsOnCoreCoder
      in.skip(14); // coreCoderDelay
    }
    in.skip(1); // extensionFlag
    // Backward-compatible signalling; after a program config element it would stand elsewhere.
    if (signalled == objectType && channels != 0 && in.left() >= 16) {
      if (in.bits(11) == SYNC_EXTENSION && readObjectType(in) == SBR && in.flag()) {
        signalled = SBR;
        sampleRate = readRate(in);
        if (in.left() >= 12 && in.bits(11) == 0x548 && in.flag()) { // psPresentFlag
          signalled = PARAMETRIC_STEREO;
        }
      }
    }
    if (coreRate == 0 || sampleRate == 0 || channels >= CHANNELS.length) {
      throw new MalformedMediaException(
          "AudioSpecificConfig: " + coreRate + " Hz, channel configuration " + channels);
    }
    return new AacConfiguration(
        bytes, signalled, coreRate, sampleRate, channels, shortFrames ? 960 : 1024);
  }

  private static int readObjectType(BitReader in) throws MalformedMediaException {
    int type = in.bits(5);
    return type == 31 ? 32 + in.bits(6) : type;
  }

  private static int readRate(BitReader in) throws MalformedMediaException {
    int index = in.bits(4);
    if (index == EXPLICIT_RATE) {
      return in.bits(24);
    }
    return rate(index);
  }

  private static int rate(int index) throws MalformedMediaException {
    if (index >= RATES.length) {
      throw new MalformedMediaException("AAC: samplingFrequencyIndex " + index);
    }
    return RATES[index];
  }

  /** The configuration that an ADTS header stands for; {@code header} has at least 7 bytes. */
  static AacConfiguration ofAdts(Bytes header) throws MalformedMediaException {
    int objectType = (header.at(2) >> 6) + 1; // profile_ObjectType
    int rateIndex = header.at(2) >> 2 & 0xf;
    int channels = (header.at(2) & 1) << 2 | header.at(3) >> 6;
    rate(rateIndex); // refuses those that do not exist
    return of(objectType, rateIndex, channels);
  }

  /**
   * AAC-LC at this rate: what most likely comes where neither extradata nor a packet has told;
   * empty where there is no such thing.
   */
  static Optional<AacConfiguration> likely(int sampleRate, int channels) {
    for (int rate = 0; rate < RATES.length; rate++) {
      for (int channel = 1; channel < CHANNELS.length; channel++) {
        if (RATES[rate] == sampleRate && CHANNELS[channel] == channels) {
          return Optional.of(of(LC, rate, channel));
        }
      }
    }
    return Optional.empty();
  }

  private static AacConfiguration of(int objectType, int rateIndex, int channels) {
    Bytes bytes = Bytes.of(objectType << 3 | rateIndex >> 1, (rateIndex & 1) << 7 | channels << 3);
    return new AacConfiguration(
        bytes, objectType, RATES[rateIndex], RATES[rateIndex], channels, 1024);
  }

  /** Whether frames of {@code that} decode with this: it may only say less about extensions. */
  boolean decodes(AacConfiguration that) {
    return coreRate == that.coreRate
        && coreSamples == that.coreSamples
        && (channelConfiguration == that.channelConfiguration || that.channelConfiguration == 0)
        && (objectType == that.objectType || (that.objectType == LC && objectType >= SBR));
  }

  /** Samples that come out of one frame. */
  int frameSamples() {
    return (int) ((long) coreSamples * sampleRate / coreRate);
  }

  /** Channels, or {@code otherwise} where a program config element tells. */
  int channels(int otherwise) {
    return channelConfiguration == 0 ? otherwise : CHANNELS[channelConfiguration];
  }

  /** Whether browsers play it. */
  boolean isForBrowsers() {
    boolean knownType = objectType == LC || objectType == SBR || objectType == PARAMETRIC_STEREO;
    return knownType && channelConfiguration != 0;
  }

  /** The codecs parameter: {@code mp4a.40.N}. */
  String codecs() {
    return "mp4a.40." + objectType;
  }
}
