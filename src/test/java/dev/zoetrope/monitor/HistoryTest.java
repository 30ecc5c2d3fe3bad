package dev.zoetrope.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final SourceId GATE = new SourceId("gate");
  private static final SourceId YARD = new SourceId("yard");

  private final History history = new History();

  private static Point point(double viewers) {
    return new Point(viewers, 10, 20, Double.NaN, Double.NaN);
  }

  @Test
  void hourHoldsTheNewestPointsOnly() {
    for (int i = 1; i <= 1000; i++) {
      history.add(Map.of(GATE, point(i)), Instant.EPOCH.plusSeconds(10L * i));
    }

    Hour hour = history.of(GATE).orElseThrow();
    assertThat(hour.points()).hasSize(360);
    assertThat(hour.points().get(0).viewers()).isEqualTo(641);
    assertThat(hour.points().get(359).viewers()).isEqualTo(1000);
    assertThat(hour.from()).isEqualTo(Instant.EPOCH.plusSeconds(6400));
  }

  @Test
  void sumLeavesOutWhatIsUnknown() {
    history.add(Map.of(GATE, point(2), YARD, Point.UNKNOWN), Instant.EPOCH);
    history.add(Map.of(GATE, point(2), YARD, point(3)), Instant.EPOCH.plusSeconds(10));

    assertThat(history.sum().points().get(0)).isEqualTo(point(2));
    assertThat(history.sum().points().get(1).viewers()).isEqualTo(5);
    assertThat(history.sum().points().get(1).bytesOut()).isEqualTo(40);
    assertThat(history.sum().points().get(1).fps()).isNaN();
  }

  @Test
  void sourceThatCameLaterHasNoPast() {
    history.add(Map.of(GATE, point(1)), Instant.EPOCH);
    history.add(Map.of(GATE, point(1), YARD, point(2)), Instant.EPOCH.plusSeconds(10));

    Hour yard = history.of(YARD).orElseThrow();
    assertThat(yard.points()).containsExactly(Point.UNKNOWN, point(2));
    assertThat(history.of(new SourceId("other"))).isEmpty();
  }
}
