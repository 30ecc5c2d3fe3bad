package dev.zoetrope.capture;

import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.Optional;

/**
 * What a rendition of a source would cost. Immutable.
 *
 * @param isCopied whether its picture goes to viewers as the source has it, without an encoder
 * @param words the same for people
 */
public record ProbedRendition(Rendition rendition, boolean isCopied, String words) {

  /** Of a source with these tracks. */
  static ProbedRendition of(Rendition rendition, List<Track> tracks) {
    boolean isCopied =
        tracks.stream()
            .filter(Track::isVideo)
            .anyMatch(track -> Conversion.isCopied(rendition, Pictures.ALL, track));
    Optional<Track> sound = tracks.stream().filter(track -> !track.isVideo()).findFirst();
    boolean isSoundEncoded =
        Conversion.hasSound(rendition.format())
            && sound.isPresent()
            && !Conversion.isCopied(rendition, Pictures.ALL, sound.get());
    return new ProbedRendition(rendition, isCopied, words(isCopied, isSoundEncoded));
  }

  private static String words(boolean isCopied, boolean isSoundEncoded) {
    if (!isCopied) {
      return "encoded while watched";
    }
    return isSoundEncoded
        ? "its picture plays as it is, its sound is encoded while watched"
        : "plays as it is";
  }
}
