package dev.zoetrope.config;

import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Origin.Trust;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Relay;
import dev.zoetrope.media.SourceId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys of a source that another node has: from where, which one, and how it is trusted. */
final class OriginKeys {
  private static final String ADDRESS =
      "expected the address of a node, such as https://ingress.example:8443";

  private static final int MOST_CHARACTERS = 2048;
  private static final int MOST_ORIGINS = 16;
  private static final int MOST_OF_A_PREFIX = 32;
  private static final int MOST_BYTES = 1 << 20;
  private static final String ALL = "*";
  private static final Form<Relay.Form> FORM =
      Form.choice(List.of(Relay.Form.values()), form -> form.name().toLowerCase(Locale.ROOT));

  /** Of a node in a list; in the order in which they are told. */
  private static final List<String> KEYS_OF_AN_ENTRY = List.of("url", "key", "ca", "pin");

  /** As openssl writes it, too: {@code AB:CD:…}. */
  private static final Pattern PIN = Pattern.compile("sha256:([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}");

  private final SourceId id;
  private final Section section;
  private final SourceKind.Place place;

  OriginKeys(SourceId id, Section section, SourceKind.Place place) {
    this.id = id;
    this.section = section;
    this.place = place;
  }

  /** A node that has it; without what stands beside the list, for all that say nothing else. */
  private record Entry(URI address, Optional<Secret> key, Optional<Trust> trust) {
    Entry(URI address) {
      this(address, Optional.empty(), Optional.empty());
    }

    boolean isPlain() {
      return "http".equalsIgnoreCase(address.getScheme());
    }
  }

  /** The source that they describe; empty, with mistakes noted, if something is missing. */
  Optional<Source> source() {
    Optional<List<Entry>> entries = entries();
    Optional<Secret> key = key(entries);
    Optional<Trust> trust = trust(section, entries.orElse(List.of()));
    Optional<SourceId> there =
        section.value("source", OriginKeys::sourceThere).orElse(Optional.of(id));
    Relay.Form form = section.value("form", FORM).orElse(Relay.Form.RENDITIONS);
    String prefix = section.value("prefix", OriginKeys::prefix).orElse("");
    if (section.has("prefix") && there.isPresent()) {
      section.refuse("prefix", "belongs to source: \"*\", which mirrors all");
      return Optional.empty();
    }
    List<Origin> origins = new ArrayList<>();
    for (Entry each : entries.orElse(List.of())) {
      Optional<Secret> counts = each.key().or(() -> key);
      if (counts.isEmpty()) { // which is noted
        return Optional.empty();
      }
      Trust own = each.trust().or(() -> trust).orElseGet(Trust.Usual::new);
      origins.add(new Origin(each.address(), counts.get(), own));
    }
    return origins.isEmpty()
        ? Optional.empty()
        : Optional.of(new Relay(origins, there, prefix, form));
  }

  /** That of all nodes without one of their own; needed if there is such a node. */
  private Optional<Secret> key(Optional<List<Entry>> entries) {
    boolean isNeeded =
        !section.isList("origin")
            || entries.orElse(List.of()).stream().anyMatch(each -> each.key().isEmpty());
    if (!isNeeded) {
      return section.value("key", place.secrets().form());
    }
    return section.required(
        "key",
        place.secrets().form(),
        "the name of a secret: the node key that the origin's operator made; it stands in"
            + " secrets.yaml");
  }

  /** One, or a list of them. */
  private Optional<List<Entry>> entries() {
    if (!section.isList("origin")) {
      return section
          .required("origin", OriginKeys::address, "the node that has it, or a list of such nodes")
          .map(address -> List.of(new Entry(address)));
    }
    Optional<List<Entry>> entries =
        section.values("origin", text -> new Entry(address(text)), this::entry, ADDRESS);
    List<URI> read = entries.orElse(List.of()).stream().map(Entry::address).toList();
    if (read.size() > MOST_ORIGINS) {
      section.refuse("origin", "expected at most " + MOST_ORIGINS);
      return Optional.empty();
    }
    if (new HashSet<>(read).size() < read.size()) {
      section.refuse("origin", "one address is there twice; leave one of them");
      return Optional.empty();
    }
    return entries;
  }

