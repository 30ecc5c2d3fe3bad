package dev.zoetrope.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080/watch/gate, localhost:8080, http://localhost:8080/",
    "http://cam.example/embed/gate, cam.example, http://cam.example/",
    "http://cam.example:80/watch/gate, cam.example, http://cam.example:80/",
    "https://cam.example/watch/gate, CAM.example:443, https://cam.example/",
    "https://cam.example/watch/gate/, cam.example, https://cam.example/",
    "https://cam.example/cams/zoetrope/watch/gate#mjpeg, cam.example, https://cam.example/cams/zoetrope/",
    "http://[::1]:8080/watch/gate, [::1]:8080, http://[::1]:8080/",
  })
  void pageOfOursIsKnownByItsAddress(String address, String host, String base) {
    PageAddress page = PageAddress.of(address, host).orElseThrow();

    assertThat(page.base()).isEqualTo(base);
    assertThat(page.id()).hasToString("gate");
    assertThat(page.embed()).isEqualTo(base + "embed/gate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gate",
        "/watch/gate",
        "//cam.example/watch/gate",
        "http://other.example/watch/gate",
        "http://cam.example:8080/watch/gate",
        "https://cam.example:80/watch/gate",
        "http://cam.example/",
        "http://cam.example/watch/",
        "http://cam.example/live/gate",
        "http://cam.example/watch/GATE",
        "http://cam.example/watch/gate/more",
        "http://cam.example/watch/%67ate",
        "http://cam.example/a'b/watch/gate",
        "http://cam.example/a&b/watch/gate",
        "http://cam.example/<b>/watch/gate",
        "http://cam.example/watch/gate?link=%zz",
        "ftp://cam.example/watch/gate",
        "http:watch/gate",
        "javascript:alert(1)//cam.example/watch/gate",
      })
  void otherAddressesAreNoneOfOurs(String address) {
    assertThat(PageAddress.of(address, "cam.example")).isEmpty();
  }

  @Test
  void addressOfAnyLengthIsRefusedEarly() {
    String address = "http://cam.example/watch/gate?x=" + "y".repeat(PageAddress.MOST_CHARACTERS);

    assertThat(PageAddress.of(address, "cam.example")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cam example", "cam.example:port"})
  void withoutAHostNothingIsOurs(String host) {
    assertThat(PageAddress.of("http://cam.example/watch/gate", host)).isEmpty();
  }

  @Test
  void linkGoesOnAndNothingElseOfTheQuery() {
    PageAddress page =
        PageAddress.of("http://h/watch/gate?a=b&link=x%22%3E%26y&muted=false", "h").orElseThrow();

    assertThat(page.link()).isEqualTo(Optional.of("x\">&y"));
    assertThat(page.embed()).isEqualTo("http://h/embed/gate?link=x%22%3E%26y");
    assertThat(page.still()).isEqualTo("http://h/live/gate.jpg?link=x%22%3E%26y");
    assertThat(page.oembed())
        .isEqualTo("http://h/oembed?url=http%3A%2F%2Fh%2Fwatch%2Fgate%3Flink%3Dx%2522%253E%2526y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://h/watch/gate", "http://h/watch/gate?link=", "http://h/watch/gate?x"})
  void withoutALinkThereIsNone(String address) {
    PageAddress page = PageAddress.of(address, "h").orElseThrow();

    assertThat(page.link()).isEmpty();
    assertThat(page.watch()).isEqualTo("http://h/watch/gate");
  }
}
