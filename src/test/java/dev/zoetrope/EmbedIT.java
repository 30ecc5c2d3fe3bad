package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources in the frames of other sites, and what such sites are told of them. */
@Tag("browser")
class EmbedIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String PASSWORD = "correct horse battery";
  private static final String PLAYER = "document.querySelector('zoetrope-player')";
  private static final Pattern DISCOVERY =
      Pattern.compile(
          "<link rel=\"alternate\" type=\"application/json\\+oembed\" href=\"([^\"]+)\">");

  @RegisterExtension private static final Site site = new Site(EmbedIT::furnish);

  private static TestAdmin admin;
  private static String link; // to what only links open
  private static String session; // of an account

  private static void furnish(TestHome home) throws Exception {
    String size = "width: 320";
    home.settings("trustedProxies: 127.0.0.1");
    home.source("open", "kind: test-pattern", size, "title: 'Yard \"<b>&\"'");
    home.source(
        "gate",
        "kind: test-pattern",
        size,
        "title: Front gate",
        "access: signed-in",
        "origins: [https://page.example]");
    home.source("back", "kind: test-pattern", size, "title: Back door", "access: link");
  }

  @BeforeAll
  static void start() throws Exception {
    admin = new TestAdmin(site.server());
    link = admin.link(List.of("gate", "back"), List.of()).getString("link");
    session = signIn();
  }

  private static String signIn() throws Exception {
    JsonObject ann =
        Json.createObjectBuilder()
            .add("role", "viewer")
            .add("sources", Json.createArrayBuilder(List.of("gate")))
            .add("password", PASSWORD)
            .build();
    admin.call("PUT", "accounts/ann", ann.toString(), 201);
    HttpRequest request =
        HttpRequest.newBuilder(site.uri("api/v1/session"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString("{\"name\": \"ann\", \"password\": \"" + PASSWORD + "\"}"))
            .build();
    HttpResponse<String> answer = LiveStream.CLIENT.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(site.uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return LiveStream.CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String policy(String path, String... headers) throws Exception {
    return header(get(path, headers), "Content-Security-Policy");
  }

  // The page.

  @ParameterizedTest
  @CsvSource({"gate", "back"})
  void pageTellsNothingOfASourceThatOneMayNotWatch(String id) throws Exception {
    HttpResponse<String> unknown = get("embed/nobody");

    HttpResponse<String> page = get("embed/" + id);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body().replace("%2F" + id, "%2Fnobody")).isEqualTo(unknown.body());
    Map<String, List<String>> headers = page.headers().map();
    for (String name : headers.keySet()) {
      if (!List.of("date", "content-length").contains(name.toLowerCase(Locale.ROOT))) {
        assertThat(header(page, name).replace("%2F" + id, "%2Fnobody"))
            .as(name)
            .isEqualTo(header(unknown, name));
      }
    }
    assertThat(headers.keySet()).isEqualTo(unknown.headers().map().keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "embed/gate/?link=a%26b, ../gate?link=a%26b",
    "watch/gate/?link=a, ../gate?link=a",
    "embed/, ../",
    "embed, ./",
  })
  void otherWritingsOfItsAddressLeadThere(String path, String location) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(301);
    assertThat(header(answer, "Location")).isEqualTo(location);
  }

  @ParameterizedTest
  @CsvSource({"embed/GATE", "embed/gate/more", "watch/a_b"})
  void whatIsNoIdIsNotFound(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("expected /" + path.split("/", 2)[0] + "/{id}\n");
  }

  @Test
  void anybodyMayFrameWhatIsPublicAndWhatALinkOpens() throws Exception {
    for (String path : List.of("embed/open", "embed/gate?link=" + link, "embed/back?link=old")) {
      assertThat(policy(path)).as(path).startsWith("default-src 'self';");
      assertThat(policy(path)).as(path).doesNotContain("frame-ancestors");
    }
    assertThat(policy("embed/open", "Cookie", session)).doesNotContain("frame-ancestors");
  }

  @Test
  void whereSomebodysSessionLetsInOnlyNamedPagesMayFrame() throws Exception {
    assertThat(policy("embed/gate", "Cookie", session))
        .endsWith("; frame-ancestors 'self' https://page.example");
    assertThat(policy("embed/gate?link=old", "Cookie", session))
        .endsWith("; frame-ancestors 'self' https://page.example");
    for (String path : List.of("embed/back", "embed/nobody")) {
      assertThat(policy(path, "Cookie", session)).as(path).endsWith("; frame-ancestors 'self'");
    }
    for (String path : List.of("embed/gate", "embed/back", "embed/nobody")) {
      assertThat(policy(path)).as(path).endsWith("; frame-ancestors 'self'");
    }
  }

  @Test
  void pageElsewhereShowsAPublicSourceInAFrame() throws Exception {
    Page page = site.newPage();
    String src = site.uri("embed/open?muted=true").toString();

    try (OtherSite elsewhere = new OtherSite(frame(src))) {
      Browser.open(page, elsewhere.uri());

      Frame frame = awaitFrame(page, "embed/open");
      awaitTrue(frame, PLAYER + "?.state === 'playing'");
      awaitTrue(frame, PLAYER + ".shadowRoot.querySelector('[part~=controls]')");
      awaitTrue(frame, "document.title === 'Yard \"<b>&\" · Zoetrope'");
      assertThat(frame.locator("#title").innerText()).isEqualTo("Yard \"<b>&\"");
      assertThat(frame.locator("#title").getAttribute("href"))
          .isEqualTo(site.uri("watch/open").toString());
      assertThat(frame.locator("#title").getAttribute("target")).isEqualTo("_blank");
      assertThat(frame.locator("a").count()).isEqualTo(1);
    }
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void linkInTheFramesAddressLetsInUntilItIsRevoked() throws Exception {
    JsonObject own = admin.link(List.of("back"), List.of());
    Page page = site.newPage();
    String src = site.uri("embed/back?link=" + own.getString("link")).toString();

    try (OtherSite elsewhere = new OtherSite(frame(src))) {
      Browser.open(page, elsewhere.uri());
      Frame frame = awaitFrame(page, "embed/back");
      awaitTrue(frame, PLAYER + "?.state === 'playing'");
      awaitTrue(frame, "document.title === 'Back door · Zoetrope'");
      assertThat(frame.locator("#title").getAttribute("href"))
          .endsWith("/watch/back?link=" + own.getString("link"));

      admin.revoke(own);

      awaitTrue(frame, PLAYER + ".reason === 'denied'");
      awaitTrue(frame, "/may not watch|revoked/.test(" + PLAYER + ".message)");
    }
  }

  @Test
  void frameElsewhereOfAProtectedSourceIsRefusedByTheBrowser() throws Exception {
    Page page = site.newPage();

    try (OtherSite elsewhere = new OtherSite(frame(site.uri("embed/gate").toString()))) {
      Browser.open(page, elsewhere.uri());

      await()
          .atMost(LIMIT)
          .pollInSameThread()
          .until(
              () -> {
                hear(page);
                return String.join("\n", site.takeErrors());
              },
              text -> text.contains("frame-ancestors"));
      assertThat(page.frames().stream().noneMatch(frame -> frame.url().contains("/embed/gate")))
          .isTrue();
    }
  }

  @Test
  void addressSaysWhatThePlayerDoesAndNoMore() {
    Page page = site.newPage();

    Browser.open(
        page, site.uri("embed/open?ways=mjpeg&fit=cover&muted=true&src=/live/gate&label=no"));

    Browser.await(page, PLAYER + "?.state === 'playing' && " + PLAYER + ".way === 'mjpeg'");
    Browser.await(page, PLAYER + ".getAttribute('label') === 'Yard \"<b>&\"'");
    assertThat(attribute(page, "fit")).isEqualTo("cover");
    assertThat(attribute(page, "muted")).isEqualTo("true");
    assertThat(attribute(page, "src")).isEqualTo(site.uri("live/open").toString());
    assertThat(site.takeErrors()).isEmpty();
  }

  @Test
  void playerFillsItsFrame() {
    Page page =
        site.newPage(
            new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(400, 300));

    Browser.open(page, site.uri("embed/open"));
    Browser.await(page, PLAYER + "?.state === 'playing'");

    assertThat(
            page.evaluate(
                "(() => { const { width, height } = "
                    + PLAYER
                    + ".getBoundingClientRect(); return width + ' ' + height })()"))
        .isEqualTo("400 300");
    assertThat(page.evaluate("document.documentElement.scrollHeight")).isEqualTo(300);
  }

  private static Object attribute(Page page, String name) {
    return page.evaluate(PLAYER + ".getAttribute('" + name + "')");
  }

  private static String frame(String src) {
    return "<!doctype html><title>Elsewhere</title><iframe src='" + src + "' title='it'></iframe>";
  }

  private static Frame awaitFrame(Page page, String path) {
    return await()
        .atMost(LIMIT)
        .pollInSameThread()
        .until(
            () -> {
              hear(page);
              return page.frames().stream()
                  .filter(frame -> frame.url().startsWith(site.uri(path).toString()))
                  .findFirst();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  /** What the browser tells comes with the answer to something. */
  private static void hear(Page page) {
    page.title();
  }

  private static void awaitTrue(Frame frame, String expression) {
    await(expression)
        .atMost(LIMIT)
        .pollInSameThread()
        .until(() -> frame.evaluate("!!(" + expression + ")").equals(true));
  }

  // oEmbed.

  private static String oembed(String url) {
    return "oembed?url=" + URLEncoder.encode(url, UTF_8);
  }

  private static JsonObject json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.createReader(new StringReader(answer.body())).readObject();
  }

  private static String discovered(HttpResponse<String> page) {
    Matcher found = DISCOVERY.matcher(page.body());
    assertThat(found.find()).as(page.body()).isTrue();
    assertThat(header(page, "Link"))
        .isEqualTo("<" + found.group(1) + ">; rel=\"alternate\"; type=\"application/json+oembed\"");
    return found.group(1);
  }

  @ParameterizedTest
  @CsvSource({"watch/open", "embed/open"})
  void pageNamesWhereToAskAndTheAnswerShowsIt(String path) throws Exception {
    String address = discovered(get(path));

    HttpResponse<String> answer = get(address);

    JsonObject found = json(answer);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(found.getString("version")).isEqualTo("1.0");
    assertThat(found.getString("type")).isEqualTo("video");
    assertThat(found.getString("title")).isEqualTo("Yard \"<b>&\"");
    assertThat(found.getString("provider_name")).isEqualTo("Zoetrope");
    assertThat(found.getString("provider_url")).isEqualTo(site.uri("").toString());
    assertThat(found.getInt("width")).isEqualTo(640);
    assertThat(found.getInt("height")).isEqualTo(360);
    assertThat(found.getString("html"))
        .isEqualTo(
            "<iframe src=\""
                + site.uri("embed/open")
                + "\" width=\"640\" height=\"360\" title=\"Yard &quot;&lt;b&gt;&amp;&quot;\""
                + " allow=\"autoplay; fullscreen; picture-in-picture\" allowfullscreen"
                + " style=\"border:0\"></iframe>");
    HttpResponse<String> still = get(found.getString("thumbnail_url"));
    assertThat(header(still, "Content-Type")).isEqualTo("image/jpeg");
  }

  @Test
  void answersFramePlays() throws Exception {
    String html =
        json(get(oembed(site.uri("watch/back?link=" + link).toString()))).getString("html");
    Page page = site.newPage();

    try (OtherSite elsewhere = new OtherSite("<!doctype html><title>It</title>" + html)) {
      Browser.open(page, elsewhere.uri());

      awaitTrue(awaitFrame(page, "embed/back"), PLAYER + "?.state === 'playing'");
    }
    assertThat(site.takeErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "maxwidth=320, 320, 180",
    "maxheight=90, 160, 90",
    "maxwidth=100&maxheight=2000, 100, 56",
    "maxwidth=4000&maxheight=4000&format=json, 640, 360",
    "maxwidth=1, 1, 1",
  })
  void frameIsAsLargeAsItMayBe(String query, int width, int height) throws Exception {
    JsonObject found = json(get(oembed(site.uri("watch/open").toString()) + "&" + query));

    assertThat(found.getInt("width")).isEqualTo(width);
    assertThat(found.getInt("height")).isEqualTo(height);
    assertThat(found.getString("html"))
        .contains("width=\"" + width + "\" height=\"" + height + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "maxwidth=0, 400, maxwidth: expected a number of pixels",
    "maxheight=-5, 400, maxheight: expected a number of pixels",
    "maxwidth=99999999999, 400, maxwidth: expected a number of pixels",
    "maxwidth=, 400, maxwidth: expected a number of pixels",
    "format=xml, 501, format: expected json",
  })
  void badQuestionIsToldWhatWasExpected(String query, int status, String words) throws Exception {
    HttpResponse<String> answer = get(oembed(site.uri("watch/open").toString()) + "&" + query);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  @ParameterizedTest
  @CsvSource({
    "http://other.example/watch/open, url: expected the address of a page of this server",
    "watch/open, url: expected the address of a page of this server",
    "'', url: expected the address of a page of this server",
  })
  void addressOfAnotherServerIsNotFound(String url, String words) throws Exception {
    HttpResponse<String> answer = get(oembed(url));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains(words);
  }

  @Test
  void whoMayNotWatchHearsNoMoreThanAtOtherDoors() throws Exception {
    HttpResponse<String> unknown = get(oembed(site.uri("watch/nobody").toString()));
    HttpResponse<String> nameless = get(oembed(site.uri("watch/gate").toString()));
    HttpResponse<String> wrong = get(oembed(site.uri("watch/gate?link=wrong").toString()));
    HttpResponse<String> elsewhere = get(oembed(site.uri("watch/gate").toString()) + "&link=x");

    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(nameless.statusCode()).isEqualTo(401);
    assertThat(wrong.statusCode()).isEqualTo(get("live/gate.jpg?link=wrong").statusCode());
    assertThat(elsewhere.statusCode()).isEqualTo(401);
    for (HttpResponse<String> answer : List.of(unknown, nameless, wrong, elsewhere)) {
      assertThat(answer.body()).doesNotContain("Front gate");
    }
    assertThat(json(get(oembed(site.uri("watch/gate").toString()), "Cookie", session)).toString())
        .contains("Front gate");
  }

  @Test
  void linkOpensItAndGoesOnInAllAddresses() throws Exception {
    String query = "?link=" + link;
    String address = discovered(get("watch/gate" + query));

    JsonObject found = json(get(address));

    assertThat(found.getString("title")).isEqualTo("Front gate");
    assertThat(found.getString("html")).contains("src=\"" + site.uri("embed/gate") + query + "\"");
    assertThat(found.getString("thumbnail_url")).isEqualTo(site.uri("live/gate.jpg") + query);
    assertThat(get(found.getString("thumbnail_url")).statusCode()).isEqualTo(200);
  }

  @Test
  void behindATrustedProxyThatSpeaksHttpsAddressesDoToo() throws Exception {
    String address = discovered(get("watch/open", "X-Forwarded-Proto", "https"));

    String own = site.uri("watch/open").toString().replace("http:", "https:");
    assertThat(address).isEqualTo(site.uri("").toString().replace("http:", "https:") + oembed(own));
    assertThat(json(get(oembed(own))).getString("html"))
        .contains("src=\"" + own.replace("/watch/", "/embed/") + "\"");
  }
}
