package dev.zoetrope.onvif;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a device asks for by status 401, and the answers to it. Confined to one thread.
 *
 * <p>MD5 and SHA-256, with {@code qop=auth} or, from old devices, without.
 *
 * @see "RFC 7616, 3.3 (challenge), 3.4 (response); ONVIF Core Specification, 5.9.4"
 */
final class DigestChallenge {
  private static final Pattern PARAMETER =
      Pattern.compile(
          "([A-Za-z0-9_-]{1,32})\\s*=\\s*(?:\"([^\"\\\\]{0,1024})\"|([^\\s,\"]{1,256}))");

  private final String realm;
  private final String nonce;
  private final Optional<String> opaque;
  private final boolean hasQop;
  private final boolean isStale;
  private final Algorithm algorithm;
  private int count;

  private enum Algorithm {
    MD5("MD5"),
    SHA256("SHA-256");

    final String word;

    Algorithm(String word) {
      this.word = word;
    }
  }

  private DigestChallenge(Map<String, String> parameters, Algorithm algorithm) {
    this.realm = parameters.getOrDefault("realm", "");
    this.nonce = parameters.get("nonce");
    this.opaque = Optional.ofNullable(parameters.get("opaque"));
    this.hasQop = parameters.containsKey("qop");
    this.isStale = "true".equalsIgnoreCase(parameters.get("stale"));
    this.algorithm = algorithm;
  }

  /**
   * The first challenge that can be answered.
   *
   * @param headers the values of {@code WWW-Authenticate}
   */
  static Optional<DigestChallenge> in(List<String> headers) {
    return headers.stream().flatMap(header -> read(header).stream()).findFirst();
  }

  private static Optional<DigestChallenge> read(String header) {
    int at = header.toLowerCase(Locale.ROOT).indexOf("digest ");
    if (at < 0) {
      return Optional.empty();
    }
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Matcher parameter = PARAMETER.matcher(header.substring(at + "digest ".length()));
    while (parameter.find()) {
      String quoted = parameter.group(2);
      parameters.putIfAbsent(parameter.group(1), quoted != null ? quoted : parameter.group(3));
    }
    boolean isAnswerable =
        parameters.containsKey("nonce")
            && List.of(parameters.getOrDefault("qop", "auth").split("[,\\s]+", -1))
                .contains("auth");
    if (!isAnswerable) {
      return Optional.empty();
    }
    String wanted = parameters.getOrDefault("algorithm", Algorithm.MD5.word);
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.word.equalsIgnoreCase(wanted)) {
        return Optional.of(new DigestChallenge(parameters, algorithm));
      }
    }
    return Optional.empty();
  }

  /** Whether the password was right and only the nonce too old. */
  boolean isStale() {
    return isStale;
  }

  /**
   * The value of {@code Authorization} for one more request.
   *
   * @param path path and query, as the request line has them
   * @param clientNonce never the same twice
   */
  String authorization(Credentials credentials, String method, String path, String clientNonce) {
    count++;
    String counted = "%08x".formatted(count);
    String secret = hash(credentials.digestInput(realm));
    String request = hash(method + ":" + path);
    String response =
        hasQop
            ? hash(secret + ":" + nonce + ":" + counted + ":" + clientNonce + ":auth:" + request)
            : hash(secret + ":" + nonce + ":" + request);
    return "Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=%s"
            .formatted(
                credentials.user().replace("\\", "\\\\"),
                realm,
                nonce,
                path,
                response,
                algorithm.word)
        + (hasQop ? ", qop=auth, nc=%s, cnonce=\"%s\"".formatted(counted, clientNonce) : "")
        + opaque.map(", opaque=\"%s\""::formatted).orElse("");
  }

  private String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm.word).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has both
    }
  }
}
