package dev.zoetrope.web;

import dev.zoetrope.format.Fmp4Framing;
import dev.zoetrope.format.GifFraming;
import dev.zoetrope.format.MultipartJpeg;
import dev.zoetrope.format.TsFraming;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Framing;
import java.util.List;
import java.util.Optional;

/** A way to watch: what stands at the end of the address, and how its query chooses the framing. */
enum Way {
  GIF("gif", Format.GIF, "image/gif") {
    @Override
    Framing framing(Query query, String accept) throws OutcomeException {
      return query.choice("stamp", "0", List.of("0", "1")).equals("1")
          ? GifFraming.STAMPED
          : GifFraming.PLAIN;
    }
  },
  MJPEG("mjpeg", Format.MJPEG, MultipartJpeg.TIMED_PARTS.contentType(null)) {
    @Override
    Framing framing(Query query, String accept) {
      return MultipartJpeg.ofAccept(accept);
    }
  },
  MPEG1("ts", Format.MPEG1, "video/mp2t") {
    @Override
    Framing framing(Query query, String accept) throws OutcomeException {
      return query.choice("framing", "ts", List.of("ts", "jsmp")).equals("jsmp")
          ? TsFraming.JSMP
          : TsFraming.PLAIN;
    }
  },
  FMP4("mp4", Format.FMP4, "video/mp4") {
    @Override
    Framing framing(Query query, String accept) throws OutcomeException {
      return switch (query.choice("tracks", "both", List.of("both", "video", "audio"))) {
        case "video" -> Fmp4Framing.VIDEO;
        case "audio" -> Fmp4Framing.AUDIO;
        default -> Fmp4Framing.BOTH;
      };
    }
  };

  private final String extension;
  private final Format format;
  private final String contentType;

  Way(String extension, Format format, String contentType) {
    this.extension = extension;
    this.format = format;
    this.contentType = contentType;
  }

  /** The way of {@code /live/{id}.{extension}}. */
  static Optional<Way> ofExtension(String extension) {
    for (Way way : values()) {
      if (way.extension.equals(extension)) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  /** The word at the end of an HTTP address of that format. */
  static String extensionOf(Format format) {
    return switch (format) {
      case GIF -> GIF.extension;
      case MJPEG -> MJPEG.extension;
      case MPEG1 -> MPEG1.extension;
      case FMP4 -> FMP4.extension;
    };
  }

  /** The way of the WebSocket {@code /live/{id}/{name}}. */
  static Way ofSocket(String name) throws OutcomeException {
    return switch (name) {
      case "mpeg1" -> MPEG1;
      case "fmp4" -> FMP4;
      default ->
          throw new OutcomeException(
              Outcome.NO_SUCH_SOURCE, "expected /live/{id}/mpeg1 or /live/{id}/fmp4");
    };
  }

  Format format() {
    return format;
  }

  /** Media type where the run's own is not known yet. */
  String contentType() {
    return contentType;
  }

  abstract Framing framing(Query query, String accept) throws OutcomeException;
}
