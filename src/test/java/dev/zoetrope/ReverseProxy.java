package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.server.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;

/**
 * A real nginx before a server, as {@code docker/proxy/nginx.conf} says: https, HTTP/2, below
 * {@code /cams/}. Only names, ports and places are others.
 */
final class ReverseProxy implements AutoCloseable {
  private static final Path FILES = Path.of("docker/proxy");
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Program nginx;
  private final int port;
  private final Certificate certificate;

  private ReverseProxy(Program nginx, int port, Certificate certificate) {
    this.nginx = nginx;
    this.port = port;
    this.certificate = certificate;
  }

  /**
   * Starts one.
   *
   * @param folder for its files
   * @param serverPort of 127.0.0.1
   */
  static ReverseProxy start(Path folder, int serverPort)
      throws IOException, GeneralSecurityException {
    Certificate certificate = makeCertificate(folder);
    int port = FreePort.find();
    Path file = nginx(folder, port, serverPort);
    Program nginx =
        Program.start("nginx", "-p", folder.toString(), "-c", file.toString(), "-e", "stderr");
    ReverseProxy proxy = new ReverseProxy(nginx, port, certificate);
    Awaitility.await("nginx").atMost(Duration.ofSeconds(10)).until(proxy::answers);
    return proxy;
  }

  /** The documented file, for this machine. */
  static Path nginx(Path folder, int port, int serverPort) throws IOException {
    String here =
        """
        daemon off;
        pid FOLDER/nginx.pid;
        error_log stderr warn;
        """;
    String temporary =
        """
          access_log off;
          client_body_temp_path FOLDER/body;
          proxy_temp_path FOLDER/proxy;
          fastcgi_temp_path FOLDER/fastcgi;
          uwsgi_temp_path FOLDER/uwsgi;
          scgi_temp_path FOLDER/scgi;
        """;
    String text = Files.readString(FILES.resolve("nginx.conf"));
    text = replaced(text, "worker_processes auto;", here + "worker_processes 1;");
    text = replaced(text, "worker_connections 20000;", "worker_connections 1000;");
    text = replaced(text, "http {\n", "http {\n" + temporary);
    text = replaced(text, "listen 443 ", "listen 127.0.0.1:" + port + " ");
    text = replaced(text, "server 127.0.0.1:8080;", "server 127.0.0.1:" + serverPort + ";");
    text = replaced(text, "/etc/ssl/cams/", "FOLDER/");
    return Files.writeString(
        folder.resolve("nginx.conf"), text.replace("FOLDER", folder.toString()));
  }

  /** Fails where the documented file has changed so that nothing would be replaced. */
  static String replaced(String text, String there, String here) {
    if (!text.contains(there)) {
      throw new AssertionError("the documented file has no \"" + there + "\"");
    }
    return text.replace(there, here);
  }

  /** Makes {@code chain.pem} and {@code key.pem}, signed by itself, for 127.0.0.1. */
  static Certificate makeCertificate(Path folder) throws IOException, GeneralSecurityException {
    Path store = folder.resolve("own.p12");
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var unused =
        Program.run(
            tool,
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-alias",
            "own",
            "-keyalg",
            "EC",
            "-dname",
            "CN=cams.example",
            "-ext",
            "san=ip:127.0.0.1,dns:cams.example");
    KeyStore own = KeyStore.getInstance(store.toFile(), PASSWORD);
    Certificate certificate = own.getCertificate("own");
    pem(folder.resolve("chain.pem"), "CERTIFICATE", certificate.getEncoded());
    pem(folder.resolve("key.pem"), "PRIVATE KEY", own.getKey("own", PASSWORD).getEncoded());
    return certificate;
  }

  private static void pem(Path file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    String begin = "-----BEGIN " + type + "-----\n";
    Files.writeString(file, begin + text + "\n-----END " + type + "-----\n");
  }

  /** What it shows to who connects. */
  Certificate certificate() {
    return certificate;
  }

  /** Where the server is outside: {@code https://127.0.0.1:PORT/cams/}. */
  URI uri() {
    return URI.create("https://127.0.0.1:" + port + "/cams/");
  }

  URI uri(String path) {
    return uri().resolve(path);
  }

  private boolean answers() {
    if (!nginx.isAlive()) {
      throw new AssertionError(nginx.await().toString());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    nginx.close();
  }
}
