package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceSettingsTest {
  private static final Rendition GIF = Rendition.defaultOf(Format.GIF);

  @Test
  void twoRenditionsOfOneNameAreRefused() {
    assertThatThrownBy(() -> settings("Gate", Duration.ZERO, List.of(GIF, GIF)))
        .hasMessage("source gate: two renditions named gif");
  }

  @Test
  void negativeLingerIsRefused() {
    assertThatThrownBy(() -> settings("Gate", Duration.ofMillis(-1), List.of(GIF)))
        .hasMessageContaining("linger must be zero to");
  }

  @Test
  void titleOfSeveralLinesIsRefused() {
    assertThatThrownBy(() -> settings("Gate\nGarden", Duration.ZERO, List.of(GIF)))
        .hasMessageContaining("title must have 1 to 120");
  }

  private static SourceSettings settings(
      String title, Duration linger, List<Rendition> renditions) {
    return new SourceSettings(
        new SourceId("gate"),
        title,
        new Source.TestPattern(640, 360, 25),
        false,
        linger,
        renditions,
        CaptureSettings.DEFAULT);
  }
}
