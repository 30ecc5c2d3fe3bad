package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Origin;
import dev.zoetrope.media.Origin.Trust;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a source that another node has. */
class OriginKeysTest {
  private static final String PIN = "ab".repeat(32);
  private static final Secret KEY = new Secret("k3y");
  private static final Secret OTHER = new Secret("0ther");
  private static final Path CERTIFICATE =
      Path.of("src/test/resources/dev/zoetrope/config/own-ca.pem");

  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(folder.toRealPath());
    Files.createDirectories(home.sources());
    Files.createDirectories(home.media());
    Files.createDirectories(home.folder().resolve("certs"));
    Files.copy(CERTIFICATE, home.folder().resolve("certs/own-ca.pem"));
    Files.writeString(home.folder().resolve("certs/none.pem"), "no certificate\n");
    Files.createFile(
        home.secretsFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(home.secretsFile(), List.of("ingress: k3y", "other: 0ther", "admin-token: t0ken"));
  }

  private Configuration read(String... lines) throws IOException {
    Files.write(home.sources().resolve("gate.yaml"), List.of(lines));
    return Configuration.read(home, Map.of(), Map.of(), 4L << 30);
  }

  private Source source(String... lines) throws IOException {
    Configuration configuration = read(lines);
    assertThat(configuration.mistakes()).isEmpty();
    return configuration.sources().get(0).source();
  }

  private static Source relay(Optional<String> source, String prefix, Origin... origins) {
    return new Source.Relay(
        List.of(origins), source.map(SourceId::new), prefix, Source.Relay.Form.RENDITIONS);
  }

  private static Origin origin(String address, Trust trust) {
    return new Origin(URI.create(address), KEY, trust);
  }

  @Test
  void sourceOfTheSameIdIsHadWhereNoOtherIsNamed() throws IOException {
    Source source = source("kind: relay", "origin: https://ingress.example:8443", "key: ingress");

    assertThat(source)
        .isEqualTo(
            relay(
                Optional.of("gate"),
                "",
                origin("https://ingress.example:8443", new Trust.Usual())));
    assertThat(source.toString()).doesNotContain("k3y");
    assertThat(source.kind()).isEqualTo("relay");
  }

  @Test
  void severalOriginsKeepTheirOrder() throws IOException {
    assertThat(
            source(
                "kind: relay",
                "origin: [https://b/live, http://a:8080]",
                "source: yard",
                "key: ingress"))
        .isEqualTo(
            relay(
                Optional.of("yard"),
                "",
                origin("https://b/live", new Trust.Usual()),
                origin("http://a:8080", new Trust.Usual())));
  }

  @Test
  void originHasAKeyAndACertificateOfItsOwn() throws IOException {
    assertThat(
            source(
                "kind: relay",
                "origin:",
                "  - https://a",
                "  - url: https://b",
                "    key: other",
                "    ca: certs/own-ca.pem",
                "  - {url: https://c, key: other}",
                "key: ingress",
                "pin: sha256:" + PIN))
        .isEqualTo(
            relay(
                Optional.of("gate"),
                "",
                origin("https://a", new Trust.Pinned(PIN)),
                new Origin(
                    URI.create("https://b"),
                    OTHER,
                    new Trust.Authority(home.folder().resolve("certs/own-ca.pem"))),
                new Origin(URI.create("https://c"), OTHER, new Trust.Pinned(PIN))));
  }

  @Test
  void keyOfAllIsNotNeededWhereEachOriginHasItsOwn() throws IOException {
    assertThat(source("kind: relay", "origin: [{url: http://a, key: other}]"))
        .isEqualTo(
            relay(
                Optional.of("gate"),
                "",
                new Origin(URI.create("http://a"), OTHER, new Trust.Usual())));
  }

  @Test
  void allSourcesAreMirroredBelowAPrefix() throws IOException {
    assertThat(
            source(
                "kind: relay", "origin: http://a", "source: '*'", "prefix: north-", "key: ingress"))
        .isEqualTo(relay(Optional.empty(), "north-", origin("http://a", new Trust.Usual())));
  }

  @ParameterizedTest
  @CsvSource({"renditions, RENDITIONS", "packets, PACKETS"})
  void formIsWhatIsTaken(String word, Source.Relay.Form expected) throws IOException {
    for (String there : List.of("gate", "'*'")) {
      Source source =
          source(
              "kind: relay",
              "origin: http://a",
              "key: ingress",
              "source: " + there,
              "form: " + word);

      assertThat(((Source.Relay) source).form()).isEqualTo(expected);
    }
  }

