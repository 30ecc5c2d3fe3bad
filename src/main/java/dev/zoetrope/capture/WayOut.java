package dev.zoetrope.capture;

import dev.zoetrope.media.Source.Url;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks where an address leads before it is connected to: what its name stands for, and over HTTP
 * what it redirects to, at most {@value #MOST_REDIRECTS} times. Thread-safe; may take seconds.
 */
final class WayOut {
  private static final int MOST_REDIRECTS = 5;

  /** A camera that says nothing to the question may well answer ffmpeg. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int UNAUTHORIZED = 401;

  private final DeniedHosts denied;
  private HttpClient client; // guarded by this; null until a web address is looked at

  WayOut(DeniedHosts denied) {
    this.denied = denied;
  }

  /**
   * Looks where it leads.
   *
   * @throws DeniedHostException if it leads to a host that is denied
   * @throws IOException if nobody knows the host, or it redirects without end
   */
  void check(Url url) throws IOException, InterruptedException {
    URI uri = url.uri();
    check(uri.getHost(), "");
    Optional<URI> next = isWeb(uri) ? redirect(uri) : Optional.empty();
    for (int count = 1; next.isPresent(); count++) {
      if (count > MOST_REDIRECTS) {
        throw new IOException("the server redirects more than " + MOST_REDIRECTS + " times");
      }
      URI followed = next.get();
      check(followed.getHost(), "the server at " + uri.getHost() + " redirects to ");
      next = redirect(followed);
    }
  }

  private static boolean isWeb(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https");
  }

  private void check(String host, String before) throws IOException {
    refuse(host, before, denied.ofName(host));
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException("Failed to resolve hostname " + host, e); // as ffmpeg says it
    }
    for (InetAddress address : addresses) { // ffmpeg may take any of them
      refuse(host, before, denied.ofAddress(address));
    }
  }

  private static void refuse(String host, String before, Optional<String> entry)
      throws DeniedHostException {
    if (entry.isPresent()) {
      throw new DeniedHostException(
          before
              + host
              + (before.isEmpty() ? " is" : ", which is")
              + " on the list of hosts that are never connected to ("
              + entry.get()
              + ")");
    }
  }

  /**
   * Where a request for it is sent to next; empty also if there is no answer to be had: then ffmpeg
   * will say what is wrong.
   *
   * @throws IOException if that is no address to be followed
   */
  private Optional<URI> redirect(URI uri) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer;
    try {
      answer = ask(uri, "HEAD");
      int status = answer.statusCode();
      if (status >= 400 && status != UNAUTHORIZED) { // some do not know the question
        answer = ask(uri, "GET");
      }
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
    Optional<String> location = answer.headers().firstValue("Location");
    return answer.statusCode() / 100 == 3 && location.isPresent()
        ? resolved(uri, location.get())
        : Optional.empty();
  }

  /** The head is all that is wanted. */
  private HttpResponse<InputStream> ask(URI uri, String method)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(withoutUser(uri))
            .method(method, BodyPublishers.noBody())
            .timeout(PATIENCE)
            .build();
    HttpResponse<InputStream> answer = client().send(request, BodyHandlers.ofInputStream());
    answer.body().close();
    return answer;
  }

  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(Version.HTTP_1_1)
              .followRedirects(Redirect.NEVER)
              .connectTimeout(PATIENCE)
              .sslContext(AnyCertificate.context())
              .build();
    }
    return client;
  }

  private static URI withoutUser(URI uri) {
    return uri.getRawUserInfo() == null
        ? uri
        : URI.create(uri.toString().replaceFirst("://[^@/]*@", "://"));
  }

  /** Empty for what is not of the web: ffmpeg does not follow there. */
  private static Optional<URI> resolved(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(new URI(location.strip().replace(" ", "%20")));
    } catch (URISyntaxException e) {
      throw new IOException("the server redirects to what is no address", e);
    }
    if (isWeb(to) && to.getHost() == null) {
      throw new IOException("the server redirects to an address without a host");
    }
    return Optional.of(to).filter(WayOut::isWeb);
  }
}
