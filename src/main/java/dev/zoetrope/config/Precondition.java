package dev.zoetrope.config;

import dev.zoetrope.config.EditRefusedException.Reason;
import java.util.Arrays;
import java.util.Optional;

/**
 * Under which condition a source may be edited.
 *
 * @param ifMatch the header: entity tags, or {@code *} for any
 * @param ifNoneMatch the header: {@code *} for none may be there
 * @param isNeeded whether a source that is there may be edited only with {@code ifMatch}
 * @see "RFC 9110, 13.1.1 and 13.1.2; RFC 6585, 3"
 */
public record Precondition(
    Optional<String> ifMatch, Optional<String> ifNoneMatch, boolean isNeeded) {
  private static final String ANY = "*";

  /**
   * @param tag of the file that is there
   */
  void check(Optional<String> tag) throws EditRefusedException {
    boolean isUnwanted =
        ifNoneMatch.isPresent() && tag.isPresent() && isAmong(ifNoneMatch.get(), tag.get());
    boolean isOther = ifMatch.isPresent() && (tag.isEmpty() || !isAmong(ifMatch.get(), tag.get()));
    if (isUnwanted) {
      throw new EditRefusedException(Reason.CHANGED_SINCE, "the source is there already");
    }
    if (isOther) {
      throw new EditRefusedException(
          Reason.CHANGED_SINCE, "the source has been changed since; get it again, then edit it");
    }
    if (isNeeded && tag.isPresent() && ifMatch.isEmpty()) {
      throw new EditRefusedException(
          Reason.CONDITION_MISSING,
          "expected If-Match with the ETag of the source that is to be replaced");
    }
  }

  private static boolean isAmong(String header, String tag) {
    return header.strip().equals(ANY)
        || Arrays.stream(header.split(",", -1)).map(String::strip).anyMatch(tag::equals);
  }
}
