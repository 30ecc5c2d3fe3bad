package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final double NO_JITTER = 1 - 1e-12;

  private static List<Long> nextMillis(Backoff backoff, int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toMillis).toList();
  }

  @Test
  void waitsDoubleUpToAMinute() {
    Backoff backoff = new Backoff(() -> NO_JITTER);

    assertThat(nextMillis(backoff, 9))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 60000L, 60000L, 60000L);
  }

  @Test
  void chanceMakesAWaitShorterDownToAHalf() {
    Backoff shortest = new Backoff(() -> 0);

    assertThat(nextMillis(shortest, 7)).startsWith(500L, 1000L).endsWith(16000L, 30000L);
  }

  @Test
  void afterASuccessTheFirstWaitComesAgain() {
    Backoff backoff = new Backoff(() -> NO_JITTER);
    nextMillis(backoff, 5);

    backoff.reset();

    assertThat(nextMillis(backoff, 2)).containsExactly(1000L, 2000L);
  }

  @Test
  void whatWasWellIsTriedAlmostAtOnceAndThenAsEverythingElse() {
    Backoff backoff = new Backoff(() -> NO_JITTER);

    assertThat(Stream.generate(backoff::afterItWorked).limit(3).map(Duration::toMillis).toList())
        .containsExactly(200L, 1000L, 2000L);
    backoff.reset();
    assertThat(backoff.afterItWorked()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void whatFailedToBeginIsNotTriedAtOnceWhenItBegins() {
    Backoff backoff = new Backoff(() -> NO_JITTER);
    nextMillis(backoff, 1);

    assertThat(backoff.afterItWorked()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatNeedsAHandIsTriedRarelyFromThenOn() {
    Backoff backoff = new Backoff(() -> NO_JITTER);

    assertThat(backoff.longest()).isEqualTo(Duration.ofMinutes(1));
    assertThat(nextMillis(backoff, 1)).containsExactly(60000L);
  }
}
