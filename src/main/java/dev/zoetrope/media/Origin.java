package dev.zoetrope.media;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A node that sources are had from. {@link #toString} shows no key.
 *
 * @param address http or https, with the path that the node is below, if any; without user, query
 *     and fragment
 * @param key a node key of that node
 * @param trust how its certificate is checked, where the address is https
 */
public record Origin(URI address, Secret key, Trust trust) {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  public Origin {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(trust, "trust");
    String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    boolean isBare =
        address.getRawUserInfo() == null
            && address.getRawQuery() == null
            && address.getRawFragment() == null;
    if (!SCHEMES.contains(scheme) || address.getHost() == null || !isBare) {
      throw new IllegalArgumentException(
          "an origin's address: expected http or https with a host, without user, query, fragment");
    }
  }

  /** Host and port, as messages call it. */
  public String place() {
    return address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + address.getPort();
  }

  /** How a certificate is checked. */
  public sealed interface Trust {
    /** By the authorities that Java knows. */
    record Usual() implements Trust {}

    /**
     * By the authorities of a file, and no others.
     *
     * @param pem absolute; certificates in PEM, at least one
     */
    record Authority(Path pem) implements Trust {}

    /**
     * It is this very certificate, whatever stands in it.
     *
     * @param sha256 of the certificate in DER: 64 hexadecimal digits in lower case
     */
    record Pinned(String sha256) implements Trust {
      private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

      public Pinned {
        if (!FORM.matcher(sha256).matches()) {
          throw new IllegalArgumentException(
              "a pinned certificate: expected 64 hexadecimal digits in lower case");
        }
      }
    }
  }
}
