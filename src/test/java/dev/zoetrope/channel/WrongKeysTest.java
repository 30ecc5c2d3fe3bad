package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WrongKeysTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Timeline timeline = new Timeline(Optional.empty(), timer);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private WrongKeys keys(Duration between) {
    return new WrongKeys(timeline, timer, () -> 5_000_000, between);
  }

  private List<String> texts() {
    return timeline.incidents().stream().map(Incident::text).toList();
  }

  @Test
  void firstIsToldAtOnceAndTheRestIsOnlyCounted() {
    WrongKeys keys = keys(Duration.ofHours(1));

    for (int i = 0; i < 1000; i++) {
      keys.add();
    }

    assertThat(keys.count()).isEqualTo(1000);
    assertThat(timeline.incidents())
        .containsExactly(
            new Incident(
                Instant.ofEpochSecond(5),
                Incident.Kind.REFUSED,
                "a publisher with a wrong key, or without one"));
  }

  @Test
  void thoseInBetweenAreToldTogetherAndThenItIsQuiet() {
    WrongKeys keys = keys(Duration.ofMillis(200));

    keys.add();
    keys.add();
    keys.add();

    Awaitility.await("the rest").atMost(LIMIT).until(() -> texts().size() == 2);
    assertThat(texts().get(1)).isEqualTo("2 publishers with a wrong key, or without one");
    Awaitility.await("rest").atMost(LIMIT).until(() -> timer.getQueue().isEmpty());
    assertThat(texts()).hasSize(2);
    assertThat(keys.count()).isEqualTo(3);
  }
}
