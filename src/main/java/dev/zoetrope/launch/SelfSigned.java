package dev.zoetrope.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The self-signed certificate of a home, with its private key: made once by the JRE's keytool, for
 * the names and addresses that this machine has at that moment. Browsers ask once whether to trust
 * it. Remove the file to have a new one made.
 */
final class SelfSigned {
  /** Guards nothing: the file's mode does. PKCS12 wants one all the same. */
  static final String PASSWORD = "zoetrope";

  private static final String YEARS_10 = "3650";
  private static final Pattern DNS_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
  private static final int LONGEST_COMMON_NAME = 64;

  private SelfSigned() {}

  /**
   * The key store (PKCS12) below {@code home}, made now if it is not there yet.
   *
   * @throws IOException when it cannot be made
   */
  static Path below(Path home) throws IOException, InterruptedException {
    Path folder = home.resolve("tls");
    Path file = folder.resolve("self-signed.p12");
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(folder);
    permit(folder, "rwx------");
    Path draft = folder.resolve("self-signed." + ProcessHandle.current().pid() + ".tmp");
    Files.deleteIfExists(draft);
    generate(draft);
    permit(draft, "rw-------");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return file;
  }

  private static void generate(Path file) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "zoetrope",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-validity",
                YEARS_10,
                "-dname",
                "CN=" + commonName(),
                "-ext",
                "san=" + String.join(",", names()),
                "-ext",
                "eku=serverAuth",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    keytool.getOutputStream().close();
    String said =
        new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (keytool.waitFor() != 0) {
      throw new IOException("cannot make a certificate: keytool says " + said);
    }
  }

  private static String commonName() throws IOException {
    return names().stream()
        .filter(name -> name.startsWith("dns:") && !name.equals("dns:localhost"))
        .map(name -> name.substring("dns:".length()))
        .filter(name -> name.length() <= LONGEST_COMMON_NAME)
        .findFirst()
        .orElse("localhost");
  }

  /** As keytool wants them: {@code dns:localhost}, {@code ip:127.0.0.1}, and so on. */
  private static Set<String> names() throws IOException {
    Set<String> names = new LinkedHashSet<>(List.of("dns:localhost", "ip:127.0.0.1", "ip:::1"));
    String host = hostName();
    if (DNS_NAME.matcher(host).matches()) {
      names.add("dns:" + host);
      if (host.indexOf('.') < 0) {
        names.add("dns:" + host + ".local"); // multicast DNS
      }
    }
    names.addAll(
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .map(address -> "ip:" + address.getHostAddress().replaceFirst("%.*", ""))
            .collect(Collectors.toCollection(LinkedHashSet::new)));
    return names;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  private static void permit(Path path, String mode) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }
}