  @Test
  void formThatIsNoneIsRefused() throws IOException {
    List<Mistake> mistakes =
        read("kind: relay", "origin: http://a", "key: ingress", "form: frames").mistakes();

    assertThat(mistakes.toString()).contains("form", "frames", "renditions, packets");
  }

  /** Another node would get something else under that name. */
  @ParameterizedTest
  @ValueSource(strings = {"still", "packets"})
  void renditionHasNoNameByWhichNodesAskForSomethingElse(String name) throws IOException {
    List<Mistake> mistakes =
        read("kind: test-pattern", "renditions: {" + name + ": {format: mjpeg}}").mistakes();

    assertThat(mistakes.toString()).contains("renditions." + name, "choose another");
  }

  @Test
  void certificateIsCheckedByAFileOrByItself() throws IOException {
    String[] lines = {"kind: relay", "origin: https://a", "key: ingress", ""};

    lines[3] = "ca: certs/own-ca.pem";
    Trust authority = new Trust.Authority(home.folder().resolve("certs/own-ca.pem"));
    assertThat(source(lines))
        .isEqualTo(relay(Optional.of("gate"), "", origin("https://a", authority)));

    lines[3] = "pin: sha256:" + PIN;
    Source pinned = relay(Optional.of("gate"), "", origin("https://a", new Trust.Pinned(PIN)));
    assertThat(source(lines)).isEqualTo(pinned);

    lines[3] = "pin: sha256:" + "AB:".repeat(31) + "AB";
    assertThat(source(lines)).isEqualTo(pinned);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key: ingress                           | origin — missing; the node that has it, or a list",
        "origin: https://a                      | key — missing; the name of a secret: the node key",
        "origin: https://a;key: unknown         | key: … — expected the name of a secret; there is",
        "origin: a.example;key: ingress         | origin: a.example — expected the address of a node",
        "origin: rtsp://a;key: ingress          | origin: rtsp://a — expected the address of a node",
        "origin: https://;key: ingress          | expected the address of a node",
        "origin: https://a:0;key: ingress       | origin: https://a:0 — expected a port, 1 to 65535",
        "origin: https://me:k3y@a;key: ingress  | origin: https://a — expected an address without user",
        "origin: https://a/?t=k3y;key: ingress  | origin: https://a/ — expected an address without ?",
        "origin: 'https://a/#k3y';key: ingress  | origin: https://a/ — expected an address without ?",
        "origin: [];key: ingress                | origin: […] — expected the address of a node",
        "origin: [https://a, ftp://b];key: ingress | origin: ftp://b — expected the address of a node",
        "origin: [http://a, http://a];key: ingress | origin: […] — one address is there twice",
        "origin: {a: b};key: ingress            | origin: {…} — expected a single value",
        "origin: [http://a, {url: http://b, key: ingress}] | key — missing; the name of a secret",
        "origin: [{key: ingress}]               | origin.1.url — missing; expected the address of a",
        "origin: [http://a, {url: b, key: ingress}];key: other | origin.2.url: b — expected the addr",
        "origin: [{url: http://a, key: k3y}]    | origin.1.key: … — expected the name of a secret",
        "origin: [{url: http://a, kee: k3y}]    | origin.1.kee: … — unknown key; did you mean key?",
        "origin: [{url: http://a, title: A}]    | title: A — unknown key; known here: url, key, ca, pin",
        "origin: [{url: http://a, pin: 'sha256:%s'}];key: other | — belongs to addresses that begin",
        "origin: [{url: https://a, pin: ab}];key: other | origin.1.pin: ab — expected \"sha256:\" and",
        "origin: [http://a, {url: http://a, key: other}];key: ingress | one address is there twice",
        "origin: [[http://a]];key: ingress      | origin: […] — expected the address of a node",
        "origin: http://a;key: ingress;source: A b | source: A b — expected the id of a source there",
        "origin: http://a;key: ingress;source: *   | not YAML",
        "origin: http://a;key: ingress;prefix: a-  | prefix: a- — belongs to source: \"*\", which",
        "origin: http://a;key: ingress;source: yard;prefix: a- | prefix: a- — belongs to source:",
        "origin: http://a;key: ingress;source: '*';prefix: -a | prefix: -a — expected 1 to 32 of a-z",
        "origin: http://a;key: ingress;source: '*';prefix: North | prefix: North — expected 1 to 32",
        "origin: http://a;key: ingress;ca: certs/own-ca.pem | ca: certs/own-ca.pem — belongs to addr",
        "origin: [https://a, http://b];key: ingress;pin: 'sha256:%s' | — belongs to addresses that",
        "origin: https://a;key: ingress;pin: '%s' | — expected \"sha256:\" and the 64 hexadecimal",
        "origin: https://a;key: ingress;pin: 'sha256:%s00' | — expected \"sha256:\" and the 64",
        "origin: https://a;key: ingress;ca: certs/own-ca.pem;pin: 'sha256:%s' | ca and pin exclude",
        "origin: https://a;key: ingress;ca: certs/none.pem | ca: certs/none.pem — expected a file with",
        "origin: https://a;key: ingress;ca: certs/no.pem | it cannot be read: does not exist",
        "origin: https://a;key: ingress;ca: certs | ca: certs — expected a file with certificates in",
        "origin: https://a;key: ingress;ca: ../own-ca.pem | below the home folder, such as certs/own-",
        "origin: https://a;key: ingress;ca: /etc/ssl/cert.pem | expected a path below the home folder",
        "origin: https://a;key: ingress;url: http://b | url: http://b — belongs to kind: url; this one",
      })
  void mistakeIsToldWithoutASecret(String keys, String expected) throws IOException {
    String lines = "kind: relay;" + keys.strip().replace("%s", PIN);

    List<String> mistakes =
        read(lines.split(";", -1)).mistakes().stream().map(Mistake::toString).toList();

    assertThat(mistakes).anyMatch(mistake -> mistake.contains(expected));
    assertThat(mistakes).noneMatch(mistake -> mistake.contains("k3y"));
    assertThat(read(lines.split(";", -1)).sources()).isEmpty();
  }

  @Test
  void whatIsSecretInAnAddressIsNotShownToPrograms() {
    Map<String, Object> file =
        Map.of(
            "kind",
            "relay",
            "origin",
            List.of("https://a", "https://me:k3y@b/", Map.of("url", "https://c", "key", "k3y")),
            "key",
            "x");

    Map<String, Object> shown = new SecretsApart(Secrets.none()).shown(file);

    assertThat(shown)
        .containsEntry(
            "origin", List.of("https://a", "https://…@b/", Map.of("url", "https://c", "key", "…")))
        .containsEntry("key", "…");
  }

  @Test
  void keyOfAnOriginStaysApart() {
    Secrets secrets =
        Secrets.parse("b-key: k3y\nadmin-token: t\n".getBytes(UTF_8), new MistakeList(Path.of("")));
    Map<String, Object> own = Map.of("url", "https://me:k3y@b", "key", "b-key");
    Map<String, Object> hidden = Map.of("url", "https://…@b", "key", "b-key");
    Map<String, Object> file = Map.of("kind", "relay", "origin", List.of("https://a", own));
    MistakeList mistakes = new MistakeList(Path.of(""));
    SecretsApart apart = new SecretsApart(secrets);

    Object resolved =
        apart
            .resolve(
                new SourceId("gate"),
                Map.of(
                    "kind",
                    "relay",
                    "origin",
                    List.of(
                        hidden,
                        Map.of("url", "https://c", "key", "b-key"),
                        Map.of("url", "https://d", "key", "n3w"))),
                file,
                mistakes)
            .get("origin");

    assertThat(mistakes.all()).isEmpty();
    String made = apart.added().keySet().iterator().next();
    assertThat(apart.added()).containsExactly(Map.entry(made, new Secret("n3w")));
    assertThat(made).startsWith("gate-key-");
    assertThat(resolved)
        .isEqualTo(
            List.of(
                own,
                Map.of("url", "https://c", "key", "b-key"),
                Map.of("url", "https://d", "key", made)));
  }

  @Test
  void whatIsHiddenOfAnOriginIsNotWritten() {
    MistakeList mistakes = new MistakeList(Path.of(""));
    Object half = List.of("https://a", Map.of("url", "https://b", "key", "…"));

    var unused =
        new SecretsApart(Secrets.none())
            .resolve(new SourceId("gate"), Map.of("origin", half), Map.of(), mistakes);

    assertThat(mistakes.all()).extracting(Mistake::key).containsExactly("origin.2.key");
  }
}
