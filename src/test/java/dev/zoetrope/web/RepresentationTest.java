package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepresentationTest {
  private static Representation of(String accept) throws OutcomeException {
    return Representation.of(Accept.of(accept), false);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // image elements: Chromium, Firefox, Firefox of 2020, Safari, Safari of 2015, Edge of 2018
        "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8 | MJPEG",
        "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 | MJPEG",
        "image/webp,*/* | MJPEG",
        "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,"
            + "image/svg+xml,image/*;q=0.8,*/*;q=0.5 | MJPEG",
        "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5 | MJPEG",
        "image/png, image/svg+xml, image/*; q=0.8, */*; q=0.5 | MJPEG",
        // navigations: Chromium, Firefox and Safari
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
            + "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7 | PAGE",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,"
            + "image/svg+xml,*/*;q=0.8 | PAGE",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | PAGE",
        // Firefox's video element
        "video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5 | MP4",
        // libraries: jQuery, axios
        "application/json, text/javascript, */*; q=0.01 | STATE",
        "application/json, text/plain, */* | STATE",
        // curl, and whoever says nothing
        "*/* | STATE",
        "'' | STATE",
        "nonsense | STATE",
      })
  void clientGetsWhatItIsFor(String accept, Representation expected) throws OutcomeException {
    assertThat(of(accept)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "image/jpeg | STILL",
        "IMAGE/JPEG | STILL",
        "image/jpeg, */*;q=0.1 | STILL",
        "image/jpeg;q=0.5, image/* | MJPEG",
        "image/* | MJPEG",
        "image/*, image/jpeg;q=0 | MJPEG",
        "image/gif | GIF",
        "multipart/x-mixed-replace | MJPEG",
        "multipart/* | MJPEG",
        "video/mp4 | MP4",
        "video/mp4;codecs=\"avc1.42E01E, mp4a.40.2\" | MP4",
        "video/* | MP4",
        "video/mp2t | MPEG1",
        "video/mp4;q=0.2, video/mp2t;q=0.3 | MPEG1",
        "text/* | PAGE",
        "application/* | STATE",
        "application/json; charset=utf-8 | STATE",
        "text/html;q=0.4, application/json;q=0.5 | STATE",
        "text/html;q=0.5, application/json;q=0.5, */* | MJPEG",
        "text/html;q=0, application/json;q=0.001 | STATE",
        "*/*, application/json;q=0 | PAGE",
        "text/html , ,application/json;q = 0.9 | PAGE",
        "text/html;q=1.2.3, application/json;q=0.9 | PAGE",
      })
  void weightsAndWildcardsCountAsTheRfcSays(String accept, Representation expected)
      throws OutcomeException {
    assertThat(of(accept)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"image/png", "application/xml", "audio/*", "text/html;q=0", "*/*;q=0", "text/css"})
  void whatThereIsNotIsRefusedWithWhatThereWouldBe(String accept) {
    assertThatThrownBy(() -> of(accept))
        .isInstanceOf(OutcomeException.class)
        .hasMessage(
            "expected an Accept of application/json, text/html, multipart/x-mixed-replace,"
                + " video/mp4, image/jpeg, image/gif, video/mp2t");
  }

  @Test
  void mediaPlayerThatTakesAnythingGetsAVideo() throws OutcomeException {
    assertThat(Representation.of(Accept.of("*/*"), true)).isEqualTo(Representation.MP4);
    assertThat(Representation.of(Accept.of("image/jpeg"), true)).isEqualTo(Representation.STILL);
    assertThat(Representation.of(Accept.of("text/html,*/*"), true)).isEqualTo(Representation.PAGE);
  }

  @Test
  void longHeaderIsNotLookedAt() throws OutcomeException {
    assertThat(of("text/html," + "a/b,".repeat(1000))).isEqualTo(Representation.STATE);
  }
}
