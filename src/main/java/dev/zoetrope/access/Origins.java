package dev.zoetrope.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Which page sent a request: browsers say so where pages of others could. Stateless. */
final class Origins {
  private Origins() {}

  /**
   * Whether it was a page of this server, or no page at all. The scheme may be another than the
   * server's, behind a proxy.
   */
  static boolean isOwn(Visitor visitor) {
    return visitor.origin().isEmpty()
        || visitor.host().map(host -> isSame(visitor.origin().get(), host)).orElse(false);
  }

  /** The same, or one of {@code allowed}: {@code https://example.org}. */
  static boolean isOwnOrOneOf(Visitor visitor, List<String> allowed) {
    return isOwn(visitor)
        || visitor.origin().stream()
            .anyMatch(origin -> allowed.stream().anyMatch(origin::equalsIgnoreCase));
  }

  private static boolean isSame(String origin, String host) {
    Optional<URI> page = uri(origin);
    Optional<URI> own = uri("own://" + host);
    if (page.isEmpty() || own.isEmpty()) {
      return false;
    }
    int usual = "https".equalsIgnoreCase(page.get().getScheme()) ? 443 : 80;
    return page.get().getHost().equalsIgnoreCase(own.get().getHost())
        && port(page.get(), usual) == port(own.get(), usual);
  }

  private static int port(URI uri, int usual) {
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  /** With a host; {@code null}, as browsers say of hidden origins, has none. */
  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty(); // what no browser sends
    }
  }
}
