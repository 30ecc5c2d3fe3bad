package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final List<String> MALLORY = List.of("account admin", "address 192.0.2.1");

  private final TestClock clock = new TestClock();
  private final Throttle throttle = new Throttle(clock::nanos);

  @Test
  void eachWrongTryDoublesTheDelayUpToAMinute() {
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
      throttle.wrong(MALLORY);

      assertThat(throttle.patience(MALLORY)).isEqualTo(Duration.ofSeconds(seconds));
      clock.pass(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(throttle.patience(MALLORY)).isEqualTo(Duration.ofMillis(1));
      clock.pass(Duration.ofMillis(1));
      assertThat(throttle.patience(MALLORY)).isZero();
    }
  }

  @Test
  void nameAndAddressAreSlowedEachForItself() {
    throttle.wrong(MALLORY);

    assertThat(throttle.patience(List.of("account admin", "address 192.0.2.9"))).isPositive();
    assertThat(throttle.patience(List.of("account eve", "address 192.0.2.1"))).isPositive();
    assertThat(throttle.patience(List.of("account eve", "address 192.0.2.9"))).isZero();
  }

  @Test
  void rightTryAndAQuarterOfAnHourAreForgiving() {
    for (int i = 0; i < 5; i++) {
      throttle.wrong(MALLORY);
    }

    throttle.right("account admin");
    assertThat(throttle.patience(List.of("account admin"))).isZero();
    assertThat(throttle.patience(List.of("address 192.0.2.1"))).isPositive();
    clock.pass(Duration.ofMinutes(15).plusSeconds(1));
    throttle.wrong(MALLORY);
    assertThat(throttle.patience(MALLORY)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void countlessGuessersTakeBoundedMemory() {
    for (int i = 0; i < 50_000; i++) {
      throttle.wrong(List.of("account " + i));
    }

    assertThat(throttle.size()).isEqualTo(10_000);
    assertThat(throttle.patience(List.of("account 49999"))).isPositive();
  }
}
