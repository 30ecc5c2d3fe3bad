package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.Protection;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import dev.zoetrope.relay.Offer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
        List.of(renditions),
        true);
  }

  /** From an origin that may have anything. */
  private static SourceSettings ofPackets(SourceSettings settings) {
    Origin origin = new Origin(URI.create("http://a"), new Secret("k3y"), new Origin.Trust.Usual());
    return new SourceSettings(
        settings.id(),
        settings.title(),
        new Source.Relay(
            List.of(origin), Optional.of(settings.id()), "", Source.Relay.Form.PACKETS),
        settings.keepRunning(),
        settings.linger(),
        settings.renditions(),
        settings.capture(),
        settings.enabled(),
        settings.audience());
  }

  @Test
  void hasItsOwnRenditionsWherePacketsAreTaken() {
    SourceSettings settings =
        ofPackets(wanted("gate", Protection.PUBLIC, Format.GIF))
            .asOffered(offer("link", SMALL, Rendition.defaultOf(Format.MJPEG)));

    assertThat(settings.renditions()).containsExactly(Rendition.defaultOf(Format.GIF));
    assertThat(settings.title()).isEqualTo("The gate");
    assertThat(settings.audience().protection()).isEqualTo(Protection.LINK);
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
