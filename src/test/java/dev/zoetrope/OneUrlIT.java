package dev.zoetrope;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.microsoft.playwright.Page;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /live/{id}} answers by what asks: by the fast door and by the container's. */
@Execution(CONCURRENT)
class OneUrlIT {
  private static final String[] PATTERN = {
    "kind: test-pattern", "width: 160", "height: 96", "fps: 10", "keepRunning: true"
  };

  @TempDir private static Path folder;
  private static final Map<String, TestServer> SERVERS = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    for (String fastDoor : List.of("auto", "off")) {
      List<String> locked = new ArrayList<>(List.of(PATTERN));
      locked.add("access: link");
      TestHome home =
          new TestHome(folder.resolve(fastDoor))
              .source("gate", PATTERN)
              .source("locked", locked.toArray(String[]::new));
      SERVERS.put(
          fastDoor, TestServer.at(home.folder(), List.of("-Dzoetrope.fastDoor=" + fastDoor)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (TestServer server : SERVERS.values()) {
      server.close();
    }
  }

  /** Of a head: status, media type without its parameters, Location. */
  private static String words(HttpResponse<?> head) {
    String type = head.headers().firstValue("Content-Type").orElse("");
    String location = head.headers().firstValue("Location").orElse("");
    return Stream.of(String.valueOf(head.statusCode()), type.replaceAll("\\s*;.*", ""), location)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /**
   * Lines as the clients themselves send them; where they leave out Sec-Fetch-Dest, so do these.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Chromium, img | 200 multipart/x-mixed-replace"
            + "| Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
            + "| Sec-Fetch-Dest: image",
        "Chromium, img, http | 200 multipart/x-mixed-replace"
            + "| Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8 |",
        "Chromium, navigation | 302 ../watch/gate?a=b"
            + "| Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
            + "| Sec-Fetch-Dest: document",
        "Chromium, navigation, http | 302 ../watch/gate?a=b"
            + "| Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7 |",
        "Chromium, iframe | 302 ../embed/gate?a=b"
            + "| Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
            + "| Sec-Fetch-Dest: iframe",
        "Chromium, video | 200 video/mp4 | Accept: */* | Sec-Fetch-Dest: video",
        "Chromium, video, http | 200 video/mp4 | Accept: */* | Range: bytes=0-",
        "Chromium, fetch | 200 application/json | Accept: */* | Sec-Fetch-Dest: empty",
        "Firefox, img | 200 multipart/x-mixed-replace"
            + "| Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 |",
        "Firefox, navigation | 302 ../watch/gate?a=b"
            + "| Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 |",
        "Firefox, video | 200 video/mp4"
            + "| Accept: video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,"
            + "*/*;q=0.5 | Range: bytes=0-",
        "Safari, img | 200 multipart/x-mixed-replace"
            + "| Accept: image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,"
            + "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 |",
        "Safari, video | 200 video/mp4 | Accept: */* | Range: bytes=0-1",
        "VLC, ffmpeg | 200 video/mp4 | Accept: */* | Range: bytes=0-",
        "curl | 200 application/json | Accept: */* |",
        "says nothing | 200 application/json | |",
        "still | 200 image/jpeg | Accept: image/jpeg |",
        "gif | 200 image/gif | Accept: image/gif |",
        "json | 200 application/json | Accept: application/json |",
        "css | 406 text/plain | Accept: text/css |",
      })
  void answerIsByWhatAsks(String who, String expected, String first, String second)
      throws Exception {
    Map<String, String> found = new LinkedHashMap<>();
    Map<String, String> hoped = new LinkedHashMap<>();
    List<String> headers = new ArrayList<>();
    for (String line : new String[] {first, second}) {
      if (line != null) {
        headers.addAll(List.of(line.split(": ", 2)));
      }
    }
    for (String fastDoor : SERVERS.keySet()) {
      var uri = SERVERS.get(fastDoor).uri("live/gate?a=b");
      HttpRequest.Builder head =
          HttpRequest.newBuilder(uri).method("HEAD", BodyPublishers.noBody());
      if (!headers.isEmpty()) {
        head.headers(headers.toArray(String[]::new));
      }

      var empty = LiveStream.CLIENT.send(head.build(), BodyHandlers.ofByteArray());
      try (LiveStream stream = LiveStream.open(uri, headers.toArray(String[]::new))) {
        found.put(fastDoor, words(stream.head()));
        assertThat(stream.head().headers().firstValue("Vary"))
            .contains("Accept, Sec-Fetch-Dest, Range");
      }

      hoped.put(fastDoor, expected);
      found.put(fastDoor + " HEAD", words(empty));
      hoped.put(fastDoor + " HEAD", expected);
      assertThat(empty.body()).isEmpty();
    }
    assertThat(found).as(who).isEqualTo(hoped);
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void whatComesIsWhatItsOwnAddressGives(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    var uri = server.uri("live/gate");

    try (LiveStream images = LiveStream.open(uri, "Accept", "image/webp,*/*");
        LiveStream video = LiveStream.open(uri, "Accept", "video/mp4")) {
      images.await(
          "pictures", bytes -> new String(bytes, ISO_8859_1).split("image/jpeg", -1).length > 4);
      video.await("fragments", bytes -> new String(bytes, ISO_8859_1).split("moof", -1).length > 4);
      // As to image elements at .mjpeg: the next part's head right behind each picture.
      assertThat(images.text()).doesNotContain("Content-Length");
    }
    byte[] still =
        LiveStream.CLIENT
            .send(
                HttpRequest.newBuilder(uri).header("Accept", "image/jpeg").build(),
                BodyHandlers.ofByteArray())
            .body();
    assertThat(ImageIO.read(new ByteArrayInputStream(still)).getWidth()).isEqualTo(160);
    JsonObject state = json(server, "live/gate", "*/*");
    JsonObject listed = SourceList.source(server, "gate");
    assertThat(state.keySet()).isEqualTo(listed.keySet());
    assertThat(state.get("renditions")).isEqualTo(listed.get("renditions"));
  }

  private static JsonObject json(TestServer server, String path, String accept) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.uri(path)).header("Accept", accept).build();
    String text = LiveStream.CLIENT.send(request, BodyHandlers.ofString()).body();
    return Json.createReader(new StringReader(text)).readObject();
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void rightsAreThoseOfTheRealAddress(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);
    TestAdmin admin = new TestAdmin(server);
    String all = admin.link(List.of("locked"), List.of()).getString("link");
    String still = admin.link(List.of("locked"), List.of("jpg")).getString("link");

    Map<String, String> found = new LinkedHashMap<>();
    for (String accept : List.of("image/webp,*/*", "video/mp4", "image/jpeg", "*/*", "text/html")) {
      for (String query : List.of("", "?link=" + all, "?link=" + still)) {
        var uri = server.uri("live/locked" + query);
        try (LiveStream stream = LiveStream.open(uri, "Accept", accept)) {
          String link = query.isEmpty() ? "none" : query.endsWith(all) ? "all" : "still";
          found.put(accept + " " + link, words(stream.head()));
        }
      }
    }

    assertThat(found)
        .containsEntry("image/webp,*/* none", "401 text/plain")
        .containsEntry("image/webp,*/* all", "200 multipart/x-mixed-replace")
        .containsEntry("image/webp,*/* still", "403 text/plain")
        .containsEntry("video/mp4 none", "401 text/plain")
        .containsEntry("video/mp4 all", "200 video/mp4")
        .containsEntry("video/mp4 still", "403 text/plain")
        .containsEntry("image/jpeg none", "401 text/plain")
        .containsEntry("image/jpeg all", "200 image/jpeg")
        .containsEntry("image/jpeg still", "200 image/jpeg")
        .containsEntry("*/* none", "401 text/plain")
        .containsEntry("*/* all", "200 application/json")
        .containsEntry("*/* still", "200 application/json")
        .containsEntry("text/html none", "302 ../watch/locked")
        .containsEntry("text/html all", "302 ../watch/locked?link=" + all)
        .containsEntry("text/html still", "302 ../watch/locked?link=" + still);
  }

