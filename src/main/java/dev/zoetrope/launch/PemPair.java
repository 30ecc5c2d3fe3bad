package dev.zoetrope.launch;

import dev.zoetrope.launch.LauncherOptions.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.apache.tomcat.util.net.jsse.PEMFile;

/**
 * The check that an operator's certificate and private key can be read and belong together. Tomcat
 * would start with a wrong pair and then refuse every browser.
 */
final class PemPair {
  private PemPair() {}

  /**
   * Checks {@code pem}.
   *
   * @throws IOException that names the file at fault
   */
  static void check(Tls.Pem pem) throws IOException {
    List<X509Certificate> chain = read(pem.certificate()).getCertificates();
    if (chain.isEmpty()) {
      throw new IOException(pem.certificate() + ": no certificate in it, expected one in PEM");
    }
    PrivateKey key = read(pem.key()).getPrivateKey();
    if (key == null) {
      throw new IOException(pem.key() + ": no private key in it, expected one in PEM");
    }
    if (!belongTogether(key, chain.get(0))) {
      throw new IOException(pem.key() + " is not the key of " + pem.certificate());
    }
  }

  private static PEMFile read(Path file) throws IOException {
    try {
      return new PEMFile(file.toString());
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      throw new IOException(file + ": cannot be read as PEM: " + malformed.getMessage());
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA", "DSA" -> "SHA256with" + key.getAlgorithm();
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm(); // Ed25519, RSASSA-PSS and their like name both.
        };
    byte[] anything = "zoetrope".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(anything);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(anything);
      return signature.verify(signed);
    } catch (GeneralSecurityException otherKind) { // An RSA key and an EC certificate, for one.
      return false;
    }
  }
}
