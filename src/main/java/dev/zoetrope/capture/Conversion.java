package dev.zoetrope.capture;

import dev.zoetrope.capture.Encoding.Size;
import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the tracks of a source become in one rendition, over all runs of the capture.
 *
 * <p>What is asked of a picture's track, of cards and of encodings belongs to the picture's thread,
 * and {@link #first} to whoever starts it, before.
 */
final class Conversion {
  /** How a track becomes one of the rendition. */
  enum Means {
    /** It has the right codec already. */
    COPIED,
    /** A card, in a format of single pictures: those are made at once, without an encoder. */
    DRAWN,
    ENCODED
  }

  /** Each picture of a card is a keyframe then: they come twice a second. */
  private static final int CARD_FPS = 1;

  private static final int DEFAULT_FPS = 25;
  private static final int MOST_FPS = 60;
  private static final int FEWEST_TO_TELL_FPS = 5;

  private final Rendition rendition;
  private final Pictures pictures;
  private final Feed<Packet> source;
  private final Supplier<String> h264Encoder;

  // Confined to the picture's thread.
  private boolean wasCopied; // the picture of the source, when it was there last
  private Optional<Size> mpeg1Size = Optional.empty(); // kept: JSMpeg reads it once

  /**
   * @param h264Encoder ffmpeg's name of the one to use now
   */
  Conversion(
      Rendition rendition, Pictures pictures, Feed<Packet> source, Supplier<String> h264Encoder) {
    this.rendition = rendition;
    this.pictures = pictures;
    this.source = source;
    this.h264Encoder = h264Encoder;
  }

  /** Whether what is of that format has sound, where its source has. */
  static boolean hasSound(Format format) {
    return switch (format) {
      case GIF, MJPEG -> false;
      case MPEG1, FMP4 -> true;
    };
  }

  /** Whether a track of a source goes into {@code rendition} as it is, without an encoder. */
  static boolean isCopied(Rendition rendition, Pictures pictures, Track track) {
    return switch (rendition.format()) {
      case GIF -> false;
      case MJPEG ->
          track.codec() == Codec.MJPEG
              && (pictures == Pictures.KEYFRAMES // all are, and decoding them would cost a core
                  || rendition.equals(Rendition.defaultOf(rendition.format()))
                  || track.width() <= rendition.width());
      case MPEG1 -> track.codec() == Codec.MP2;
      case FMP4 ->
          Fmp4Packager.canCarry(track) && (!track.isVideo() || rendition.encode() == Encode.AUTO);
    };
  }

  /** Which pictures of the source are used. */
  Pictures pictures() {
    return pictures;
  }

  /** How a track becomes one of the rendition. Any thread. */
  Means means(Track track) {
    if (isCopied(rendition, pictures, track)) {
      return Means.COPIED;
    }
    return isCard(track) && isOfSinglePictures() ? Means.DRAWN : Means.ENCODED;
  }

  private boolean isOfSinglePictures() {
    return switch (rendition.format()) {
      case GIF, MJPEG -> true;
      case MPEG1, FMP4 -> false;
    };
  }

  /** The same of a track of a run that begins now; on the thread of its kind. */
  Means begin(Track track) {
    Means means = means(track);
    if (track.isVideo() && !isCard(track)) {
      wasCopied = means == Means.COPIED;
    }
    return means;
  }

  /** Nothing else is uncompressed in the packets of a source. */
  private static boolean isCard(Track track) {
    return track.codec() == Codec.RGB24;
  }

  /**
   * A still as the first picture of the rendition, in whose place the encoder's come later; empty
   * where that is as fast, or where the still cannot be decoded.
   */
  Optional<Packet> first(Fragment still) {
    Optional<Track> track = source.newest(packet -> packet.track().isVideo()).map(Packet::track);
    if (track.isEmpty() || means(track.get()) == Means.COPIED) {
      return Optional.empty(); // what is copied is there as soon as the still
    }
    Size size = Size.within(rendition.width(), track.get());
    return switch (rendition.format()) {
      case MJPEG -> StillPicture.asJpeg(still, size);
      case GIF -> StillPicture.asRgb(still, size);
      case MPEG1, FMP4 -> Optional.empty(); // they start from the newest keyframe of the log
    };
  }

  /** The track of a card that is {@link Means#DRAWN}. */
  Track drawn(Track card) {
    Codec codec = rendition.format() == Format.GIF ? Codec.RGB24 : Codec.MJPEG;
    return StillPicture.track(codec, size(card));
  }

  /** A picture of a card that is {@link Means#DRAWN}. */
  Packet drawn(Packet card) {
    Size size = size(card.track());
    return rendition.format() == Format.GIF
        ? StillPicture.asRgb(card, size)
        : StillPicture.asJpeg(card, size);
  }

  /** What a track becomes that is {@link Means#ENCODED}. */
  Encoding encoding(Track track) {
    if (!track.isVideo()) {
      return switch (rendition.format()) {
        case MPEG1 -> new Encoding.Mp2();
        case FMP4 -> new Encoding.Aac();
        case GIF, MJPEG -> throw new AssertionError("sound in " + rendition);
      };
    }
    Size size = size(track);
    long rate = rendition.bitsPerSecond();
    int fps = isCard(track) ? CARD_FPS : fps();
    return switch (rendition.format()) {
      case GIF -> new Encoding.Rgb(size, Math.max(1, rendition.fps()));
      case MJPEG -> new Encoding.Mjpeg(size, rendition.quality());
      case MPEG1 -> {
        mpeg1Size = Optional.of(mpeg1Size.orElse(size));
        yield new Encoding.Mpeg1(mpeg1Size.get(), rate, fps);
      }
      case FMP4 -> new Encoding.H264(size, rate, fps, h264Encoder.get());
    };
  }

  /** That of the rendition; of a card in the place of what was copied, the source's. */
  private Size size(Track track) {
    boolean isWhole = isCard(track) && wasCopied;
    return Size.within(isWhole ? track.width() : rendition.width(), track);
  }

  /** About how many pictures a second the source's log holds; 25 where they are too few to tell. */
  private int fps() {
    List<Packet> held = source.held(packet -> packet.track().isVideo() && !isCard(packet.track()));
    if (held.size() < FEWEST_TO_TELL_FPS) {
      return DEFAULT_FPS;
    }
    long micros = held.get(0).ptsMicros() - held.get(held.size() - 1).ptsMicros();
    long perSecond = Math.round((held.size() - 1) * 1e6 / Math.max(1, micros));
    return (int) Math.max(1, Math.min(MOST_FPS, perSecond));
  }
}
