package dev.zoetrope.onvif;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One question to all devices, and what is taken from an answer to it. Immutable.
 *
 * @see "WS-Discovery 1.1, 5.2 (Probe), 5.3 (ProbeMatches); ONVIF Core Specification, 7.3"
 */
final class Probe {
  private static final String SCOPE = "onvif://www.onvif.org/";
  private static final int MAX_SERVICES = 8;

  /** The two forms of WS-Discovery; ONVIF devices speak the draft. */
  private enum Version {
    DRAFT(
        "http://schemas.xmlsoap.org/ws/2005/04/discovery",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "urn:schemas-xmlsoap-org:ws:2005:04:discovery"),
    STANDARD(
        "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
        "http://www.w3.org/2005/08/addressing",
        "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01");

    final String discovery;
    final String addressing;
    final String everybody;

    Version(String discovery, String addressing, String everybody) {
      this.discovery = discovery;
      this.addressing = addressing;
      this.everybody = everybody;
    }
  }

  private final Version version;
  private final String types;
  private final String messageId = "urn:uuid:" + UUID.randomUUID();

  private Probe(Version version, String types) {
    this.version = version;
    this.types = types;
  }

  /**
   * The questions of one search. Cameras answer the first; some that do not call themselves a
   * transmitter answer only one without types, and what follows the standard only the last.
   */
  static List<Probe> all() {
    String transmitter =
        "<d:Types xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\">"
            + "dn:NetworkVideoTransmitter</d:Types>";
    return List.of(
        new Probe(Version.DRAFT, transmitter),
        new Probe(Version.DRAFT, ""),
        new Probe(Version.STANDARD, transmitter));
  }

  String messageId() {
    return messageId;
  }

  byte[] bytes() {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="%s" xmlns:d="%s">\
        <s:Header><a:Action s:mustUnderstand="1">%s/Probe</a:Action>\
        <a:MessageID>%s</a:MessageID><a:To s:mustUnderstand="1">%s</a:To></s:Header>\
        <s:Body><d:Probe>%s</d:Probe></s:Body></s:Envelope>"""
        .formatted(
            version.addressing,
            version.discovery,
            version.discovery,
            messageId,
            version.everybody,
            types)
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The cameras in an answer; none if it answers somebody else's question.
   *
   * @param questions message ids of this search
   * @param sender where the answer came from
   * @throws IOException the answer is no XML, or refused
   */
  static List<FoundCamera> cameras(
      byte[] answer, int length, Set<String> questions, InetAddress sender) throws IOException {
    Xml envelope = Xml.read(answer, length);
    if (envelope.text("RelatesTo").filter(questions::contains).isEmpty()) {
      return List.of();
    }
    List<FoundCamera> cameras = new ArrayList<>();
    for (Xml match : envelope.all("ProbeMatch")) {
      String endpoint = Xml.plain(match.text("EndpointReference", "Address").orElse(""));
      List<String> scopes = words(match, "Scopes");
      if (!endpoint.isEmpty() && isCamera(match, scopes)) {
        cameras.add(
            new FoundCamera(
                scope(scopes, "name/"),
                scope(scopes, "hardware/"),
                scope(scopes, "location/"),
                services(words(match, "XAddrs"), sender),
                sender,
                endpoint));
      }
    }
    return cameras;
  }

  /** Printers and computers answer probes without types, too. */
  private static boolean isCamera(Xml match, List<String> scopes) {
    return scopes.stream().anyMatch(scope -> scope.startsWith(SCOPE))
        || words(match, "Types").stream()
            .anyMatch(type -> type.endsWith("NetworkVideoTransmitter"));
  }

  private static List<String> words(Xml match, String list) {
    return Stream.of(match.text(list).orElse("").split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static String scope(List<String> scopes, String kind) {
    String start = SCOPE + kind;
    return Xml.plain(
        scopes.stream()
            .filter(scope -> scope.startsWith(start))
            .map(scope -> decoded(scope.substring(start.length())))
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  private static String decoded(String scope) {
    try {
      return URLDecoder.decode(scope.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return scope; // a lone % that was meant as itself
    }
  }

  private static List<URI> services(List<String> addresses, InetAddress sender) {
    Set<URI> services = new LinkedHashSet<>();
    for (String address : addresses) {
      web(address).filter(uri -> isOn(sender, uri)).ifPresent(services::add);
    }
    return services.stream().limit(MAX_SERVICES).toList();
  }

  private static Optional<URI> web(String address) {
    try {
      URI uri = new URI(address);
      boolean isWeb =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return Optional.of(uri)
          .filter(found -> isWeb && found.getHost() != null && found.getUserInfo() == null);
    } catch (URISyntaxException e) {
      return Optional.empty(); // as good as no address; the camera is told without it
    }
  }

  /** By its digits: a name would have to be looked up, which is asking a host already. */
  private static boolean isOn(InetAddress sender, URI uri) {
    return uri.getHost().equals(sender.getHostAddress());
  }
}
