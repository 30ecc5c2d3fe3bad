package dev.zoetrope.web;

import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The address of a page that shows one source, as people have it: {@code
 * https://host/watch/gate?link=…}. Outside, scheme and path may be others than here: what stands
 * before the page is kept. Immutable.
 *
 * @param base what our addresses begin with, {@code https://host/}: fit for an attribute in double
 *     quotes
 * @param link that lets in
 */
record PageAddress(String base, SourceId id, Optional<String> link) {
  /** The longest that is looked at. */
  static final int MOST_CHARACTERS = 2048;

  private static final Pattern PATH = Pattern.compile("(/|/.*?/)(?:watch|embed)/([^/]+)/?");
  private static final Pattern AWKWARD = Pattern.compile("[&'\\\\]");
  private static final String LINK = "link=";

  /**
   * Reads an address; empty if it is none of a page of ours.
   *
   * @param host as the request's header {@code Host} has it
   */
  static Optional<PageAddress> of(String address, String host) {
    Optional<URI> uri = uri(address).filter(found -> isWeb(found) && isAt(found, host));
    if (uri.isEmpty()) {
      return Optional.empty();
    }
    URI page = uri.get();
    Matcher path = PATH.matcher(page.getRawPath());
    if (!path.matches()
        || !SourceId.isValid(path.group(2))
        || AWKWARD.matcher(path.group(1)).find()) {
      return Optional.empty();
    }
    String port = page.getPort() < 0 ? "" : ":" + page.getPort();
    String base = page.getScheme() + "://" + page.getHost() + port + path.group(1);
    return Optional.of(new PageAddress(base, new SourceId(path.group(2)), link(page)));
  }

  private static Optional<URI> uri(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty(); // what is no address is none of ours
    }
  }

  private static boolean isWeb(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isAt(URI page, String host) {
    int usual = "https".equalsIgnoreCase(page.getScheme()) ? 443 : 80;
    return uri("own://" + host)
        .filter(own -> own.getHost().equalsIgnoreCase(page.getHost()))
        .filter(own -> port(own, usual) == port(page, usual))
        .isPresent();
  }

  private static int port(URI uri, int usual) {
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  private static Optional<String> link(URI page) {
    String query = Optional.ofNullable(page.getRawQuery()).orElse("");
    return Stream.of(query.split("&", -1))
        .filter(pair -> pair.startsWith(LINK))
        .map(pair -> URLDecoder.decode(pair.substring(LINK.length()), StandardCharsets.UTF_8))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** The page with everything around. */
  String watch() {
    return address("watch/" + id);
  }

  /** The player alone, for a frame. */
  String embed() {
    return address("embed/" + id);
  }

  /** The newest picture. */
  String still() {
    return address("live/" + id + ".jpg");
  }

  /** Where other sites ask how to show it. */
  String oembed() {
    return base + "oembed?url=" + encoded(watch());
  }

  private String address(String path) {
    return base + path + link.map(value -> "?" + LINK + encoded(value)).orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
