package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The constants of the NUT container, by the names of its specification, and its checksum.
 *
 * @see "NUT open container format: nut.txt; nut4cc.txt for the codecs' tags"
 */
final class Nut {
  static final byte[] FILE_ID_STRING =
      "nut/multimedia container\0".getBytes(StandardCharsets.US_ASCII);

  static final long MAIN_STARTCODE = 0x4E4D_7A56_1F5F_04ADL;
  static final long STREAM_STARTCODE = 0x4E53_1140_5BF2_F9DBL;
  static final long INFO_STARTCODE = 0x4E49_AB68_B596_BA78L;
  static final long SYNCPOINT_STARTCODE = 0x4E4B_E4AD_EECA_4569L;

  /** First byte of every startcode; never a frame code. */
  static final int STARTCODE_BYTE = 'N';

  /** A packet with a longer forward_ptr has a checksum of its own over startcode and length. */
  static final int LONG_PACKET = 4096;

  /** Frames above this size have no elision header. */
  static final int MAX_ELIDED_SIZE = 4096;

  static final int CLASS_VIDEO = 0;
  static final int CLASS_AUDIO = 1;

  static final int FLAG_KEY = 1;
  static final int FLAG_EOR = 2;
  static final int FLAG_CODED_PTS = 8;
  static final int FLAG_STREAM_ID = 16;
  static final int FLAG_SIZE_MSB = 32;
  static final int FLAG_CHECKSUM = 64;
  static final int FLAG_RESERVED = 128;
  static final int FLAG_SM_DATA = 256;
  static final int FLAG_HEADER_IDX = 1024;
  static final int FLAG_MATCH_TIME = 2048;
  static final int FLAG_CODED = 4096;
  static final int FLAG_INVALID = 8192;

  /** Of main_flags, version 4: no syncpoints but the first. */
  static final int PIPE_MODE = 2;

  private static final int POLYNOMIAL = 0x04C1_1DB7;
  private static final int[] CRC = new int[256];

  static {
    for (int i = 0; i < CRC.length; i++) {
      int crc = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
      }
      CRC[i] = crc;
    }
  }

  /**
   * What ffmpeg's NUT muxer writes: for each codec first its own choice, then what it carries over
   * from MP4, QuickTime and AVI in a stream copy.
   */
  private static final List<Tag> TAGS =
      List.of(
          tag(Codec.H264, "H264"),
          tag(Codec.H264, "avc1"),
          tag(Codec.HEVC, "HEVC"),
          tag(Codec.HEVC, "H265"),
          tag(Codec.HEVC, "hvc1"),
          tag(Codec.HEVC, "hev1"),
          tag(Codec.AV1, "AV01"),
          tag(Codec.VP8, "VP80"),
          tag(Codec.VP9, "VP90"),
          tag(Codec.MPEG1VIDEO, "mpg1"),
          tag(Codec.MPEG2VIDEO, "mpg2"),
          tag(Codec.MPEG4, "FMP4"),
          tag(Codec.MPEG4, "mp4v"),
          tag(Codec.MPEG4, "XVID"),
          tag(Codec.MPEG4, "DIVX"),
          tag(Codec.MPEG4, "DX50"),
          tag(Codec.MJPEG, "MJPG"),
          tag(Codec.MJPEG, "jpeg"),
          tag(Codec.PNG, "MPNG"),
          tag(Codec.PNG, "png "),
          tag(Codec.GIF, "GIF\0"),
          tag(Codec.RGB24, "RGB\30"),
          tag(Codec.AAC, 0xff),
          tag(Codec.AAC, "mp4a"),
          tag(Codec.OPUS, "Opus"),
          tag(Codec.MP2, 0x50),
          tag(Codec.MP3, 0x55),
          tag(Codec.PCM_ALAW, 0x06),
          tag(Codec.PCM_ALAW, "ALAW"),
          tag(Codec.PCM_MULAW, 0x07),
          tag(Codec.PCM_MULAW, "ULAW"));

  private Nut() {}

  /** The checksum of what {@code crc} covers and one byte more; begins with 0. */
  static int crc(int crc, int b) {
    return (crc << 8) ^ CRC[((crc >>> 24) ^ b) & 0xff];
  }

  /** The checksum of a part of {@code array}; 0 over data together with its checksum. */
  static int crc(byte[] array, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = crc(crc, array[i]);
    }
    return crc;
  }

  /** The codec that a stream header's fourcc names; the two OTHER values where we know none. */
  static Codec codec(Codec.Kind kind, Bytes fourcc) {
    for (Tag tag : TAGS) {
      if (tag.codec.kind() == kind && tag.isSpelled(fourcc)) {
        return tag.codec;
      }
    }
    return kind == Codec.Kind.VIDEO ? Codec.OTHER_VIDEO : Codec.OTHER_AUDIO;
  }

  /** The fourcc that ffmpeg's NUT muxer writes for a codec; none where it cannot write it. */
  static Optional<Bytes> fourcc(Codec codec) {
    return TAGS.stream().filter(tag -> tag.codec == codec).map(Tag::fourcc).findFirst();
  }

  private static Tag tag(Codec codec, String letters) {
    return new Tag(codec, Bytes.owning(letters.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A format tag of WAV files; NUT has it in two bytes or, as ffmpeg does, in four. */
  private static Tag tag(Codec codec, int formatTag) {
    return new Tag(codec, Bytes.of(formatTag, 0, 0, 0));
  }

  private record Tag(Codec codec, Bytes fourcc) {
    boolean isSpelled(Bytes found) {
      for (int i = 0; i < fourcc.size(); i++) {
        int letter = i < found.size() ? found.at(i) : 0;
        if (upper(letter) != upper(fourcc.at(i))) {
          return false;
        }
      }
      return true;
    }

    /** ffmpeg reads the letters of a fourcc without regard to their case. */
    private static int upper(int letter) {
      return letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter;
    }
  }
}
