package dev.zoetrope.web;

import dev.zoetrope.web.Accept.Closeness;
import dev.zoetrope.web.Accept.Fit;
import dev.zoetrope.web.Accept.Range;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code GET /live/{id}} may be answered by. Who takes several as gladly gets the first: the
 * one that is short and costs nothing.
 */
enum Representation {
  /** What the list says of the source. */
  STATE("application", "json"),
  /** The page with the player. */
  PAGE("text", "html"),
  /** The player alone, for frames. Asked for by what the answer is for only. */
  FRAME("text", "html") {
    @Override
    Optional<Fit> fit(Accept accept) {
      return Optional.empty();
    }
  },
  /** Endless multipart JPEG: what moves in image elements. */
  MJPEG("multipart", "x-mixed-replace") {
    @Override
    Optional<Fit> fit(Accept accept) {
      return Stream.concat(super.fit(accept).stream(), imageElement(accept).stream())
          .max(Fit::compareTo);
    }
  },
  MP4("video", "mp4"),
  STILL("image", "jpeg"),
  GIF("image", "gif"),
  MPEG1("video", "mp2t");

  /** The header fields that decide. */
  static final String VARY = "Accept, Sec-Fetch-Dest, Range";

  private final String type;
  private final String subtype;

  Representation(String type, String subtype) {
    this.type = type;
    this.subtype = subtype;
  }

  /**
   * What a request asks for. Browsers say what for, but not on plain http: else it is what they
   * take.
   *
   * @throws OutcomeException NOT_ACCEPTABLE with what there would be
   * @see "Fetch Metadata Request Headers, 2.1 (Sec-Fetch-Dest)"
   */
  static Representation of(HttpServletRequest request) throws OutcomeException {
    String destination = Optional.ofNullable(request.getHeader("Sec-Fetch-Dest")).orElse("");
    return switch (destination) {
      case "image" -> MJPEG;
      case "video", "audio" -> MP4;
      case "document" -> PAGE;
      case "iframe", "frame", "embed", "object" -> FRAME;
      default ->
          of(
              Accept.of(String.join(",", Collections.list(request.getHeaders("Accept")))),
              request.getHeader("Range") != null);
    };
  }

  /**
   * What fits best.
   *
   * @param isPart whether a part is asked for, as media players do
   */
  static Representation of(Accept accept, boolean isPart) throws OutcomeException {
    List<Representation> inOrder = new ArrayList<>(List.of(values()));
    if (isPart) {
      inOrder.add(0, MP4);
    }
    Optional<Representation> best = Optional.empty();
    Optional<Fit> bestFit = Optional.empty();
    for (Representation each : inOrder) {
      Optional<Fit> fit = each.fit(accept);
      if (fit.isPresent() && (bestFit.isEmpty() || fit.get().compareTo(bestFit.get()) > 0)) {
        best = Optional.of(each);
        bestFit = fit;
      }
    }
    return best.orElseThrow(
        () -> new OutcomeException(Outcome.NOT_ACCEPTABLE, "expected an Accept of " + names()));
  }

  private static String names() {
    return Stream.of(values())
        .map(each -> each.type + "/" + each.subtype)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  Optional<Fit> fit(Accept accept) {
    return accept.fit(type, subtype);
  }

  /**
   * Image elements take kinds of images that we do not have, and then all others, or everything:
   * {@code image/webp,*}{@code /*}. Who wants a JPEG or a GIF names that alone.
   */
  private static Optional<Fit> imageElement(Accept accept) {
    boolean takesOthers =
        accept.ranges().stream()
            .anyMatch(range -> range.isAnything() || (isImage(range) && range.isGroup()));
    return accept.ranges().stream()
        .filter(range -> takesOthers && isImage(range) && range.weight() > 0)
        .filter(range -> !range.subtype().equals(STILL.subtype))
        .filter(range -> !range.subtype().equals(GIF.subtype))
        .map(range -> new Fit(range.weight(), Closeness.GROUP))
        .max(Fit::compareTo);
  }

  private static boolean isImage(Range range) {
    return range.type().equals(STILL.type);
  }

  /** The word at the end of its address. Not of those that have none. */
  String extension() {
    return switch (this) {
      case MJPEG -> "mjpeg";
      case MP4 -> "mp4";
      case STILL -> "jpg";
      case GIF -> "gif";
      case MPEG1 -> "ts";
      case STATE, PAGE, FRAME -> throw new IllegalStateException(this + " has no extension");
    };
  }
}
