package dev.zoetrope.onvif;

import dev.zoetrope.onvif.CameraException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Questions to one device and its answers, SOAP 1.2 by HTTP. Confined to one thread.
 *
 * <p>Each question proves the password by a {@link UsernameToken}, until the device asks for HTTP
 * Digest; the password itself is never sent. An answer takes at most 5 s and 1 MiB, the whole
 * conversation at most 30 s. Redirects are not followed.
 *
 * <p>A wrong password is tried as seldom as can be: devices lock their users out after some tries.
 *
 * @see "ONVIF Core Specification, 5.9.4 (5.12 in earlier editions; authentication), 5.8 (faults)"
 */
final class Conversation {
  private static final Duration MOST_FOR_ALL = Duration.ofSeconds(30);
  private static final Duration MOST_FOR_ONE = Duration.ofSeconds(5);
  private static final int MAX_ANSWER_BYTES = 1024 * 1024;
  private static final int NONCE_BYTES = 16;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final Set<String> NOT_AUTHORIZED =
      Set.of(
          "NotAuthorized",
          "FailedAuthentication",
          "InvalidSecurity",
          "InvalidSecurityToken",
          "FailedCheck");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(MOST_FOR_ONE)
          .build();
  private final SecureRandom random = new SecureRandom();
  private final long begin = System.nanoTime();
  private final Optional<Credentials> credentials;
  private final Clock clock;

  private Duration clockAhead = Duration.ZERO;
  private Optional<DigestChallenge> challenge = Optional.empty();
  private boolean isDigestAccepted;

  /** Whether a question proves the password. */
  enum Proof {
    /** Only if the device insists. */
    LEFT_OUT,
    GIVEN
  }

  Conversation(Optional<Credentials> credentials, Clock clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /** From now on messages carry the device's own time. */
  void setClockAhead(Duration clockAhead) {
    this.clockAhead = clockAhead;
  }

  /** Whether the device asked for HTTP Digest. */
  boolean isByDigest() {
    return challenge.isPresent();
  }

  /**
   * Asks and waits.
   *
   * @param operation the name of the operation; its element is {@code x:operation}
   * @param arguments the content of that element, {@code x} being the service, {@code tt} the
   *     schema's namespace
   * @return the envelope of the answer, which is no fault
   */
  Xml ask(URI address, Service service, String operation, String arguments, Proof proof)
      throws CameraException, InterruptedException {
    HttpResponse<byte[]> response = send(address, service, operation, arguments, proof);
    if (response.statusCode() == UNAUTHORIZED && takesUp(response)) {
      response = send(address, service, operation, arguments, proof);
    }
    isDigestAccepted = challenge.isPresent() && response.statusCode() != UNAUTHORIZED;
    return envelope(response);
  }

  /** Whether a status 401 is worth another try. */
  private boolean takesUp(HttpResponse<byte[]> response) throws CameraException {
    if (credentials.isEmpty()) {
      return false;
    }
    List<String> asked = response.headers().allValues("WWW-Authenticate");
    Optional<DigestChallenge> offered = DigestChallenge.in(asked);
    boolean isWorthIt =
        offered.isPresent() && (challenge.isEmpty() || isDigestAccepted || offered.get().isStale());
    if (isWorthIt) {
      challenge = offered;
    } else if (offered.isEmpty() && asked.stream().anyMatch(Conversation::isBasic)) {
      throw new CameraException(
          Reason.REFUSED,
          "the camera wants the password in the clear; set its authentication to digest");
    }
    return isWorthIt;
  }

  private static boolean isBasic(String challenge) {
    return challenge.regionMatches(true, 0, "Basic", 0, "Basic".length());
  }

  /**
   * The user or the password is wrong, or missing.
   *
   * @param told what the camera says to it, such as how many tries are left; may be empty
   */
  private CameraException notAuthorized(String told) {
    String detail = told.isEmpty() ? "" : " (" + told + ")";
    return credentials.isPresent()
        ? new CameraException(
            Reason.CREDENTIALS_REFUSED, "the camera refuses the user name or the password" + detail)
        : new CameraException(
            Reason.CREDENTIALS_MISSING, "the camera asks for a user name and a password" + detail);
  }

  private HttpResponse<byte[]> send(
      URI address, Service service, String operation, String arguments, Proof proof)
      throws CameraException, InterruptedException {
    HttpRequest request = request(address, service, operation, arguments, proof);
    Duration left = MOST_FOR_ALL.minusNanos(System.nanoTime() - begin);
    if (left.isNegative()) {
      throw tooSlow(MOST_FOR_ALL);
    }
    boolean isLast = left.compareTo(MOST_FOR_ONE) < 0;
    Duration patience = isLast ? left : MOST_FOR_ONE;
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, head -> new BoundedBody(MAX_ANSWER_BYTES));
    try {
      // Not the request's own timeout, which an endless body outlives.
      return response.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw tooSlow(isLast ? MOST_FOR_ALL : MOST_FOR_ONE);
    } catch (ExecutionException e) {
      throw broken(address, e.getCause());
    } finally {
      response.cancel(true);
    }
  }

