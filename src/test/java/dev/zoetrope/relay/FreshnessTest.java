package dev.zoetrope.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final long BEGIN = Long.MAX_VALUE - 1_000_000_000L; // it may wrap around

  private final Freshness freshness = new Freshness();

  private void heard(long ageMillis, long atMillis) {
    freshness.heard(
        TimeUnit.MILLISECONDS.toMicros(ageMillis), BEGIN + TimeUnit.MILLISECONDS.toNanos(atMillis));
  }

  private long millis(long atMillis) {
    return freshness.micros(BEGIN + TimeUnit.MILLISECONDS.toNanos(atMillis)) / 1000;
  }

  @Test
  void youngestOfASecondCounts() {
    heard(2000, 0); // behind a join point, all at once
    heard(1000, 1);
    heard(12, 2);
    heard(30, 500);
    assertThat(freshness.micros(BEGIN)).as("not a second yet").isEqualTo(-1);
    heard(700, 1000);
    assertThat(millis(1000)).isEqualTo(12);
    heard(650, 1500);
    heard(800, 2000);
    assertThat(millis(2000)).isEqualTo(650);
  }

  @Test
  void whatCameLongAgoSaysNothing() {
    heard(10, 0);
    heard(10, 1000);
    assertThat(millis(3900)).isEqualTo(10);
    assertThat(freshness.micros(BEGIN + TimeUnit.SECONDS.toNanos(4))).isEqualTo(-1);
    heard(20, 60_000);
    assertThat(freshness.micros(BEGIN + TimeUnit.SECONDS.toNanos(60))).isEqualTo(-1);
    heard(20, 61_000);
    assertThat(millis(61_000)).isEqualTo(20);
  }

  @Test
  void clocksThatDisagreeMakeNoNegativeAge() {
    heard(-5, 0);
    heard(-5, 1000);
    assertThat(millis(1000)).isZero();
  }
}
