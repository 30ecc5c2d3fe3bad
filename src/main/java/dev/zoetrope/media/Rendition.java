package dev.zoetrope.media;

import java.util.Objects;
import java.util.Set;

/**
 * One encoding of a source, as configured.
 *
 * @param name what addresses call it: the format's word for the default one of a format
 * @param format how it is coded and packed
 * @param width most pixels across, even, 16 to 3840; a smaller source is never enlarged; the height
 *     follows from the source's aspect ratio
 * @param fps most frames a second, 1 to 60; 0 as the source has them. GIF only
 * @param quality of MJPEG: ffmpeg's {@code -q:v}, 2 (best) to 31
 * @param bitsPerSecond of MPEG-1, and of fMP4 where it is encoded
 * @param bytesPerSecond budget of GIF; 0 without one
 * @param encode when an fMP4 rendition is encoded rather than copied
 */
public record Rendition(
    String name,
    Format format,
    int width,
    int fps,
    int quality,
    long bitsPerSecond,
    long bytesPerSecond,
    Encode encode) {

  /** The name by which other nodes ask for a source's stills. */
  public static final String STILL = "still";

  /** The name by which other nodes ask for a source's own packets; that of their format as well. */
  public static final String PACKETS = "packets";

  /** What none that is configured is called. */
  public static final Set<String> RESERVED = Set.of(STILL, PACKETS);

  /** When an fMP4 rendition is encoded rather than copied. */
  public enum Encode {
    /** Copy what browsers play, encode the rest. */
    AUTO,
    /** Encode, even what browsers play: for a smaller size or bitrate. */
    ALWAYS
  }

  public Rendition {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(encode, "encode");
    if (!SourceId.isValid(name)) {
      throw new IllegalArgumentException("rendition name \"" + name + "\": expected a-z, 0-9, -");
    }
    if (width < 16 || width > 3840 || width % 2 != 0) {
      throw new IllegalArgumentException(
          "rendition " + name + ": width must be even, 16 to 3840, got " + width);
    }
    if (fps < 0 || fps > 60) {
      throw new IllegalArgumentException("rendition " + name + ": fps must be 0 to 60, got " + fps);
    }
  }

  /** The default rendition of a format. */
  public static Rendition defaultOf(Format format) {
    return switch (format) {
      case GIF -> new Rendition("gif", format, 320, 10, 5, 0, 0, Encode.AUTO);
      case MJPEG -> new Rendition("mjpeg", format, 640, 0, 5, 0, 0, Encode.AUTO);
      case MPEG1 -> new Rendition("mpeg1", format, 640, 0, 5, 800_000, 0, Encode.AUTO);
      case FMP4 -> new Rendition("fmp4", format, 1280, 0, 5, 2_500_000, 0, Encode.AUTO);
    };
  }
}
