package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static List<Long> nextMillis(Backoff backoff, int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toMillis).toList();
  }

  @Test
  void waitsDoubleUpToAMinute() {
    Backoff backoff = new Backoff(() -> 0.5);

    assertThat(nextMillis(backoff, 9))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 60000L, 60000L, 60000L);
  }

  @Test
  void chanceMakesAWaitAFifthShorterOrLongerButNeverOverAMinute() {
    Backoff shortest = new Backoff(() -> 0);
    Backoff longest = new Backoff(() -> 1 - 1e-12);

    assertThat(nextMillis(shortest, 7)).startsWith(800L, 1600L).endsWith(25600L, 48000L);
    assertThat(nextMillis(longest, 7)).startsWith(1200L, 2400L).endsWith(38400L, 60000L);
  }

  @Test
  void afterASuccessTheFirstWaitComesAgain() {
    Backoff backoff = new Backoff(() -> 0.5);
    nextMillis(backoff, 5);

    backoff.reset();

    assertThat(nextMillis(backoff, 2)).containsExactly(1000L, 2000L);
  }

  @Test
  void whatNeedsAHandIsTriedRarelyFromThenOn() {
    Backoff backoff = new Backoff(() -> 0.5);

    assertThat(backoff.longest()).isEqualTo(Duration.ofMinutes(1));
    assertThat(nextMillis(backoff, 1)).containsExactly(60000L);
  }
}
