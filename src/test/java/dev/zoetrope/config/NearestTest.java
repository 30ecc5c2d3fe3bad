package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "width, width, 0",
    "widht, width, 1",
    "widh, width, 1",
    "widtth, width, 1",
    "wedth, width, 1",
    "'', fps, 3",
    "kitten, sitting, 3",
    "ca, abc, 3"
  })
  void editsAreInsertionsDeletionsReplacementsAndSwaps(String a, String b, int edits) {
    assertThat(Nearest.edits(a, b)).isEqualTo(edits);
    assertThat(Nearest.edits(b, a)).isEqualTo(edits);
  }

  @Test
  void nearestOfSeveralNearOnesIsFound() {
    assertThat(Nearest.to("mpeg", List.of("mjpeg", "mpeg1", "gif"))).contains("mjpeg");
    assertThat(Nearest.to("KEEPRUNNING", List.of("keepRunning"))).contains("keepRunning");
  }

  @Test
  void shortWordsAreNotNearToEverything() {
    assertThat(Nearest.to("abc", List.of("fps", "url", "gif"))).isEmpty();
    assertThat(Nearest.to("x".repeat(100_000), List.of("width"))).isEmpty();
  }
}
