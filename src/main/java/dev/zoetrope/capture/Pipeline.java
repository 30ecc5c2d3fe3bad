package dev.zoetrope.capture;

import dev.zoetrope.feed.Feed;
import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.format.GifPackager;
import dev.zoetrope.format.MjpegPackager;
import dev.zoetrope.format.MpegTsPackager;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Sink;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * From the packets of a source to the fragments of one rendition: copies a track that has the right
 * codec already, else runs an encoder for it, and packs what comes.
 *
 * <p>It lives over all runs of the capture; each track is followed by a {@link Lane} with a thread
 * of its own, a cursor on the source's feed, so that neither the capture nor the other track ever
 * waits for it.
 */
public final class Pipeline implements AutoCloseable {
  /** Which pictures of the source are used. */
  public enum Pictures {
    ALL,
    /** For stills: a decoder has little to do, whatever the source's frame rate. */
    KEYFRAMES
  }

  /** Stills, made of a source's keyframes. */
  public static final Rendition STILL =
      new Rendition("still", Format.MJPEG, 640, 0, 4, 0, 0, Encode.AUTO);

  private final Conversion conversion;
  private final Mux mux;
  private final List<Lane> lanes;

  /**
   * Follows nothing before {@link #start}.
   *
   * @param name for threads and logs: {@code gate/mjpeg}
   * @param source packets of the capture, all its runs
   * @param sink gets the fragments
   * @param limits of each encoder
   */
  public Pipeline(
      String name,
      Rendition rendition,
      Pictures pictures,
      Feed<Packet> source,
      Sink<Fragment> sink,
      ProcessLimits limits,
      Ffmpeg ffmpeg,
      LongSupplier wallMicros) {
    conversion = new Conversion(rendition, pictures, source, ffmpeg::h264Encoder);
    mux = new Mux(packager(rendition, sink));
    Lane.Encoders encoders =
        (track, fromMicros, output) ->
            new Encoder(
                ffmpeg,
                name,
                conversion.encoding(track),
                track,
                fromMicros,
                limits,
                wallMicros,
                output);
    Set<Kind> kinds =
        Conversion.hasSound(rendition.format())
            ? EnumSet.of(Kind.VIDEO, Kind.AUDIO)
            : EnumSet.of(Kind.VIDEO);
    lanes =
        kinds.stream()
            .map(kind -> new Lane(kind, kinds, name, conversion, source, mux, encoders))
            .toList();
  }

  private static Packager packager(Rendition rendition, Sink<Fragment> sink) {
    return switch (rendition.format()) {
      case GIF -> new GifPackager(sink, rendition.bytesPerSecond());
      case MJPEG -> new MjpegPackager(sink);
      case MPEG1 -> new MpegTsPackager(sink);
      case FMP4 -> new Fmp4Packager(sink);
    };
  }

  /**
   * Shows a still of the source until the encoder has caught up; for GIF and MJPEG, before {@link
   * #start}. A still that cannot be decoded is left out.
   */
  public void showFirst(Fragment still) {
    conversion.first(still).ifPresent(mux::showFirst);
  }

  /** Begins to follow the source. */
  public void start() {
    lanes.forEach(Lane::start);
  }

  /** Ends its threads and encoders. Idempotent, any thread but theirs. */
  @Override
  public void close() {
    lanes.forEach(Lane::end);
    lanes.forEach(Lane::join);
  }
}
