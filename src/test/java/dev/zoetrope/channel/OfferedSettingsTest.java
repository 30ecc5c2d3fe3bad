package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Offer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source of another node, as that offers it. */
class OfferedSettingsTest {
  private static final Rendition SMALL =
      new Rendition("small", Format.MJPEG, 160, 0, 5, 0, 0, Encode.AUTO);

  private static SourceSettings wanted(String title, Protection protection, Format... formats) {
    return new SourceSettings(
            new SourceId("gate"),
            title,
            new Source.TestPattern(640, 360, 25),
            false,
            Duration.ZERO,
            List.of(formats).stream().map(Rendition::defaultOf).toList(),
            CaptureSettings.DEFAULT)
        .withAudience(new Audience(protection, Set.of("https://shop.example")));
  }

  private static Offer offer(String access, Rendition... renditions) {
    return new Offer(
        new SourceId("gate"),
        "The gate",
        List.of("n-1"),
        "live",
        true,
        access,
        List.of(renditions));
  }

  @Test
  void hasTheRenditionsOfTheOriginInItsOwnFormats() {
    SourceSettings settings =
        wanted("gate", Protection.PUBLIC, Format.MJPEG, Format.FMP4)
            .asOffered(offer("public", SMALL, Rendition.defaultOf(Format.GIF)));

    assertThat(settings.renditions()).containsExactly(SMALL);
  }

  @Test
  void hasTheTitleOfTheOriginUnlessThereIsAnother() {
    assertThat(wanted("gate", Protection.PUBLIC).asOffered(offer("public")).title())
        .isEqualTo("The gate");
    assertThat(wanted("Mine", Protection.PUBLIC).asOffered(offer("public")).title())
        .isEqualTo("Mine");
  }

  @ParameterizedTest(name = "{0} here, {1} there: {2}")
  @CsvSource({
    "PUBLIC, public, PUBLIC",
    "PUBLIC, signed-in, SIGNED_IN",
    "PUBLIC, link, LINK",
    "SIGNED_IN, public, SIGNED_IN",
    "LINK, signed-in, LINK",
    "PUBLIC, something new, LINK",
  })
  void isForNobodyWhomItIsNotForThere(Protection here, String there, Protection expected) {
    Audience audience = wanted("gate", here).asOffered(offer(there)).audience();

    assertThat(audience.protection()).isEqualTo(expected);
    assertThat(audience.origins()).containsExactly("https://shop.example");
  }
}
