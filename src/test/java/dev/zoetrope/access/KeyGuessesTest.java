package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyGuessesTest {
  private static final String MALLORY = "192.0.2.1";
  private static final String ALICE = "192.0.2.2";

  private final TestClock clock = new TestClock();
  private final KeyGuesses guesses = new KeyGuesses(clock::nanos);

  @Test
  void wrongKeysCostMoreAndMoreTime() {
    guesses.wrong("gate", MALLORY);
    clock.pass(Duration.ofSeconds(1));
    assertThat(guesses.patience("gate", MALLORY)).isZero();

    guesses.wrong("gate", MALLORY);

    assertThat(guesses.patience("gate", MALLORY)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void nobodyElseWaitsForThem() {
    for (int i = 0; i < 10; i++) {
      guesses.wrong("gate", MALLORY);
    }

    assertThat(guesses.patience("gate", ALICE)).isZero();
    assertThat(guesses.patience("yard", MALLORY)).isZero();
  }

  @Test
  void networkOfIpv6IsOneGuesser() {
    guesses.wrong("gate", "2001:db8:1:2::1");

    assertThat(guesses.patience("gate", "2001:db8:1:2:ffff::9")).isPositive();
    assertThat(guesses.patience("gate", "2001:db8:1:3::1")).isZero();
  }
}
