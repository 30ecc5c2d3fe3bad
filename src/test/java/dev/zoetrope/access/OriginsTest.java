package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
  private static Visitor visitor(String origin, String host) {
    Visitor nobody = Asking.stranger();
    return new Visitor(
        nobody.authorization(),
        nobody.session(),
        nobody.link(),
        nobody.principal(),
        nobody.isInRole(),
        nobody.address(),
        Optional.ofNullable(origin),
        Optional.ofNullable(host));
  }

  @ParameterizedTest
  @CsvSource({
    "http://cam.example:8080,  cam.example:8080, true",
    "https://cam.example,      cam.example,      true",
    "https://cam.example,      cam.example:443,  true",
    "https://CAM.example,      cam.EXAMPLE,      true",
    "http://[::1]:8080,        '[::1]:8080',     true",
    ",                         cam.example,      true",
    "http://cam.example:8080,  cam.example:8081, false",
    "https://cam.example:8443, cam.example,      false",
    "http://evil.example,      cam.example,      false",
    "http://cam.example.evil,  cam.example,      false",
    "http://evil@cam.example,  evil,             false",
    "null,                     cam.example,      false",
    "'',                       cam.example,      false",
    "http://a b,               a b,              false",
    "http://cam.example,       ,                 false",
  })
  void ownOriginIsThatOfTheHost(String origin, String host, boolean isOwn) {
    assertThat(Origins.isOwn(visitor(origin, host))).isEqualTo(isOwn);
  }

  @Test
  void allowedPagesMayAsWell() {
    Visitor friend = visitor("https://home.example", "cam.example");

    assertThat(Origins.isOwnOrOneOf(friend, List.of("https://home.example"))).isTrue();
    assertThat(Origins.isOwnOrOneOf(friend, List.of("https://home.example.org"))).isFalse();
    assertThat(Origins.isOwnOrOneOf(friend, List.of())).isFalse();
  }
}