  private static CameraException tooSlow(Duration limit) {
    return new CameraException(
        Reason.UNREACHABLE, "the camera does not answer within " + limit.toSeconds() + " s");
  }

  private HttpRequest request(
      URI address, Service service, String operation, String arguments, Proof proof)
      throws CameraException {
    boolean hasToken = proof == Proof.GIVEN && challenge.isEmpty();
    String header =
        hasToken
            ? credentials
                .map(
                    known -> UsernameToken.header(known, nonce(), clock.instant().plus(clockAhead)))
                .orElse("")
            : "";
    String message =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>%s</s:Header>\
        <s:Body xmlns:x="%s" xmlns:tt="http://www.onvif.org/ver10/schema">\
        <x:%s>%s</x:%s></s:Body></s:Envelope>"""
            .formatted(header, service.namespace, operation, arguments, operation);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header(
                "Content-Type",
                "application/soap+xml; charset=utf-8; action=\"%s/%s\""
                    .formatted(service.namespace, operation))
            .POST(BodyPublishers.ofString(message));
    if (challenge.isPresent() && credentials.isPresent()) {
      String authorization =
          challenge
              .get()
              .authorization(
                  credentials.get(), "POST", path(address), HexFormat.of().formatHex(nonce()));
      if (!authorization.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        throw new CameraException(
            Reason.REFUSED, "the camera takes a user name of ASCII characters only");
      }
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  private byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  private static String path(URI address) {
    String query = address.getRawQuery();
    String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    return query == null ? path : path + "?" + query;
  }

  private Xml envelope(HttpResponse<byte[]> response) throws CameraException {
    int status = response.statusCode();
    if (status >= 300 && status < 400) {
      throw new CameraException(
          Reason.NOT_ONVIF, "the camera sends us elsewhere, and redirects are not followed");
    }
    Xml envelope;
    try {
      envelope = Xml.read(response.body(), response.body().length);
    } catch (IOException e) {
      if (status == UNAUTHORIZED || status == FORBIDDEN) {
        throw notAuthorized("");
      }
      throw new CameraException(
          Reason.NOT_ONVIF,
          "no answer of an ONVIF device (HTTP status " + status + "): " + e.getMessage(),
          e);
    }
    Optional<Xml> fault = envelope.first("Fault");
    if (fault.isPresent()) {
      throw told(fault.get(), status);
    }
    if (status == UNAUTHORIZED) {
      throw notAuthorized("");
    }
    if (status != 200) {
      throw new CameraException(Reason.NOT_ONVIF, "expected HTTP status 200, got " + status);
    }
    return envelope;
  }

  private CameraException told(Xml fault, int status) {
    boolean isNotAuthorized =
        fault.first("Code").stream()
            .flatMap(code -> code.all("Value").stream())
            .map(Xml::text)
            .anyMatch(code -> NOT_AUTHORIZED.contains(code.substring(code.indexOf(':') + 1)));
    String reason =
        Xml.plain(fault.text("Reason", "Text").or(() -> fault.text("faultstring")).orElse(""));
    return isNotAuthorized || status == UNAUTHORIZED
        ? notAuthorized(reason)
        : new CameraException(
            Reason.REFUSED,
            "the camera says no: " + (reason.isEmpty() ? "it gives no reason" : reason));
  }

  private static CameraException broken(URI address, Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof CertificateException) {
        return new CameraException(
            Reason.UNREACHABLE,
            "the camera's certificate is not one that this server trusts; try its http:// address",
            cause);
      }
    }
    if (cause instanceof ProtocolException) {
      return new CameraException(
          Reason.NOT_ONVIF, "no answer of an ONVIF device: " + cause.getMessage(), cause);
    }
    String place = address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    return cause instanceof ConnectException
        ? new CameraException(Reason.UNREACHABLE, "nobody listens at " + place, cause)
        : new CameraException(
            Reason.UNREACHABLE,
            "the connection to "
                + place
                + " broke off: "
                + Xml.plain(String.valueOf(cause.getMessage())),
            cause);
  }
}
