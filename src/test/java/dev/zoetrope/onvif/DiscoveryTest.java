package dev.zoetrope.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Execution(CONCURRENT)
class DiscoveryTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final String SCOPES =
      "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/hardware/DS-2CD2042"
          + " onvif://www.onvif.org/name/Front%20door%20%C3%B6 onvif://www.onvif.org/location/"
          + "city/Ulm onvif://www.onvif.org/location/yard";

  /** The Hikvision way: SOAP-ENV, wsadis, several scopes. */
  private static String match(String relatesTo, String endpoint, String addresses) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"
            xmlns:wsadis="http://schemas.xmlsoap.org/ws/2004/08/addressing"
            xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
            xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
        <env:Header><wsadis:MessageID>urn:uuid:1</wsadis:MessageID>
        <wsadis:RelatesTo>%s</wsadis:RelatesTo></env:Header>
        <env:Body><d:ProbeMatches>%s</d:ProbeMatches></env:Body></env:Envelope>"""
        .formatted(relatesTo, device(endpoint, addresses));
  }

  private static String device(String endpoint, String addresses) {
    return """
        <d:ProbeMatch><wsadis:EndpointReference><wsadis:Address>%s</wsadis:Address>
        </wsadis:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>
        <d:Scopes>%s</d:Scopes><d:XAddrs>%s</d:XAddrs>
        <d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch>"""
        .formatted(endpoint, SCOPES, addresses);
  }

  private static List<FoundCamera> search(Responder responder) throws Exception {
    return Discovery.ofHost(responder.address()).search(SHORT);
  }

  @Test
  void cameraIsFoundOnceAsItDescribesItself() throws Exception {
    try (Responder responder =
        Responder.saying(
            id -> match(id, "urn:uuid:cam", "http://127.0.0.1:8080/onvif/device_service"))) {

      List<FoundCamera> found = search(responder);

      assertThat(found)
          .containsExactly(
              new FoundCamera(
                  "Front door ö",
                  "DS-2CD2042",
                  "city/Ulm, yard",
                  List.of(URI.create("http://127.0.0.1:8080/onvif/device_service")),
                  InetAddress.getLoopbackAddress(),
                  "urn:uuid:cam"));
      assertThat(responder.questions())
          .hasSize(6)
          .anyMatch(question -> question.contains("dn:NetworkVideoTransmitter"))
          .anyMatch(question -> question.contains("<d:Probe></d:Probe>"))
          .anyMatch(question -> question.contains("ns/discovery/2009/01/Probe"));
    }
  }

  @Test
  void cameraThatSaysLittleIsFound() throws Exception {
    try (Responder responder =
        Responder.saying(
            id ->
                "<E xmlns:w='urn:w'><w:RelatesTo>"
                    + id
                    + "</w:RelatesTo><ProbeMatch>"
                    + "<EndpointReference><Address>urn:uuid:x</Address></EndpointReference>"
                    + "<Types>tdn:NetworkVideoTransmitter</Types></ProbeMatch></E>")) {

      List<FoundCamera> found = search(responder);

      assertThat(found).hasSize(1);
      assertThat(found.get(0).name()).isEmpty();
      assertThat(found.get(0).services()).isEmpty();
    }
  }

  @Test
  void otherDevicesAreNotCameras() throws Exception {
    try (Responder responder =
        Responder.saying(
            id ->
                "<E><RelatesTo>"
                    + id
                    + "</RelatesTo><ProbeMatch><EndpointReference>"
                    + "<Address>urn:uuid:x</Address></EndpointReference>"
                    + "<Types>wsdp:Device wprt:PrintDeviceType</Types></ProbeMatch></E>")) {

      assertThat(search(responder)).isEmpty();
    }
  }

  @Test
  void addressesOfOtherHostsAreNotTaken() throws Exception {
    String addresses =
        "http://169.254.169.254/latest file:///etc/passwd http://127.0.0.1.example.com/ "
            + "http://admin:x@127.0.0.1/ http://localhost/ https://127.0.0.1/onvif ::: "
            + "http://127.0.0.1@10.0.0.1/ gopher://127.0.0.1/";
    try (Responder responder = Responder.saying(id -> match(id, "urn:uuid:cam", addresses))) {

      List<FoundCamera> found = search(responder);

      assertThat(found).hasSize(1);
      assertThat(found.get(0).services()).containsExactly(URI.create("https://127.0.0.1/onvif"));
    }
  }

  @Test
  void answersToOthersQuestionsAreNotTaken() throws Exception {
    try (Responder responder =
        Responder.saying(
            id -> match("urn:uuid:somebody-else", "urn:uuid:cam", "http://127.0.0.1/"))) {

      assertThat(search(responder)).isEmpty();
      assertThat(responder.questions()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'http://127.0.0.1:PORT/xxe'>]><E>&e;</E>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:PORT/dtd'><E/>",
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><E>&b;</E>",
        "<E><unclosed>",
        "<DEEP>",
        "",
        "\0\1\2\3"
      })
  void brokenAnswerHarmsNeitherTheSearchNorOtherHosts(String broken) throws Exception {
    try (ServerSocket trap = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Responder responder =
            new Responder(
                id ->
                    List.of(
                        broken
                            .replace("PORT", Integer.toString(trap.getLocalPort()))
                            .replace("<DEEP>", "<a>".repeat(20_000))
                            .getBytes(StandardCharsets.UTF_8),
                        match(id, "urn:uuid:cam", "").getBytes(StandardCharsets.UTF_8)))) {

      assertThat(search(responder)).extracting(FoundCamera::endpoint).containsOnly("urn:uuid:cam");

      trap.setSoTimeout(1);
      assertThatThrownBy(trap::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void floodOfAnswersEndsAt256Cameras() throws Exception {
    try (Responder responder =
        Responder.saying(
            id ->
                match(id, "urn:uuid:first", "")
                    .replace(
                        "</d:ProbeMatches>",
                        IntStream.range(0, 400)
                            .mapToObj(
                                i ->
                                    "<d:ProbeMatch><wsadis:EndpointReference><wsadis:Address>"
                                        + i
                                        + "</wsadis:Address></wsadis:EndpointReference><d:Types>"
                                        + "NetworkVideoTransmitter</d:Types></d:ProbeMatch>")
                            .collect(Collectors.joining("", "", "</d:ProbeMatches>"))))) {

      List<FoundCamera> found = search(responder);

      assertThat(found).hasSize(256);
      assertThat(found.get(0).endpoint()).isEqualTo("urn:uuid:first");
    }
  }

  @Test
  void nothingIsFoundWhereNobodyAnswers() throws Exception {
    try (Responder responder = new Responder(id -> List.of())) {
      long begin = System.nanoTime();

      List<FoundCamera> found = search(responder);

      assertThat(found).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(990), Duration.ofSeconds(4));
    }
  }

  @Test
  void interruptEndsTheSearch() throws Exception {
    try (Responder responder = new Responder(id -> List.of())) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> Discovery.ofHost(responder.address()).search(Duration.ofSeconds(10)))
          .isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void searchTakesOneToTenSeconds() {
    Discovery discovery =
        Discovery.ofHost(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> discovery.search(Duration.ofMillis(999)))
        .withMessageContaining("1 to 10 s");
    assertThatIllegalArgumentException().isThrownBy(() -> discovery.search(Duration.ofSeconds(11)));
  }

  /** The socket only: nothing is sent, since a test has no business on anybody's network. */
  @Test
  void questionToEverybodyGoesOneHopByItsOwnInterface() throws Exception {
    NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());

    Discovery.Route route = Discovery.Route.toEverybodyOn(loopback).orElseThrow();

    assertThat(route.target()).isEqualTo(new InetSocketAddress("239.255.255.250", 3702));
    try (DatagramChannel channel = route.open()) {
      assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isEqualTo(loopback);
      assertThat(channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(1);
      assertThat(((InetSocketAddress) channel.getLocalAddress()).getAddress())
          .isInstanceOf(Inet4Address.class)
          .isEqualTo(InetAddress.getLoopbackAddress());
    }
    assertThat(route.mayAnswer(InetAddress.getLoopbackAddress())).isFalse();
    assertThat(route.mayAnswer(InetAddress.getByName("192.0.2.1"))).isTrue();
  }
}
