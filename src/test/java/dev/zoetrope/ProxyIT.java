package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a real nginx, set up as documented: https, HTTP/2, below a path. */
@Tag("browser")
class ProxyIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int STREAMS = 24;

  /** A number for what each of the images shows now. */
  private static final String PIXELS =
      """
      [...document.querySelectorAll('.many')].map((image) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(image, 0, 0, 64, 36);
        return context.getImageData(0, 0, 64, 36).data
            .reduce((sum, value, i) => (sum * 31 + value + i) % 2147483647, 7);
      })""";

  private static final String PASSWORD = "correct horse battery";

  @TempDir private static Path folder;
  private static TestServer server;
  private static TestAdmin admin;
  private static ReverseProxy proxy;
  private static HttpClient client; // by HTTP/2, trusts the proxy's certificate

  @BeforeAll
  static void start() throws Exception {
    TestHome home = new TestHome(folder.resolve("home"));
    home.settings("trustedProxies: 127.0.0.1");
    home.secrets("door: key");
    home.source("one", "kind: test-pattern", "width: 160", "height: 96", "fps: 5");
    home.source("stream", "kind: http-publish", "key: door");
    server = TestServer.at(home.folder());
    admin = new TestAdmin(server);
    Path place = Files.createDirectories(folder.resolve("nginx"));
    proxy = ReverseProxy.start(place, server.uri().getPort());
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("proxy", proxy.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    client = HttpClient.newBuilder().sslContext(tls).build();
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    server.close();
  }

  private static HttpResponse<String> get(URI uri, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void addressesForOtherPagesAndPublishersAreThoseOutside() throws Exception {
    String watch = proxy.uri("watch/one").toString();
    String oembed = proxy.uri("oembed?url=") + URLEncoder.encode(watch, StandardCharsets.UTF_8);

    HttpResponse<String> page = get(proxy.uri("watch/one"));
    HttpResponse<String> embedding = get(URI.create(oembed));
    HttpResponse<String> publishing =
        get(
            proxy.uri("api/v1/sources/stream/publish-key"),
            "Authorization",
            "Bearer " + admin.token());

    assertThat(page.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(page.body()).contains("href=\"" + oembed + "\"");
    assertThat(embedding.body())
        .contains(proxy.uri("embed/one").toString(), proxy.uri("live/one.jpg").toString());
    assertThat(publishing.body()).contains(proxy.uri("publish/stream").toString());
  }

  @Test
  void sessionIsForThatPathAndForHttpsAlone() throws Exception {
    admin.call(
        "PUT", "accounts/ann", "{\"role\": \"operator\", \"password\": \"" + PASSWORD + "\"}", 201);

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(proxy.uri("api/v1/session"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"name\": \"ann\", \"password\": \"" + PASSWORD + "\"}"))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow().split("; *"))
        .contains("Path=/cams", "Secure");
  }

  @Test
  void viewersAddressIsThatWhichATrustedProxyTells() throws Exception {
    String direct = server.uri("live/one.mjpeg").toString();
    String outside = proxy.uri("live/one.mjpeg").toString();
    String told = "X-Forwarded-For: 203.0.113.9";

    assertThat(addressOf("127.0.0.5", outside)).isEqualTo("127.0.0.5");
    assertThat(addressOf("127.0.0.5", outside, told)).isEqualTo("127.0.0.5");
    assertThat(addressOf("127.0.0.5", direct, told)).isEqualTo("127.0.0.5");
    assertThat(addressOf("127.0.0.1", direct, told)).isEqualTo("203.0.113.9");
    assertThat(addressOf("127.0.0.1", direct, "X-Forwarded-For: 198.51.100.1, 203.0.113.9"))
        .isEqualTo("203.0.113.9");
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void addressOfASocketIsToldLikewise(String fastDoor, @TempDir Path place) throws Exception {
    TestHome home = new TestHome(place);
    home.settings("trustedProxies: 127.0.0.1");
    home.source("one", "kind: test-pattern", "width: 160", "height: 96", "fps: 5");
    try (TestServer own = TestServer.at(place, List.of("-Dzoetrope.fastDoor=" + fastDoor));
        LiveSocket socket =
            LiveSocket.open(own.uri("live/one/mpeg1"), "X-Forwarded-For: 203.0.113.9")) {
      socket.await("pictures", messages -> messages.size() > 3);

      assertThat(viewers(new TestAdmin(own)).get(0).getString("address")).isEqualTo("203.0.113.9");
    }
  }

  /** How the API calls a viewer who connects from there with such headers. */
  private static String addressOf(String from, String uri, String... headers) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "-skNo", "/dev/null", "--interface", from, uri));
    for (String header : headers) {
      command.addAll(List.of("-H", header));
    }
    await("none").atMost(LIMIT).until(() -> viewers(admin).isEmpty());
    try (Program curl = Program.start(command.toArray(String[]::new))) {
      await("a viewer").atMost(LIMIT).until(() -> viewers(admin).size() == 1);
      assertThat(curl.isAlive()).isTrue();
      return viewers(admin).get(0).getString("address");
    } finally {
      await("none").atMost(LIMIT).until(() -> viewers(admin).isEmpty());
    }
  }

  private static List<JsonObject> viewers(TestAdmin asking) throws Exception {
    String text = asking.text("GET", "sources/one/viewers", "", 200);
    return Json.createReader(new StringReader(text)).readArray().getValuesAs(JsonObject.class);
  }

  @Test
  void twentyFourImagesMoveInOnePageAndAPlayerBesideThem() throws Exception {
    try (Browser browser = new Browser();
        Page page = browser.newPage(new NewContextOptions().setIgnoreHTTPSErrors(true))) {
      Browser.open(page, proxy.uri("embed/one"));
      page.evaluate(
          """
          (count) => {
            for (let i = 0; i < count; i++) {
              const image = Object.assign(new Image(), { src: `../live/one.mjpeg?n=${i}`, className: 'many' });
              document.body.append(image);
            }
          }""",
          STREAMS);

      List<Set<Object>> seen = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        seen.add(new HashSet<>());
      }
      await("all move")
          .atMost(LIMIT)
          .pollInSameThread()
          .until(
              () -> {
                List<?> shown = (List<?>) page.evaluate(PIXELS);
                for (int i = 0; i < STREAMS; i++) {
                  seen.get(i).add(shown.get(i));
                }
                return seen.stream().allMatch(each -> each.size() >= 4);
              });

      assertThat(page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"))
          .isEqualTo("h2");
      Players.awaitMoving(page);
      assertThat(page.evaluate("document.querySelector('zoetrope-player').way"))
          .as("by WebSocket")
          .isIn("webcodecs", "mse");
    }
  }
}
