package dev.zoetrope.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IncidentsTest {
  private static final SourceId GATE = new SourceId("gate");

  private final Incidents incidents = new Incidents(1000);

  private void happened(String text) {
    incidents.add(GATE, new Incident(Instant.EPOCH, Incident.Kind.LOST, text));
  }

  @Test
  void whoKnowsOneIsToldTheLaterOnes() {
    happened("a");
    happened("b");
    happened("c");

    assertThat(incidents.last()).isEqualTo(1003);
    assertThat(incidents.after(1001))
        .extracting(one -> one.incident().text())
        .containsExactly("b", "c");
    assertThat(incidents.after(1003)).isEmpty();
  }

  @Test
  void whoKnowsOneOfAnotherTimeIsToldAll() {
    happened("a");

    assertThat(incidents.after(5)).hasSize(1);
    assertThat(incidents.after(9999)).hasSize(1);
  }

  @Test
  void onlyTheLastAreKept() {
    for (int i = 0; i < 500; i++) {
      happened("n" + i);
    }

    assertThat(incidents.after(0)).hasSize(Incidents.MOST);
    assertThat(incidents.after(0).get(0).incident().text()).isEqualTo("n300");
  }
}
