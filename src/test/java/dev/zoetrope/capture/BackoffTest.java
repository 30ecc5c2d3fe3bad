package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff();

  private List<Long> nextSeconds(int count) {
    return Stream.generate(backoff::next).limit(count).map(Duration::toSeconds).toList();
  }

  @Test
  void waitsDoubleUpToAMinute() {
    assertThat(nextSeconds(9)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }

  @Test
  void afterASuccessTheFirstWaitComesAgain() {
    nextSeconds(5);

    backoff.reset();

    assertThat(nextSeconds(2)).containsExactly(1L, 2L);
  }
}
