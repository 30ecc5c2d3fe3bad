package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.function.ToIntFunction;

/**
 * What clients of MPEG-1 get. Frames must be {@link TsFragment}s. Stateless, any thread.
 *
 * @see "ISO/IEC 13818-1 (transport stream), ISO/IEC 11172-2 (MPEG-1 video)"
 */
public enum TsFraming implements Framing {
  /** The transport stream as it is: JSMpeg, media players. */
  PLAIN {
    @Override
    public Bytes head(Run run, Fragment first) {
      return Bytes.EMPTY; // tables stand at each join point
    }

    @Override
    public Bytes frame(Fragment fragment, boolean joining) {
      return fragment.bytes();
    }

    /**
     * Always: tables and sequence header come again with the new run's first picture. JSMpeg 6.1.2
     * heeds its first sequence header only: at another size a page must make it anew.
     */
    @Override
    public boolean continues(Run before, Run after) {
      return true;
    }

    @Override
    public String contentType(Run run) {
      return MpegTsPackager.MIME;
    }
  },

  /**
   * The form of JSMpeg before it had a demuxer: {@code jsmp}, width and height in 16 bits each,
   * then MPEG-1 video without any container, from a sequence header on. No sound.
   */
  JSMP {
    @Override
    public Bytes head(Run run, Fragment first) {
      int width = pixels(run, Track::width);
      int height = pixels(run, Track::height);
      return Bytes.of('j', 's', 'm', 'p', width >> 8, width & 0xff, height >> 8, height & 0xff);
    }

    @Override
    public Bytes frame(Fragment fragment, boolean joining) {
      return fragment.kind() == Codec.Kind.VIDEO
          ? ((TsFragment) fragment).accessUnit()
          : Bytes.EMPTY;
    }

    /** If the pictures keep their size: the player reads it once. */
    @Override
    public boolean continues(Run before, Run after) {
      return pixels(before, Track::width) == pixels(after, Track::width)
          && pixels(before, Track::height) == pixels(after, Track::height);
    }

    @Override
    public String contentType(Run run) {
      return "application/octet-stream";
    }
  };

  /** 0 where there is sound only. */
  private static int pixels(Run run, ToIntFunction<Track> side) {
    return run.video().map(side::applyAsInt).orElse(0);
  }
}
