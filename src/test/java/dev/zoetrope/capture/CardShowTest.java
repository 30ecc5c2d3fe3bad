package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CardShowTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final RecordingSink seen = new RecordingSink();
  private boolean isWatched = true;
  private final CardShow show = new CardShow("gate", new OnAir(seen), new Owner(), () -> 0);

  private final class Owner implements CaptureOwner {
    @Override
    public void happened(Incident incident, Optional<Diagnosis> why) {}

    @Override
    public Optional<Bytes> newestPicture(long captureMicros) {
      return Optional.empty();
    }

    @Override
    public boolean isWatched() {
      return isWatched;
    }
  }

  /** Does what is due from {@code nanos} on for so long, and counts how often that was. */
  private int goOnFor(long nanos, long begin) {
    int times = 0;
    for (long now = begin; now < begin + nanos; now = show.nextNanos(now)) {
      show.goOn(now);
      times++;
    }
    return times;
  }

  @Test
  void cardIsPaintedTwiceASecond() {
    show.begin("SIGNAL LOST", 0, 0);

    goOnFor(10 * SECOND, 0);

    assertThat(seen.packets).hasSizeBetween(20, 22);
  }

  @Test
  void cardThatNobodySeesIsNotPaintedAndRarelyLookedAt() {
    isWatched = false;
    show.begin("SIGNAL LOST", 0, 0);

    int looks = goOnFor(10 * SECOND, 0);

    assertThat(seen.packets).hasSize(1);
    assertThat(looks).isLessThan(25);
  }

  @Test
  void whoComesSeesItAtOnce() {
    isWatched = false;
    show.begin("SIGNAL LOST", 0, 0);
    goOnFor(10 * SECOND, 0);

    isWatched = true;
    show.hurry(10 * SECOND + 1);
    goOnFor(1, show.nextNanos(10 * SECOND + 1));

    assertThat(seen.packets).hasSize(2);
  }
}
