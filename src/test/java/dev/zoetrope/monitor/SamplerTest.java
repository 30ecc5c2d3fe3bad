package dev.zoetrope.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Format;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final SourceId GATE = new SourceId("gate");

  private final List<Reading> readings = new ArrayList<>();
  private final Map<String, Long> cpuNanos = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final History history = new History();
  private final Sampler sampler = new Sampler(() -> readings, this::cpu, history, 0);
  private long second;

  private Map<String, Long> cpu(Predicate<String> isWanted) {
    Map<String, Long> some = new HashMap<>();
    cpuNanos.forEach(
        (id, nanos) -> {
          if (isWanted.test(id)) {
            asked.add(id);
            some.put(id, nanos);
          }
        });
    return some;
  }

  private void tick() {
    second++;
    sampler.tick(TimeUnit.SECONDS.toNanos(second), Instant.EPOCH.plusSeconds(second));
  }

  /** For so many seconds, 100 kB come in and 200 kB go out in each, with 25 pictures. */
  private void goOn(int seconds) {
    for (int i = 0; i < seconds; i++) {
      readings.clear();
      long now = second + 1;
      readings.add(TestReadings.live("gate", 100_000 * now, 200_000 * now, 25 * now));
      tick();
    }
  }

  @Test
  void countersBecomeRates() {
    goOn(1);
    Sample first = sampler.samples().get(0);
    goOn(3);

    Sample later = sampler.samples().get(0);
    assertThat(first.bytesIn()).isNaN();
    assertThat(later.bytesIn()).isEqualTo(100_000);
    assertThat(later.bytesOut()).isEqualTo(200_000);
    assertThat(later.fps()).isEqualTo(25);
    assertThat(later.viewers()).isEqualTo(1);
    assertThat(later.ways()).isEqualTo(Map.of(Format.MJPEG, 1));
    assertThat(later.state()).isEqualTo("live");
  }

  @Test
  void steadySourceStaysEqualAndOneThatStopsDoesNot() {
    goOn(7);
    Sample before = sampler.samples().get(0);
    goOn(1);
    Sample same = sampler.samples().get(0);
    for (int i = 0; i < 6; i++) {
      tick(); // with the counters of before
    }

    assertThat(same).isEqualTo(before);
    assertThat(sampler.samples().get(0).fps()).isZero();
  }

  @Test
  void processesAreAskedByTurnsAndEndsAreNoJumps() {
    cpuNanos.put("gate", 0L);
    goOn(5);
    assertThat(asked).containsExactly("gate");
    cpuNanos.put("gate", TimeUnit.MILLISECONDS.toNanos(2_500)); // in 5 s
    goOn(5);
    assertThat(sampler.samples().get(0).cpu()).isEqualTo(50);

    cpuNanos.put("gate", 0L); // another process
    goOn(5);
    assertThat(sampler.samples().get(0).cpu()).isEqualTo(50);
    cpuNanos.remove("gate");
    goOn(5);

    assertThat(sampler.samples().get(0).cpu()).isNaN();
  }

  @Test
  void everyTenSecondsThereIsAPoint() {
    goOn(9);
    assertThat(history.sum().points()).isEmpty();
    goOn(21);

    Hour hour = history.of(GATE).orElseThrow();
    assertThat(hour.points()).hasSize(3);
    assertThat(hour.from()).isEqualTo(Instant.EPOCH);
    assertThat(hour.points().get(2).bytesIn()).isEqualTo(100_000);
    assertThat(hour.points().get(2).fps()).isEqualTo(25);
    assertThat(hour.points().get(2).viewers()).isEqualTo(1);
  }

  @Test
  void timeWithoutTicksIsUnknown() {
    goOn(10);
    second += 30;
    goOn(1);

    List<Point> points = history.sum().points();
    assertThat(points).hasSize(4);
    assertThat(points.get(1)).isEqualTo(Point.UNKNOWN);
    assertThat(points.get(3).bytesIn()).isEqualTo(100_000);
  }

  @Test
  void sourceThatIsGoneIsForgotten() {
    goOn(10);
    readings.clear();
    for (int i = 0; i < 10; i++) {
      tick();
    }

    assertThat(sampler.samples()).isEmpty();
    assertThat(history.of(GATE)).isEmpty();
    assertThat(history.sum().points().get(0).fps()).isPositive();
  }
}
