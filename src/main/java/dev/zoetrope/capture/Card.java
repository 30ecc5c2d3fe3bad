package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.time.Duration;
import java.util.Optional;

/** stub */
final class Card {
  private final Encoding.Size size;

  Card(String title, Encoding.Size size, Optional<Bytes> lastPicture, String words) {
    this.size = size;
  }

  Bytes paint(Duration lostFor) {
    return Bytes.owning(new byte[size.width() * size.height() * 3]);
  }
}
