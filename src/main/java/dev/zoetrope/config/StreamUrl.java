package dev.zoetrope.config;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses of streams: which are taken, and how one is shown without its credentials. */
final class StreamUrl {
  private static final List<String> SCHEMES =
      List.of("rtmp", "rtmps", "rtsp", "rtsps", "http", "https", "srt", "udp");
  private static final List<String> SCHEMES_WITHOUT_USER = List.of("srt", "udp");
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,20}://).*");
  private static final int MAX_LENGTH = 2048;

  /** Stands for what must not be shown. */
  static final String HIDDEN = "…";

  private StreamUrl() {}

  static Source.Url read(String text) throws WrongValue {
    if (text.length() > MAX_LENGTH) {
      throw new WrongValue("expected at most " + MAX_LENGTH + " characters");
    }
    URI uri = parse(text);
    String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (scheme.equals("file")) {
      throw new WrongValue("files are played by kind: file, with path: below the media folder");
    }
    if (!SCHEMES.contains(scheme)) {
      throw new WrongValue(
          "expected an address such as rtsp://camera/stream, beginning with one of "
              + String.join(", ", SCHEMES));
    }
    if (uri.getHost() == null) {
      boolean listens = scheme.equals("srt") || scheme.equals("udp");
      throw new WrongValue(
          "expected a host after "
              + scheme
              + "://, of letters, digits, . and -"
              + (listens ? " (0.0.0.0 to listen on every address)" : "")
              + "; in a password write @ as %40, / as %2F, : as %3A");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new WrongValue("expected a port, 1 to 65535");
    }
    if (uri.getRawFragment() != null) {
      throw new WrongValue("write # as %23; streams have no fragment");
    }
    if (!Optional.ofNullable(uri.getRawUserInfo()).orElse("").isEmpty() && !takesUser(uri)) {
      throw new WrongValue(scheme + " takes no user; " + schemesWithUser() + " do");
    }
    if (isAmbiguous(uri)) {
      // rtsp://user:12/34@camera: the password would pass for port and path, and be logged.
      throw new WrongValue("in a password write / as %2F and @ as %40; in a path write @ as %40");
    }
    return new Source.Url(uri);
  }

  /** Whether addresses of this scheme may have a user. */
  static boolean takesUser(URI uri) {
    return !SCHEMES_WITHOUT_USER.contains(uri.getScheme().toLowerCase(Locale.ROOT));
  }

  static String schemesWithUser() {
    return SCHEMES.stream()
        .filter(scheme -> !SCHEMES_WITHOUT_USER.contains(scheme))
        .collect(Collectors.joining(", "));
  }

  static boolean hasPassphrase(URI uri) {
    return Stream.of(Optional.ofNullable(uri.getRawQuery()).orElse("").split("&", -1))
        .anyMatch(setting -> setting.startsWith("passphrase="));
  }

  /**
   * The same address with what is kept apart from it.
   *
   * @param user where the address has none
   * @param password of this user, or of the address's own
   */
  static Source.Url with(
      Source.Url url,
      Optional<String> user,
      Optional<Secret> password,
      Optional<Secret> passphrase) {
    String text = url.uri().toString();
    int host = text.indexOf("://") + 3;
    if (user.isPresent()) {
      String userInfo =
          encoded(user.get()) + password.map(secret -> ":" + encoded(secret.reveal())).orElse("");
      text = text.substring(0, host) + userInfo + "@" + text.substring(host);
    } else if (password.isPresent()) {
      int at = text.indexOf('@', host);
      text = text.substring(0, at) + ":" + encoded(password.get().reveal()) + text.substring(at);
    }
    if (passphrase.isPresent()) {
      String joint = url.uri().getRawQuery() == null ? "?" : "&";
      text += joint + "passphrase=" + encoded(passphrase.get().reveal());
    }
    return new Source.Url(URI.create(text));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What may be shown of {@code text}, even if it is no address at all. */
  static String masked(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getScheme() != null && uri.getHost() != null && !isAmbiguous(uri)) {
        return new Source.Url(uri).masked();
      }
    } catch (URISyntaxException e) {
      // Not an address: which part of it is secret cannot be known, so only the scheme is shown.
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      return scheme.group(1) + HIDDEN;
    }
    boolean mayHoldSecrets = text.chars().anyMatch(c -> "@?#:".indexOf(c) >= 0);
    return mayHoldSecrets ? HIDDEN : text;
  }

  private static boolean isAmbiguous(URI uri) {
    return Stream.of(uri.getRawPath(), uri.getRawFragment())
        .anyMatch(part -> part != null && part.contains("@"));
  }

  private static URI parse(String text) throws WrongValue {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // The exception's message holds the whole address; its reason does not.
      String reason = e.getReason().toLowerCase(Locale.ROOT);
      String place = e.getIndex() < 0 ? "" : ", character " + (e.getIndex() + 1);
      throw new WrongValue(
          "expected an address such as rtsp://camera/stream ("
              + reason
              + place
              + "); write spaces and signs as %20, %40 and so on");
    }
  }
}
