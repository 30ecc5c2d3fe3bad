package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.KeyGuesses;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
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
  private static final String MALLORY = "192.0.2.1";

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Timeline timeline = new Timeline(Optional.empty(), timer);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private WrongKeys keys(Duration between) {
    return new WrongKeys(
        new SourceId("gate"), new KeyGuesses(() -> 0), timeline, timer, () -> 5_000_000, between);
  }

  private List<String> texts() {
    return timeline.incidents().stream().map(Incident::text).toList();
  }

  @Test
  void firstIsToldAtOnceAndTheRestIsOnlyCounted() {
    WrongKeys keys = keys(Duration.ofHours(1));

    for (int i = 0; i < 1000; i++) {
      keys.wrong(MALLORY);
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
  void onlyWhoGuessedHasToWait() {
    WrongKeys keys = keys(Duration.ofHours(1));

    keys.refused();
    assertThat(keys.patience(MALLORY)).isZero();
    keys.wrong(MALLORY);

    assertThat(keys.patience(MALLORY)).isEqualTo(Duration.ofSeconds(1));
    assertThat(keys.patience("192.0.2.2")).isZero();
    assertThat(keys.count()).isEqualTo(2);
  }

  @Test
  void thoseInBetweenAreToldTogetherAndThenItIsQuiet() {
    WrongKeys keys = keys(Duration.ofMillis(200));

    keys.wrong(MALLORY);
    keys.wrong(MALLORY);
    keys.wrong(MALLORY);

    Awaitility.await("the rest").atMost(LIMIT).until(() -> texts().size() == 2);
    assertThat(texts().get(1)).isEqualTo("2 publishers with a wrong key, or without one");
    Awaitility.await("rest").atMost(LIMIT).until(() -> timer.getQueue().isEmpty());
    assertThat(texts()).hasSize(2);
    assertThat(keys.count()).isEqualTo(3);
  }
}
