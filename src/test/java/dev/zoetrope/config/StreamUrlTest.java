package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtmp://127.0.0.1/live/gate",
        "rtmps://example.org/live/gate",
        "rtsp://user:p%40ss@camera:554/stream?channel=1&subtype=0",
        "rtsps://[fe80::1]/a",
        "http://camera.local:8080/video.mjpg?token=abc",
        "HTTPS://example.org/live.m3u8",
        "srt://0.0.0.0:9000?mode=listener",
        "udp://239.0.0.1:1234"
      })
  void addressesOfStreamsAreTaken(String text) throws WrongValue {
    Source.Url url = StreamUrl.read(text);

    assertThat(url.uri()).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://user:secret@camera:554/a?token=secret, rtsp://camera:554/a",
    "rtsp://user:sec@ret@camera/a, rtsp://…",
    "rtsp://user:sec/ret@camera/a, rtsp://…",
    "rtsp://user:12/secret@camera/a, rtsp://…",
    "rtsp://user:sec ret@camera/a, rtsp://…",
    "rtsp://user:sec%ret@camera/a, rtsp://…",
    "user:secret@camera, …",
    "camera/a?token=secret, …",
    "front-gate, front-gate",
    "//user:secret@camera/a, …"
  })
  void noPasswordIsEverShown(String text, String shown) {
    String masked = StreamUrl.masked(text);

    assertThat(masked).doesNotContain("secret").isEqualTo(shown);
  }

  @Test
  void lineThatHoldsAnAddressIsMaskedWhateverItsKey() {
    assertThat(Shown.value("title", "see rtsp://u:secret@camera/")).isEqualTo("…");
    assertThat(Shown.value("password", "secret")).isEqualTo("…");
    assertThat(Shown.value("title", "two\nlines " + "x".repeat(100)))
        .hasSize(61)
        .doesNotContain("\n");
  }
}
