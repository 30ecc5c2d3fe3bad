package dev.zoetrope.config;

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
    Files.write(home.secretsFile(), List.of("ingress: k3y", "admin-token: t0ken"));
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
        "origin: https://a;key: other           | key: … — expected the name of a secret; there is",
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
        Map.of("kind", "relay", "origin", List.of("https://a", "https://me:k3y@b/"), "key", "x");

    Map<String, Object> shown = new SecretsApart(Secrets.none()).shown(file);

    assertThat(shown)
        .containsEntry("origin", List.of("https://a", "https://…@b/"))
        .containsEntry("key", "…");
  }
}
