package dev.zoetrope.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private final AtomicLong clock = new AtomicLong();
  private final Refusals refusals = new Refusals(clock::get);

  @Test
  void repeatedReasonIsSaidOnceAMinuteWithItsCount() {
    assertThat(refusals.isToBeSaid("10.0.0.1", "wrong key")).hasValue(0);
    assertThat(refusals.isToBeSaid("10.0.0.1", "wrong key")).isEmpty();
    assertThat(refusals.isToBeSaid("10.0.0.1", "wrong key")).isEmpty();

    clock.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(refusals.isToBeSaid("10.0.0.1", "wrong key")).hasValue(2);
  }

  @Test
  void otherPeersAndOtherReasonsAreSaid() {
    assertThat(refusals.isToBeSaid("10.0.0.1", "wrong key")).isPresent();

    assertThat(refusals.isToBeSaid("10.0.0.2", "wrong key")).isPresent();
    assertThat(refusals.isToBeSaid("10.0.0.1", "occupied")).isPresent();
  }

  @Test
  void manyPeersAreForgotten() {
    for (int i = 0; i < 1000; i++) {
      refusals.isToBeSaid("peer " + i, "wrong key");
    }

    assertThat(refusals.isToBeSaid("peer 0", "wrong key")).isPresent();
    assertThat(refusals.isToBeSaid("peer 999", "wrong key")).isEmpty();
  }
}