  /** One of a list that has keys of its own. */
  private Optional<Entry> entry(Section own) {
    own.refuseOthers(new LinkedHashSet<>(KEYS_OF_AN_ENTRY), key -> Optional.empty());
    Optional<URI> address = own.required("url", OriginKeys::address, ADDRESS);
    Optional<Secret> key = own.value("key", place.secrets().form());
    Optional<Trust> trust =
        trust(own, address.map(each -> List.of(new Entry(each))).orElse(List.of()));
    boolean isWhole = address.isPresent() && (key.isPresent() || !own.has("key"));
    return isWhole ? Optional.of(new Entry(address.get(), key, trust)) : Optional.empty();
  }

  private static URI address(String text) throws WrongValue {
    if (text.length() > MOST_CHARACTERS) {
      throw new WrongValue("expected at most " + MOST_CHARACTERS + " characters");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new WrongValue(ADDRESS); // its message would hold the whole address
    }
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    if (!isWeb || uri.getHost() == null) {
      throw new WrongValue(ADDRESS);
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new WrongValue("expected a port, 1 to 65535");
    }
    if (uri.getRawUserInfo() != null) {
      throw new WrongValue("expected an address without user and password; key: lets in");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new WrongValue("expected an address without ? and #");
    }
    return uri;
  }

  private static Optional<SourceId> sourceThere(String text) throws WrongValue {
    if (text.equals(ALL)) {
      return Optional.empty();
    }
    if (!SourceId.isValid(text)) {
      throw new WrongValue("expected the id of a source there, or \"*\" (in quotes) for all");
    }
    return Optional.of(new SourceId(text));
  }

  private static String prefix(String text) throws WrongValue {
    if (text.length() > MOST_OF_A_PREFIX || !SourceId.isValid(text)) {
      throw new WrongValue(
          "expected 1 to "
              + MOST_OF_A_PREFIX
              + " of a-z, 0-9 and -, beginning with a letter or digit, such as north-");
    }
    return text;
  }

  /**
   * What a section says of certificates; empty if nothing.
   *
   * @param entries the nodes that it is said of, beside those that say it themselves
   */
  private Optional<Trust> trust(Section from, List<Entry> entries) {
    Optional<Path> authority = from.value("ca", this::certificates);
    Optional<String> pin = from.value("pin", OriginKeys::pin);
    if (from.has("ca") && from.has("pin")) {
      from.refuse("pin", "ca and pin exclude each other; leave one of them");
    }
    boolean isPlain =
        entries.stream().filter(each -> each.trust().isEmpty()).anyMatch(Entry::isPlain);
    for (String key : List.of("ca", "pin")) {
      if (isPlain && from.has(key)) {
        from.refuse(key, "belongs to addresses that begin with https://");
      }
    }
    return authority.<Trust>map(Trust.Authority::new).or(() -> pin.map(Trust.Pinned::new));
  }

  private Path certificates(String text) throws WrongValue {
    String remedy = "expected a file with certificates in PEM";
    Path file = new PathBelow(place.home().folder(), "home folder", "certs/own-ca.pem").read(text);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new WrongValue(remedy + "; this one is no file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      boolean isShort = content.length <= MOST_BYTES;
      if (!isShort || !holdsCertificates(content)) {
        throw new WrongValue(remedy + (isShort ? "; there is none in it" : " of at most 1 MiB"));
      }
      return file;
    } catch (IOException e) {
      throw new WrongValue(remedy + "; it cannot be read: " + Unreadable.why(e));
    }
  }

  private static boolean holdsCertificates(byte[] content) {
    try {
      return !CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(content))
          .isEmpty();
    } catch (CertificateException e) {
      return false; // which is what was asked
    }
  }

  private static String pin(String text) throws WrongValue {
    if (!PIN.matcher(text).matches()) {
      throw new WrongValue(
          "expected \"sha256:\" and the 64 hexadecimal digits that openssl x509 -fingerprint"
              + " -sha256 tells");
    }
    return text.substring(text.indexOf(':') + 1).replace(":", "").toLowerCase(Locale.ROOT);
  }
}
