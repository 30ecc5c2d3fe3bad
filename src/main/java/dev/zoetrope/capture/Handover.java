package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import java.io.IOException;
import java.util.Optional;

/** What of a source is handed over, and how. Immutable. */
record Handover(PictureForm pictures, boolean withSound) {
  /** How pictures are. */
  enum PictureForm {
    COPIED,
    /** Copied, of a source whose sound begins before its picture: a longer look finds both. */
    COPIED_LATE,
    /** For those that NUT cannot carry. */
    AS_JPEG
  }

  /** What is tried first, and will do for most. */
  static final Handover WHOLE = new Handover(PictureForm.COPIED, true);

  /** What to try after an attempt that failed so; empty where nothing else would help. */
  Optional<Handover> after(IOException failure) {
    if (failure instanceof SoundMissingException && withSound) {
      return Optional.of(new Handover(pictures, false));
    }
    return failure instanceof UncopiablePictureException && pictures != PictureForm.AS_JPEG
        ? Optional.of(new Handover(PictureForm.AS_JPEG, withSound))
        : Optional.empty();
  }

  /** The same of a source that is looked at before it is copied. */
  Optional<Handover> after(IOException failure, Cause cause) {
    Optional<Handover> other = after(failure);
    return other.isEmpty() && cause == Cause.NO_PICTURE && pictures == PictureForm.COPIED
        ? Optional.of(new Handover(PictureForm.COPIED_LATE, withSound))
        : other;
  }
}
