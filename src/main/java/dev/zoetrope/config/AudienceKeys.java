package dev.zoetrope.config;

import dev.zoetrope.access.Protection;
import dev.zoetrope.channel.Audience;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A source's keys {@code access} and {@code origins}. */
final class AudienceKeys {
  private static final Form<Protection> ACCESS =
      Form.choice(List.of(Protection.values()), Protection::word);

  private static final String ORIGIN =
      "expected the scheme and host of a page, such as https://page.example or"
          + " http://page.example:8080";

  private static final int MOST_CHARACTERS = 300;

  private AudienceKeys() {}

  /** What the keys say; where one of them is wrong, that is noted. */
  static Audience read(Section section) {
    Protection protection = section.value("access", ACCESS).orElse(Protection.PUBLIC);
    return new Audience(protection, section.has("origins") ? origins(section) : Set.of());
  }

  private static Set<String> origins(Section section) {
    Optional<List<String>> origins =
        section.values(
            "origins", AudienceKeys::origin, "expected a list such as [https://page.example]");
    if (origins.isPresent() && origins.get().size() > Audience.MOST_ORIGINS) {
      section.refuse("origins", "expected at most " + Audience.MOST_ORIGINS);
      return Set.of();
    }
    return origins.map(Set::copyOf).orElse(Set.of());
  }

  /**
   * As browsers write it: in lower case, without the scheme's usual port.
   *
   * @see "RFC 6454, 6.2 (ASCII serialization of an origin)"
   */
  private static String origin(String text) throws WrongValue {
    URI uri;
    try {
      uri = new URI(text.length() > MOST_CHARACTERS ? "" : text);
    } catch (URISyntaxException e) {
      throw new WrongValue(ORIGIN);
    }
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    boolean isWeb = scheme.equals("http") || scheme.equals("https");
    boolean isHostAlone =
        uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawPath().isEmpty()
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!isWeb || !isHostAlone || uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new WrongValue(ORIGIN);
    }
    int usual = scheme.equals("http") ? 80 : 443;
    String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
  }
}
