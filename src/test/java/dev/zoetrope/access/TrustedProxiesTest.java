package dev.zoetrope.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies = TrustedProxies.of("127.0.0.1, 10.0.0.0/9,fd00::/8");

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.0.0.2, false",
    "10.127.255.255, true",
    "10.128.0.0, false",
    "fd12::1, true",
    "fe80::1, false",
    "::ffff:127.0.0.1, true", // IPv4 as some systems write it
    "localhost, false",
    "'', false"
  })
  void addressIsBelievedIfABlockHasIt(String address, boolean expected) {
    assertThat(proxies.believes(address)).isEqualTo(expected);
  }

  @Test
  void lastAddressThatIsNoProxysIsTheClients() {
    assertThat(proxies.client("127.0.0.1", List.of("203.0.113.9"))).isEqualTo("203.0.113.9");
    assertThat(proxies.client("127.0.0.1", List.of("198.51.100.1, 203.0.113.9", "10.1.1.1")))
        .isEqualTo("203.0.113.9");
    assertThat(proxies.client("203.0.113.9", List.of("198.51.100.1"))).isEqualTo("203.0.113.9");
    assertThat(proxies.client("127.0.0.1", List.of("10.2.2.2, 10.1.1.1"))).isEqualTo("10.2.2.2");
    assertThat(proxies.client("127.0.0.1", List.of())).isEqualTo("127.0.0.1");
    assertThat(TrustedProxies.NONE.client("127.0.0.1", List.of("203.0.113.9")))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void portsAreLeftOutAndInventionsEndTheWay() {
    assertThat(proxies.client("127.0.0.1", List.of("203.0.113.9:4711"))).isEqualTo("203.0.113.9");
    assertThat(proxies.client("127.0.0.1", List.of("[2001:db8::7]:4711"))).isEqualTo("2001:db8::7");
    assertThat(proxies.client("127.0.0.1", List.of("2001:db8::7"))).isEqualTo("2001:db8::7");
    assertThat(proxies.client("127.0.0.1", List.of("203.0.113.9, unknown"))).isEqualTo("127.0.0.1");
    assertThat(proxies.client("127.0.0.1", List.of("evil.example"))).isEqualTo("127.0.0.1");
    assertThat(proxies.client("127.0.0.1", List.of("999.1.1.1, ", "[", "1.2.3")))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy.example",
        "10.0.0.0/33",
        "::1/129",
        "10.0.0/8",
        "127.0.0.1,",
        "1.2.3.4/-1"
      })
  void whatIsNoListOfAddressesIsRefused(String text) {
    assertThatThrownBy(() -> TrustedProxies.of(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
