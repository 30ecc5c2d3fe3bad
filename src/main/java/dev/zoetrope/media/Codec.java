package dev.zoetrope.media;

/** How a track's frames are coded; named as ffmpeg names its codecs. */
public enum Codec {
  H264(Kind.VIDEO),
  HEVC(Kind.VIDEO),
  AV1(Kind.VIDEO),
  VP8(Kind.VIDEO),
  VP9(Kind.VIDEO),
  MPEG1VIDEO(Kind.VIDEO),
  MPEG2VIDEO(Kind.VIDEO),
  MPEG4(Kind.VIDEO),
  MJPEG(Kind.VIDEO),
  PNG(Kind.VIDEO),
  WEBP(Kind.VIDEO),
  GIF(Kind.VIDEO),
  /** Uncompressed pictures, 3 bytes a pixel: red, green, blue; rows without padding. */
  RGB24(Kind.VIDEO),
  /** A picture codec that only ffmpeg needs to know. */
  OTHER_VIDEO(Kind.VIDEO),
  AAC(Kind.AUDIO),
  OPUS(Kind.AUDIO),
  MP2(Kind.AUDIO),
  MP3(Kind.AUDIO),
  PCM_ALAW(Kind.AUDIO),
  PCM_MULAW(Kind.AUDIO),
  /** A sound codec that only ffmpeg needs to know. */
  OTHER_AUDIO(Kind.AUDIO);

  /** Picture or sound. */
  public enum Kind {
    VIDEO,
    AUDIO
  }

  private final Kind kind;

  Codec(Kind kind) {
    this.kind = kind;
  }

  /** Picture or sound. */
  public Kind kind() {
    return kind;
  }
}
