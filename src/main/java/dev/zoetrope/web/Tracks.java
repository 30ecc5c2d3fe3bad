package dev.zoetrope.web;

import dev.zoetrope.format.Fmp4Framing;
import dev.zoetrope.format.TsFraming;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Framing;
import java.util.Locale;

/** Which tracks a subscriber gets. */
enum Tracks {
  VIDEO,
  AUDIO,
  BOTH;

  /** The word in requests: {@code video}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether these are of the subscriber's. */
  boolean take(Codec.Kind kind) {
    return switch (this) {
      case VIDEO -> kind == Codec.Kind.VIDEO;
      case AUDIO -> kind == Codec.Kind.AUDIO;
      case BOTH -> true;
    };
  }

  /** Whether fragments of that format can be had for these tracks alone. */
  boolean canBeOf(Format format) {
    return switch (format) {
      case FMP4 -> true;
      case MPEG1 -> this != AUDIO;
      case MJPEG, GIF -> this == VIDEO;
    };
  }

  /** How a subscriber gets the fragments; those of other tracks, if there are any, are left out. */
  Framing framing(Format format) {
    return switch (format) {
      case FMP4 ->
          switch (this) {
            case VIDEO -> Fmp4Framing.VIDEO;
            case AUDIO -> Fmp4Framing.AUDIO;
            case BOTH -> Fmp4Framing.BOTH;
          };
      case MPEG1 -> TsFraming.PLAIN;
      case MJPEG, GIF -> PlainJpeg.INSTANCE; // GIF is not subscribed to: see Request
    };
  }
}
