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
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int NOT_IMPLEMENTED = 501;

  private final DeniedHosts denied;

  WayOut(DeniedHosts denied) {
    this.denied = denied;
  }

  /**
   * @throws DeniedHostException if it leads to a host that is denied
   * @throws IOException if nobody knows the host, or it redirects without end
   */
  void check(Url url) throws IOException, InterruptedException {
    URI uri = url.uri();
    check(uri.getHost(), "the server at ");
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
          before + host + ", which is on the list of hosts never connected to: " + entry.get());
    }
  }

  /** Where a request for it is sent to next; empty also if there is no answer to be had. */
  private static Optional<URI> redirect(URI uri) throws InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    try {
      HttpResponse<InputStream> answer = ask(client, uri, "HEAD");
      int status = answer.statusCode();
      if (status == METHOD_NOT_ALLOWED || status == NOT_IMPLEMENTED) {
        answer = ask(client, uri, "GET");
      }
      return location(uri, answer);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // ffmpeg will say what is wrong with it
    }
  }

  /** The head is all that is wanted. */
  private static HttpResponse<InputStream> ask(HttpClient client, URI uri, String method)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(withoutUser(uri))
            .method(method, BodyPublishers.noBody())
            .timeout(PATIENCE)
            .build();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    answer.body().close();
    return answer;
  }

  private static URI withoutUser(URI uri) {
    String text = uri.toString();
    String user = uri.getRawUserInfo();
    return user == null ? uri : URI.create(text.replaceFirst("://[^@/]*@", "://"));
  }

  private static Optional<URI> location(URI from, HttpResponse<InputStream> answer) {
    if (answer.statusCode() / 100 != 3) {
      return Optional.empty();
    }
    try {
      return answer
          .headers()
          .firstValue("Location")
          .map(text -> text.replace(" ", "%20"))
          .flatMap(text -> resolved(from, text));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // what is no address for us is none for ffmpeg
    }
  }

  private static Optional<URI> resolved(URI from, String location) {
    try {
      URI to = from.resolve(new URI(location));
      return Optional.of(to).filter(uri -> isWeb(uri) && uri.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty(); // as above
    }
  }
}
