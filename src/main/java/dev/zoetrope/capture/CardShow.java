package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows a card in the place of a source, twice a second. Confined to the capture's thread. */
final class CardShow {
  private static final Duration DISTANCE = Duration.ofMillis(500);

  /** The second picture comes soon: an encoder gives out the first when it sees another. */
  private static final Duration FIRST_DISTANCE = Duration.ofMillis(40);

  private String title;
  private final OnAir onAir;
  private final CaptureOwner owner;
  private final LongSupplier wallMicros;

  private Optional<Card> card = Optional.empty(); // empty while none is shown
  private Optional<Bytes> lastPicture = Optional.empty(); // of the source, as a JPEG
  private long sinceNanos;
  private long nextNanos;

  CardShow(String title, OnAir onAir, CaptureOwner owner, LongSupplier wallMicros) {
    this.title = title;
    this.onAir = onAir;
    this.owner = owner;
    this.wallMicros = wallMicros;
  }

  /** How people call the source, from the next card on. */
  void retitle(String newTitle) {
    title = newTitle;
  }

  /** Whether a card is, or was a moment ago, in the place of the source. */
  boolean isOn() {
    return card.isPresent();
  }

  /**
   * Begins, if it has not.
   *
   * @param words of the card
   * @param since when there was something to see last
   */
  void begin(String words, long since, long now) {
    if (card.isPresent()) {
      return;
    }
    owner.newestPicture(onAir.sourceMicros()).ifPresent(jpeg -> lastPicture = Optional.of(jpeg));
    card = Optional.of(new Card(title, onAir.size(), lastPicture, words));
    sinceNanos = since;
    paint(now);
    nextNanos = now + FIRST_DISTANCE.toNanos();
  }

  /** The next picture, if its time has come and somebody sees it; else its time comes again. */
  void goOn(long now) {
    if (card.isEmpty() || now < nextNanos) {
      return;
    }
    if (onAir.showsCard() && owner.isWatched()) {
      paint(now);
    } else {
      nextNanos = now + DISTANCE.toNanos();
    }
  }

  private void paint(long now) {
    Card shown = card.orElseThrow();
    Bytes rgb = shown.paint(Duration.ofNanos(now - sinceNanos));
    onAir.showCard(rgb, shown.size(), TimeUnit.NANOSECONDS.toMicros(now), wallMicros.getAsLong());
    nextNanos = now + DISTANCE.toNanos();
  }

  /** The next picture is due at once: somebody has come. */
  void hurry(long now) {
    nextNanos = now;
  }

  /** When {@link #goOn} has something to do; the largest long while none is shown. */
  long nextNanos(long now) {
    return card.isPresent() ? Math.max(nextNanos, now + 1) : Long.MAX_VALUE;
  }

  /** The source is there again. */
  void end() {
    card = Optional.empty();
  }
}
