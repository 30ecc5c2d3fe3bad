package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node that has its sources from one that speaks https, by a certificate that it signed itself.
 */
class RelayTlsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private static Path folder;
  private static TestServer ingress;
  private static TestServer edge;

  @BeforeAll
  static void start() throws Exception {
    TestHome there = new TestHome(folder.resolve("ingress"));
    there.source("gate", "kind: test-pattern", "width: 160", "height: 96", "fps: 10");
    String key;
    try (TestServer open = TestServer.at(there.folder())) { // over http, to make it
      key =
          new TestAdmin(open)
              .call("POST", "nodes/keys", "{\"title\":\"edge\"}", 201)
              .getString("key");
    }
    ingress = TestServer.at(there.folder(), "--https");
    Certificate certificate = certificate(there.folder().resolve("tls/self-signed.p12"));
    TestHome here = new TestHome(folder.resolve("edge"));
    here.secrets("origin-key: \"" + key + "\"");
    Files.createDirectories(here.folder().resolve("certs"));
    Files.writeString(here.folder().resolve("certs/own.pem"), pem(certificate), US_ASCII);
    source(here, "by-ca", "ca: certs/own.pem");
    source(here, "by-pin", "pin: \"sha256:" + fingerprint(certificate) + "\"");
    source(here, "by-other-pin", "pin: \"sha256:" + "ab".repeat(32) + "\"");
    source(here, "by-nothing", "");
    edge = TestServer.at(here.folder());
  }

  private static void source(TestHome home, String id, String trust) throws IOException {
    String origin = ingress.uri().toString().replaceAll("/$", "");
    home.source(id, "kind: relay", "origin: " + origin, "source: gate", "key: origin-key", trust);
  }

  private static Certificate certificate(Path store) throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), "zoetrope".toCharArray())
        .getCertificate("zoetrope");
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
  }

  /** As openssl prints it. */
  private static String fingerprint(Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
  }

  @AfterAll
  static void stop() throws Exception {
    for (TestServer server : List.of(edge, ingress)) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"by-ca", "by-pin"})
  void picturesComeWhereTheCertificateIsTrusted(String id) throws Exception {
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/" + id + ".mjpeg"))) {
      mjpeg.await("5 pictures", body -> MultipartCut.parts(body).size() >= 5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"by-other-pin", "by-nothing"})
  void sourceIsNotThereWhereTheCertificateIsNotTrusted(String id) {
    try (LiveStream mjpeg = LiveStream.open(edge.uri("live/" + id + ".mjpeg"))) {
      JsonObject source = SourceList.awaitCause(edge, id, "no encrypted connection");

      assertThat(source.getString("advice")).contains("certificate is not trusted");
      assertThat(mjpeg.hasEnded()).isFalse(); // the card is shown
    }
  }

  @Test
  void thePageNodesTellsWhatIsWrongWithTheCertificate() {
    await("what is wrong")
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(
                        new TestAdmin(edge)
                                .call("GET", "nodes", "", 200)
                                .getJsonArray("origins")
                                .getValuesAs(JsonObject.class)
                                .stream()
                                .map(origin -> origin.getString("words")))
                    .anyMatch(
                        words -> words.contains("expected the pinned one, got one with sha256:"))
                    .anyMatch(words -> words.contains("nobody who is trusted here has signed it")));
  }
}
