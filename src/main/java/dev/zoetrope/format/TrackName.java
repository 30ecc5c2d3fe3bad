package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What people call the way a track is coded, with its profile where it tells one: {@code H.264
 * High}, {@code H.265 Main 10}, {@code AAC LC}. Stateless.
 *
 * @see "ITU-T H.264, annex A; ITU-T H.265, annex A; AV1, annex A"
 */
public final class TrackName {
  private static final int CONSTRAINT_SET1 = 0x40;

  private TrackName() {}

  /**
   * The name of {@code track}.
   *
   * @param keyframe one of its packets, for what the extradata does not say; may be empty
   */
  public static String of(Track track, Bytes keyframe) {
    return switch (track.codec()) {
      case H264 -> named("H.264", sets(NalSyntax.H264, track, keyframe).map(TrackName::h264));
      case HEVC -> named("H.265", sets(NalSyntax.HEVC, track, keyframe).map(TrackName::hevc));
      case AV1 -> named("AV1", av1(track.extradata()).or(() -> av1(keyframe)));
      case VP8 -> "VP8";
      case VP9 -> "VP9";
      case MPEG1VIDEO -> "MPEG-1";
      case MPEG2VIDEO -> "MPEG-2";
      case MPEG4 -> "MPEG-4 part 2";
      case MJPEG -> "JPEG pictures";
      case PNG -> "PNG pictures";
      case WEBP -> "WebP pictures";
      case GIF -> "GIF pictures";
      case RGB24 -> "uncompressed pictures";
      case AAC -> named("AAC", aac(track.extradata()));
      case OPUS -> "Opus";
      case MP2 -> "MPEG layer 2";
      case MP3 -> "MP3";
      case PCM_ALAW -> "G.711 A-law";
      case PCM_MULAW -> "G.711 µ-law";
      case OTHER_VIDEO, OTHER_AUDIO -> other(track.fourcc());
    };
  }

  private static String named(String codec, Optional<String> profile) {
    return profile.map(known -> codec + " " + known).orElse(codec);
  }

  /** Those of the extradata, else of the keyframe. */
  private static Optional<ParameterSets> sets(NalSyntax syntax, Track track, Bytes keyframe) {
    return sets(syntax, track.extradata()).or(() -> sets(syntax, keyframe));
  }

  private static Optional<ParameterSets> sets(NalSyntax syntax, Bytes bytes) {
    try {
      return Optional.of(ParameterSets.read(syntax, bytes)).filter(ParameterSets::isComplete);
    } catch (MalformedMediaException e) {
      return Optional.empty(); // they tell nothing
    }
  }

  private static String h264(ParameterSets sets) {
    H264Sps sps;
    try {
      sps = sets.h264Sps();
    } catch (MalformedMediaException e) {
      return "of an unknown profile";
    }
    return switch (sps.profile()) {
      case 66 -> (sps.constraints() & CONSTRAINT_SET1) == 0 ? "Baseline" : "Constrained Baseline";
      case 77 -> "Main";
      case 88 -> "Extended";
      case 100 -> "High";
      case 110 -> "High 10";
      case 122 -> "High 4:2:2";
      case 44, 244 -> "High 4:4:4";
      default -> "profile " + sps.profile();
    };
  }

  private static String hevc(ParameterSets sets) {
    int profile;
    try {
      profile = sets.hevcSps().profile();
    } catch (MalformedMediaException e) {
      return "of an unknown profile";
    }
    return switch (profile) {
      case 1 -> "Main";
      case 2 -> "Main 10";
      case 3 -> "Main Still Picture";
      case 4 -> "Range Extensions";
      default -> "profile " + profile;
    };
  }

  private static Optional<String> av1(Bytes bytes) {
    try {
      Bytes header = Av1.sequenceHeader(bytes);
      if (header.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          switch (Av1SequenceHeader.read(header).profile()) {
            case 0 -> "Main";
            case 1 -> "High";
            default -> "Professional";
          });
    } catch (MalformedMediaException e) {
      return Optional.empty(); // it tells nothing
    }
  }

  private static Optional<String> aac(Bytes extradata) {
    try {
      return extradata.isEmpty()
          ? Optional.empty()
          : Optional.of(
              switch (AacConfiguration.read(extradata).objectType()) {
                case AacConfiguration.LC -> "LC";
                case 5 -> "HE";
                case 29 -> "HE v2";
                default -> "of an unusual kind";
              });
    } catch (MalformedMediaException e) {
      return Optional.empty(); // it tells nothing
    }
  }

  /** The container's own sign, where it can be read. */
  private static String other(Bytes fourcc) {
    String sign = new String(fourcc.toArray(), StandardCharsets.US_ASCII).strip();
    boolean isReadable = !sign.isEmpty() && sign.chars().allMatch(c -> c > ' ' && c < 127);
    return isReadable ? "a codec named " + sign : "an unknown codec";
  }
}