  @ParameterizedTest(name = "fastDoor={0}")
  @ValueSource(strings = {"auto", "off"})
  void whatIsNotThereIsToldAtOnce(String fastDoor) throws Exception {
    TestServer server = SERVERS.get(fastDoor);

    JsonObject none = json(server, "live/nothing", "application/json");
    JsonObject unfit = json(server, "live/gate", "application/problem+json");
    JsonObject deeper = json(server, "live/gate/nothing", "application/json");

    assertThat(none.getInt("status")).isEqualTo(404);
    assertThat(none.getString("error")).isEqualTo("there is no source \"nothing\"");
    assertThat(unfit.getInt("status")).isEqualTo(406);
    assertThat(unfit.getString("error")).startsWith("expected an Accept of application/json, ");
    assertThat(deeper.getInt("status")).isEqualTo(404);
    assertThat(deeper.getString("error")).startsWith("expected /live/{id}, ");
  }

  @Test
  void chromiumShowsItWhereverItStands() {
    try (Browser browser = new Browser()) {
      Page page = browser.newPage();

      Browser.open(page, SERVERS.get("auto").uri("live/gate?ways=mjpeg"));
      assertThat(page.url()).endsWith("/watch/gate?ways=mjpeg");
      page.evaluate(
          """
          () => {
            document.body.innerHTML = '<img src="/live/gate"><iframe src="/live/gate"></iframe>'
                + '<video src="/live/gate" muted></video>';
            fetch('/live/gate').then((answer) => answer.json()).then((state) => window.state = state);
          }""");

      Browser.await(page, "document.querySelector('img').naturalWidth === 160");
      long before = Browser.pixels(page.querySelector("img"));
      Awaitility.await()
          .pollInSameThread()
          .until(() -> Browser.pixels(page.querySelector("img")) != before);
      Browser.await(page, "document.querySelector('video').videoWidth === 160");
      Browser.await(page, "window.state && window.state.id === 'gate'");
      Browser.await(page, "frames[0].location.pathname === '/embed/gate'");
    }
  }
}
