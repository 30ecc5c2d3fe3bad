package dev.zoetrope.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as its operator meets it: {@code java -jar zoetrope.war} and its options. */
class LauncherIT {
  private static final String FILE = "lib/jsmpeg/LICENSE";
  private static final char[] PASSWORD = "zoetrope".toCharArray();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static TestServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void helpAndVersionAnswerAndEnd() throws Exception {
    assertThat(run("--help")).isEqualTo(new Answer(0, LauncherOptions.HELP, ""));
    Answer version = run("--version");
    assertThat(version.exitCode).isZero();
    assertThat(version.out).matches("Zoetrope \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void unknownOptionIsToldWithTheNearest() throws Exception {
    assertThat(run("--prot"))
        .isEqualTo(new Answer(2, "", "unknown option --prot: did you mean --port?\n"));
  }

  @Test
  void portInUseIsToldInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      Answer answer =
          run("--port", port, "--host", "127.0.0.1", "--home", folder.resolve("home").toString());

      assertThat(answer)
          .isEqualTo(
              new Answer(1, "", "port " + port + " is in use: choose another with --port\n"));
    }
  }

  @Test
  void addressOfAnotherMachineIsToldInOneLine() throws Exception {
    assertThat(run("--port", "0", "--host", "192.0.2.255").err)
        .isEqualTo("host 192.0.2.255 is not this machine: give one of its addresses with --host\n");
  }

  @Test
  void readyLineNamesTheRealAddress() throws Exception {
    HttpResponse<String> response = get(HttpClient.newHttpClient(), server.uri(FILE));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("MIT License");
    assertThat(response.headers().firstValue("ETag")).isPresent();
    assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void launcherAndItsLibrariesAreNotServed() throws Exception {
    HttpClient client = HttpClient.newHttpClient();

    for (String path :
        List.of("META-INF/MANIFEST.MF", "META-INF/versions/17/dev/zoetrope/launch/Main.class")) {
      assertThat(get(client, server.uri(path)).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void entityTagsOutliveARestart() throws Exception {
    try (TestServer later = TestServer.start()) {
      assertThat(entityTag(later)).isEqualTo(entityTag(server));
    }
  }

  private static String entityTag(TestServer at) throws Exception {
    return get(HttpClient.newHttpClient(), at.uri(FILE)).headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void sigtermEndsItThoughConnectionsAreOpenAndLeavesNoFiles() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<Socket> open = new ArrayList<>();
    try (TestServer own = TestServer.with(List.of("-Djava.io.tmpdir=" + temporary))) {
      for (int client = 0; client < 50; client++) {
        Socket socket = new Socket(own.uri().getHost(), own.uri().getPort());
        open.add(socket);
        OutputStream out = socket.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: half-a-request\r\n".getBytes(UTF_8));
      }
      assertThat(temporary).isNotEmptyDirectory();

      Duration took = own.stop();

      assertThat(took).isLessThan(Duration.ofSeconds(4));
      assertThat(temporary).isEmptyDirectory();
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void consoleHearsNothingOfTomcatWhenAllIsWell() throws Exception {
    try (TestServer own = TestServer.start()) {
      get(HttpClient.newHttpClient(), own.uri(FILE));
      own.stop();

      assertThat(own.log()).doesNotContain("org.apache").doesNotContain("INFO");
    }
  }

  @Test
  void httpsMakesOneCertificateAndKeepsIt() throws Exception {
    Path home = folder.resolve("home");
    Path store = home.resolve("tls/self-signed.p12");

    KeyStore first;
    try (TestServer own = TestServer.at(home, "--https")) {
      first = load(store);
      assertThat(own.uri().getScheme()).isEqualTo("https");
      assertThat(get(trusting(first), own.uri(FILE)).statusCode()).isEqualTo(200);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store)))
        .isEqualTo("rw-------");

    try (TestServer own = TestServer.at(home, "--https")) {
      assertThat(get(trusting(first), own.uri(FILE)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void httpsTakesThePemFilesOfTheOperator() throws Exception {
    KeyStore store = load(SelfSigned.below(folder));
    Path certificate = pem("CERTIFICATE", certificate(store).getEncoded());
    Path key = pem("PRIVATE KEY", key(store).getEncoded());

    try (TestServer own =
        TestServer.start("--https-cert", certificate.toString(), "--https-key", key.toString())) {
      assertThat(get(trusting(store), own.uri(FILE)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void keyOfAnotherCertificateIsRefusedAtStart() throws Exception {
    KeyStore one = load(SelfSigned.below(Files.createDirectory(folder.resolve("one"))));
    KeyStore other = load(SelfSigned.below(Files.createDirectory(folder.resolve("other"))));
    Path certificate = pem("CERTIFICATE", certificate(one).getEncoded());
    Path key = pem("PRIVATE KEY", key(other).getEncoded());

    Answer answer =
        run(
            "--port",
            "0",
            "--home",
            folder.resolve("home").toString(),
            "--https-cert",
            certificate.toString(),
            "--https-key",
            key.toString());

    assertThat(answer)
        .isEqualTo(new Answer(1, "", key + " is not the key of " + certificate + "\n"));
  }

  private record Answer(int exitCode, String out, String err) {}

  private static Answer run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("-jar", TestServer.war().toString()));
    command.addAll(List.of(options));
    Process process = TestServer.java(command).start();
    try {
      // Both are short: neither fills its pipe.
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(command + " did not end within " + LIMIT);
      }
      return new Answer(
          process.exitValue(),
          new String(process.getInputStream().readAllBytes(), UTF_8),
          new String(process.getErrorStream().readAllBytes(), UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private static HttpResponse<String> get(HttpClient client, URI uri)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofString());
  }

  private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static Certificate certificate(KeyStore store) throws GeneralSecurityException {
    return store.getCertificate(store.aliases().nextElement());
  }

  private static Key key(KeyStore store) throws GeneralSecurityException {
    return store.getKey(store.aliases().nextElement(), PASSWORD);
  }

  /** A client that trusts the certificate of {@code store} only, and checks the name as ever. */
  private static HttpClient trusting(KeyStore store) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate(store));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  private Path pem(String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve(type.replace(' ', '-') + ".pem"),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
