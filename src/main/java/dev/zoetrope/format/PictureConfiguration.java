package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.MalformedMediaException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a picture track's configuration says that its container need not say.
 *
 * @param width in pixels
 * @param height in pixels
 * @param reordered how many packets may come before one that is shown earlier; empty if not told
 */
public record PictureConfiguration(int width, int height, OptionalInt reordered) {

  /**
   * Reads extradata of H.264, HEVC or AV1 ({@code avcC}, {@code hvcC}, {@code av1C}, or as ffmpeg
   * keeps it); empty where it holds no parameter sets, which are then in the packets.
   */
  public static Optional<PictureConfiguration> of(Codec codec, Bytes extradata)
      throws MalformedMediaException {
    return switch (codec) {
      case H264 -> {
        ParameterSets sets = ParameterSets.read(NalSyntax.H264, extradata);
        yield sets.isComplete() ? Optional.of(of(sets.h264Sps())) : Optional.empty();
      }
      case HEVC -> {
        ParameterSets sets = ParameterSets.read(NalSyntax.HEVC, extradata);
        yield sets.isComplete() ? Optional.of(of(sets.hevcSps())) : Optional.empty();
      }
      case AV1 -> {
        Bytes header = Av1.sequenceHeader(extradata);
        yield header.isEmpty() ? Optional.empty() : Optional.of(of(Av1SequenceHeader.read(header)));
      }
      default -> Optional.empty();
    };
  }

  private static PictureConfiguration of(H264Sps sps) {
    return new PictureConfiguration(sps.width(), sps.height(), sps.reorderedFrames());
  }

  private static PictureConfiguration of(HevcSps sps) {
    return new PictureConfiguration(sps.width(), sps.height(), sps.reorderedPictures());
  }

  private static PictureConfiguration of(Av1SequenceHeader header) {
    return new PictureConfiguration(header.width(), header.height(), OptionalInt.of(0));
  }

  /** Reads the header of a VP9 keyframe: there is no extradata. */
  public static PictureConfiguration ofVp9(Bytes keyframe) throws MalformedMediaException {
    Vp9Header header = Vp9Header.read(keyframe);
    return new PictureConfiguration(header.width(), header.height(), OptionalInt.of(0));
  }
}
