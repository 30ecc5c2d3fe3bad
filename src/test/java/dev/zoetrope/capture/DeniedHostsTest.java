package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedHostsTest {
  private final DeniedHosts usual = DeniedHosts.usual();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.0",
        "169.254.255.255",
        "100.100.100.200",
        "2852039166", // 169.254.169.254 as one number
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", // the same behind a translator
        "::169.254.169.254",
        "fe80::1",
        "febf:ffff::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "168.63.129.16"
      })
  void linkLocalAndMetadataAreDeniedByDefault(String address) throws Exception {
    assertThat(usual.ofAddress(InetAddress.getByName(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "192.168.1.20",
        "172.16.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "100.100.100.201",
        "fec0::1",
        "fd00:ec2::253",
        "0.0.0.0",
        "239.1.2.3",
        "203.0.113.9"
      })
  void camerasOfPrivateNetworksAreNot(String address) throws Exception {
    assertThat(usual.ofAddress(InetAddress.getByName(address))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata.google.internal",
        "METADATA.google.internal",
        "metadata.google.internal.",
        "0251.0376.0251.0376",
        "169.0254.1.1"
      })
  void namesAreDeniedHoweverTheyAreWritten(String name) {
    assertThat(usual.ofName(name)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"camera", "google.internal", "0camera.example", "10.0.0.1", "[fe80::1]"})
  void otherNamesAreLookedUp(String name) {
    assertThat(usual.ofName(name)).isEmpty();
  }

  @Test
  void blocksEndWithinAByteToo() throws Exception {
    DeniedHosts hosts = DeniedHosts.of(List.of("10.0.0.0/9", "2001:db8::/33", "0.0.0.0/32"));

    assertThat(hosts.ofAddress(InetAddress.getByName("10.127.255.255"))).contains("10.0.0.0/9");
    assertThat(hosts.ofAddress(InetAddress.getByName("10.128.0.0"))).isEmpty();
    assertThat(hosts.ofAddress(InetAddress.getByName("2001:db8:7fff::"))).isPresent();
    assertThat(hosts.ofAddress(InetAddress.getByName("2001:db8:8000::"))).isEmpty();
    assertThat(hosts.ofAddress(InetAddress.getByName("0.0.0.1"))).isEmpty();
    assertThat(DeniedHosts.of(List.of("0.0.0.0/0")).ofAddress(InetAddress.getByName("1.2.3.4")))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4/33",
        "1.2.3.4/",
        "1.2.3.4/x",
        "01.2.3.4",
        "300.1.1.1",
        "fe80::/129",
        "1:2",
        "a b",
        "http://a",
        "a/8",
        "a..b",
        "fe80::1%eth0"
      })
  void whatIsNoneOfTheseIsSaid(String text) {
    assertThatThrownBy(() -> DeniedHosts.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a block of addresses such as 169.254.0.0/16");
  }
}
