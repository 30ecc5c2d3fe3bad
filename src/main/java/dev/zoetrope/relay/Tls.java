package dev.zoetrope.relay;

import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * How an origin shows that it is the one.
 *
 * @param checksName whether its certificate has to be for the address's host
 */
record Tls(SSLSocketFactory factory, boolean checksName) {

  /** By an authority that Java trusts. */
  static Tls usual() {
    return new Tls((SSLSocketFactory) SSLSocketFactory.getDefault(), true);
  }

  /** By one of the authorities in a file, as PEM. */
  static Tls byAuthority(Path pem) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int count = 0;
    try (InputStream in = Files.newInputStream(pem)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + count, each);
        count++;
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    return new Tls(factory(managers.getTrustManagers()), true);
  }

  /**
   * By this very certificate, whoever signed it and for whatever host.
   *
   * @param sha256 of the certificate, in hexadecimal digits
   */
  static Tls byPin(String sha256) throws GeneralSecurityException {
    Bytes wanted = Bytes.owning(HexFormat.of().parseHex(sha256));
    return new Tls(factory(new Pin(wanted)), false);
  }

  private static SSLSocketFactory factory(TrustManager... managers)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context.getSocketFactory();
  }

  /** Trusts one certificate. */
  private record Pin(Bytes wanted) implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String how)
        throws CertificateException {
      byte[] shown;
      try {
        shown = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
      } catch (GeneralSecurityException e) {
        throw new CertificateException("the certificate cannot be looked at", e);
      }
      if (!MessageDigest.isEqual(shown, wanted.toArray())) {
        throw new CertificateException(
            "expected the pinned one, got one with sha256:" + HexFormat.of().formatHex(shown));
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String how)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
