package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import java.nio.charset.StandardCharsets;

/**
 * What an audio or video message holds, which is the body of an FLV tag.
 *
 * @param part what it is of the track
 * @param codec of the track
 * @param isKeyframe whether a decoder can start here; always for sound
 * @param compositionMillis pts - dts in milliseconds
 * @param data the configuration (avcC, hvcC, av1C, AudioSpecificConfig, OpusHead) or the frame
 * @param codecName as people may be told
 * @see "Adobe Flash Video File Format 10.1, E.4.2, E.4.3"
 * @see "Enhanced RTMP v1, Defining Additional Video Codecs; v2, ExAudioTagHeader, ExVideoTagHeader"
 */
record FlvTag(
    Part part,
    Codec codec,
    boolean isKeyframe,
    int compositionMillis,
    Bytes data,
    String codecName) {

  /** What a tag is of its track. */
  enum Part {
    CONFIGURATION,
    FRAME,
    /** Ends, metadata, tracks other than the first: passed over. */
    NOTHING
  }

  // FrameType and CodecID of legacy video
  private static final int KEYFRAME = 1;
  private static final int GENERATED_KEYFRAME = 4;
  private static final int COMMAND_FRAME = 5;
  private static final int AVC = 7;
  private static final int HEVC = 12; // of no specification, but encoders in China send it

  // SoundFormat of legacy audio
  private static final int MP3 = 2;
  private static final int ALAW = 7;
  private static final int MULAW = 8;
  private static final int EX_HEADER = 9;
  private static final int AAC = 10;
  private static final int MP3_8_KHZ = 14;

  // AVCPacketType, AACPacketType, VideoPacketType, AudioPacketType
  private static final int SEQUENCE_START = 0;
  private static final int CODED_FRAMES = 1;
  private static final int CODED_FRAMES_X = 3;
  private static final int AUDIO_MULTITRACK = 5;
  private static final int VIDEO_MULTITRACK = 6;
  private static final int MOD_EX = 7;

  // AvMultitrackType
  private static final int ONE_TRACK = 0;
  private static final int MANY_TRACKS_MANY_CODECS = 2;

  private static final FlvTag NOTHING = nothing("");

  private static FlvTag nothing(String codecName) {
    return new FlvTag(Part.NOTHING, Codec.OTHER_VIDEO, false, 0, Bytes.EMPTY, codecName);
  }

  /** Reads a video message; a codec that cannot be taken is OTHER_VIDEO. */
  static FlvTag video(Bytes payload) throws MalformedMediaException {
    if (payload.isEmpty()) {
      return NOTHING;
    }
    Fields in = new Fields("RTMP video message", payload);
    int first = in.u8();
    boolean isEx = (first & 0x80) != 0;
    int frameType = first >> 4 & 7;
    boolean isKeyframe = frameType == KEYFRAME || frameType == GENERATED_KEYFRAME;
    if (frameType == COMMAND_FRAME) {
      return NOTHING;
    }
    return isEx ? exVideo(in, first & 0xf, isKeyframe) : legacyVideo(in, first & 0xf, isKeyframe);
  }

  private static FlvTag legacyVideo(Fields in, int codecId, boolean isKeyframe)
      throws MalformedMediaException {
    if (codecId != AVC && codecId != HEVC) {
      return new FlvTag(
          Part.FRAME, Codec.OTHER_VIDEO, isKeyframe, 0, Bytes.EMPTY, "FLV codec " + codecId);
    }
    int packetType = in.u8(); // AVCPacketType
    int composition = in.s24(); // CompositionTime
    Codec codec = codecId == AVC ? Codec.H264 : Codec.HEVC;
    return of(packetType, codec, isKeyframe, composition, in.rest());
  }

  private static FlvTag of(
      int packetType, Codec codec, boolean isKeyframe, int composition, Bytes data) {
    Part part =
        switch (packetType) {
          case SEQUENCE_START -> Part.CONFIGURATION;
          case CODED_FRAMES -> Part.FRAME;
          default -> Part.NOTHING;
        };
    return data.isEmpty()
        ? nothing(codec.name())
        : new FlvTag(part, codec, isKeyframe, composition, data, codec.name());
  }

  private static FlvTag exVideo(Fields in, int typeInHeader, boolean isKeyframe)
      throws MalformedMediaException {
    int packetType = skipModEx(in, typeInHeader);
    Fields track = in;
    String fourcc;
    if (packetType == VIDEO_MULTITRACK) {
      int multitrack = in.u8();
      packetType = multitrack & 0xf;
      fourcc = multitrack >> 4 == MANY_TRACKS_MANY_CODECS ? "" : fourcc(in);
      Track first = firstTrack(in, multitrack >> 4, fourcc);
      track = new Fields("RTMP video track", first.data());
      fourcc = first.fourcc();
    } else {
      fourcc = fourcc(in);
    }
    Codec codec =
        switch (fourcc) {
          case "avc1" -> Codec.H264;
          case "hvc1" -> Codec.HEVC;
          case "av01" -> Codec.AV1;
          case "vp09" -> Codec.VP9;
          case "" -> Codec.H264; // no first track in this message: nothing is left to read
          default -> Codec.OTHER_VIDEO;
        };
    if (codec == Codec.OTHER_VIDEO) {
      return new FlvTag(Part.FRAME, codec, isKeyframe, 0, Bytes.EMPTY, shown(fourcc));
    }
    int composition = 0;
    boolean hasComposition = codec == Codec.H264 || codec == Codec.HEVC;
    if (packetType == CODED_FRAMES && hasComposition && track.left() > 0) {
      composition = track.s24(); // compositionTimeOffset
    } else if (packetType == CODED_FRAMES_X) {
      packetType = CODED_FRAMES; // pts is dts
    }
    return of(packetType, codec, isKeyframe, composition, track.rest());
  }

  /** Reads an audio message; a codec that cannot be taken is OTHER_AUDIO. */
  static FlvTag audio(Bytes payload) throws MalformedMediaException {
    if (payload.isEmpty()) {
      return NOTHING;
    }
    Fields in = new Fields("RTMP audio message", payload);
    int first = in.u8();
    int soundFormat = first >> 4;
    return switch (soundFormat) {
      case AAC -> of(in.u8(), Codec.AAC, true, 0, in.rest()); // AACPacketType
      case MP3, MP3_8_KHZ -> of(CODED_FRAMES, Codec.MP3, true, 0, in.rest());
      case ALAW -> of(CODED_FRAMES, Codec.PCM_ALAW, true, 0, in.rest());
      case MULAW -> of(CODED_FRAMES, Codec.PCM_MULAW, true, 0, in.rest());
      case EX_HEADER -> exAudio(in, first & 0xf);
      default ->
          new FlvTag(
              Part.FRAME, Codec.OTHER_AUDIO, true, 0, Bytes.EMPTY, "FLV sound " + soundFormat);
    };
  }

  private static FlvTag exAudio(Fields in, int typeInHeader) throws MalformedMediaException {
    int packetType = skipModEx(in, typeInHeader);
    Fields track = in;
    String fourcc;
    if (packetType == AUDIO_MULTITRACK) {
      int multitrack = in.u8();
      packetType = multitrack & 0xf;
      fourcc = multitrack >> 4 == MANY_TRACKS_MANY_CODECS ? "" : fourcc(in);
      Track first = firstTrack(in, multitrack >> 4, fourcc);
      track = new Fields("RTMP audio track", first.data());
      fourcc = first.fourcc();
    } else {
      fourcc = fourcc(in);
    }
    Codec codec =
        switch (fourcc) {
          case "mp4a" -> Codec.AAC;
          case "Opus" -> Codec.OPUS;
          case ".mp3" -> Codec.MP3;
          case "" -> Codec.AAC; // no first track in this message: nothing is left to read
          default -> Codec.OTHER_AUDIO;
        };
    return codec == Codec.OTHER_AUDIO
        ? new FlvTag(Part.FRAME, codec, true, 0, Bytes.EMPTY, shown(fourcc))
        : of(packetType, codec, true, 0, track.rest());
  }

  /** Passes over ModEx data, such as nanoseconds, and gives the packet type behind them. */
  private static int skipModEx(Fields in, int typeInHeader) throws MalformedMediaException {
    int packetType = typeInHeader;
    while (packetType == MOD_EX) {
      int size = in.u8() + 1; // modExDataSize
      if (size == 256) {
        size = in.u16() + 1;
      }
      in.bytes(size);
      packetType = in.u8() & 0xf; // behind the ModEx type
    }
    return packetType;
  }

  private record Track(String fourcc, Bytes data) {}

  /** The track with the id 0; without a fourcc if it is not in this message. */
  private static Track firstTrack(Fields in, int multitrackType, String commonFourcc)
      throws MalformedMediaException {
    while (in.left() > 0) {
      String fourcc = multitrackType == MANY_TRACKS_MANY_CODECS ? fourcc(in) : commonFourcc;
      int id = in.u8(); // trackId
      Bytes data = multitrackType == ONE_TRACK ? in.rest() : in.bytes(in.u24());
      if (id == 0) {
        return new Track(fourcc, data);
      }
    }
    return new Track("", Bytes.EMPTY);
  }

  private static String fourcc(Fields in) throws MalformedMediaException {
    return new String(in.bytes(4).toArray(), StandardCharsets.ISO_8859_1);
  }

  private static String shown(String fourcc) {
    return fourcc.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
