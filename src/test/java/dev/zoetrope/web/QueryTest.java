package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.format.Fmp4Framing;
import dev.zoetrope.format.TsFraming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueryTest {
  private static final List<String> CHOICES = List.of("ts", "jsmp");

  @Test
  void missingNameIsTheUsualChoice() throws OutcomeException {
    assertThat(query(Map.of()).choice("framing", "ts", CHOICES)).isEqualTo("ts");
  }

  @Test
  void wrongChoiceIsAnsweredByTheRightOnes() {
    Query query = query(Map.of("framing", "avi\r\nX: y"));

    assertThatThrownBy(() -> query.choice("framing", "ts", CHOICES))
        .isInstanceOfSatisfying(
            OutcomeException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.BAD_REQUEST))
        .hasMessage("framing: expected ts or jsmp, got \"avi??X: y\"");
  }

  @Test
  void whatIsSaidBackIsShort() {
    assertThat(Query.clean("x".repeat(10_000))).hasSize(43).endsWith("...");
  }

  @Test
  void queryChoosesTheFraming() throws OutcomeException {
    assertThat(Way.FMP4.framing(query(Map.of("tracks", "video")), "")).isEqualTo(Fmp4Framing.VIDEO);
    assertThat(Way.MPEG1.framing(query(Map.of("framing", "jsmp")), "")).isEqualTo(TsFraming.JSMP);
    assertThat(Way.MPEG1.framing(query(Map.of("other", "jsmp")), "")).isEqualTo(TsFraming.PLAIN);
  }

  private static Query query(Map<String, String> values) {
    return name -> Optional.ofNullable(values.get(name));
  }
}
