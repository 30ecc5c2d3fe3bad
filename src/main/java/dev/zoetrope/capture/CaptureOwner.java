package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.util.Optional;

/** Who wants a capture, and hears of it. Called on the capture's thread; must not wait for it. */
public interface CaptureOwner {
  /** Something happened; {@code why} says what keeps the source from being live. */
  void happened(Incident incident, Optional<Diagnosis> why);

  /** The newest picture of the source as a JPEG, if one came after {@code captureMicros}. */
  Optional<Bytes> newestPicture(long captureMicros);

  /** A caller was refused for its passphrase. On a thread of its own. */
  default void wrongKey() {}

  /** A card takes the place of the source from now on, or the source that of the card. */
  default void showsCard(boolean isCard) {}

  /** Whether anybody would see a card. */
  boolean isWatched();
}
