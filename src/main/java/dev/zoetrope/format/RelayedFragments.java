package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Track;

/** Makes fragments of what another node has made and sent. Stateless. */
public final class RelayedFragments {
  private static final int COMMENT_LABEL = 0xfe;
  private static final int EXTENSION = 0x21;

  /**
   * What is known of a fragment beside its bytes.
   *
   * @param isJoinPoint whether a decoder can start here; of no effect on a JPEG, which always is
   */
  public record Place(Codec.Kind kind, long ptsMicros, long captureMicros, boolean isJoinPoint) {}

  private RelayedFragments() {}

  /**
   * A fragment of any format but GIF.
   *
   * @param picture the run's picture track, as far as the format needs to know it: MJPEG
   * @throws MalformedMediaException if the bytes cannot be one; they are not looked through
   */
  public static Fragment of(Format format, Track picture, Place place, Bytes bytes)
      throws MalformedMediaException {
    return switch (format) {
      case FMP4 -> {
        Fmp4Packager.checkFragment(bytes);
        yield new Mp4Fragment(
            place.kind(), place.ptsMicros(), place.captureMicros(), place.isJoinPoint(), bytes);
      }
      case MPEG1 ->
          TsFragment.ofPackets(
              place.kind(), place.ptsMicros(), place.captureMicros(), place.isJoinPoint(), bytes);
      case MJPEG ->
          JpegFragment.of(
              new Packet(
                  picture,
                  place.ptsMicros(),
                  place.ptsMicros(),
                  true,
                  place.captureMicros(),
                  bytes));
      case GIF -> throw new IllegalArgumentException("a GIF's fragment has two forms");
    };
  }

  /**
   * A fragment of a GIF.
   *
   * @param changes with their time stamp
   * @param whole the whole picture, with its time stamp; empty where who joins has to wait
   */
  public static Fragment ofGif(Place place, Bytes changes, Bytes whole)
      throws MalformedMediaException {
    return GifFragment.ofBoth(
        place.ptsMicros(),
        place.captureMicros(),
        changes,
        stampSize(changes),
        whole,
        whole.isEmpty() ? 0 : stampSize(whole));
  }

  /** Of the comment at the beginning, if there is one. */
  private static int stampSize(Bytes image) throws MalformedMediaException {
    boolean isStamped =
        image.size() > 2 && image.at(0) == EXTENSION && image.at(1) == COMMENT_LABEL;
    if (!isStamped) {
      return 0;
    }
    int at = 2;
    while (at < image.size() && image.at(at) != 0) {
      at += 1 + image.at(at); // a sub-block with its size
    }
    if (at >= image.size()) {
      throw new MalformedMediaException("GIF: a comment without an end");
    }
    return at + 1;
  }
}
