package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon single pictures are on screens: pushed ones, and those put into a watched folder. */
class PushLatencyIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String KEY = "correct horse";

  @TempDir private static Path folder;

  private static TestHome home;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    home = new TestHome(folder.resolve("home"));
    home.secrets("door: " + KEY);
    for (String id : List.of("jpeg", "png", "gif", "webp")) {
      home.source(id, "kind: pictures", "key: door", "linger: 0s");
    }
    Files.createDirectory(home.folder().resolve("media/graphs"));
    home.source("graphs", "kind: folder", "path: graphs", "mode: watch", "linger: 0s");
    server = TestServer.at(home.folder());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static int put(String path, byte[] body, String contentType) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .PUT(BodyPublishers.ofByteArray(body))
            .header("Content-Type", contentType)
            .header("Authorization", "Bearer " + KEY)
            .timeout(LIMIT)
            .build();
    return LiveStream.CLIENT.send(request, BodyHandlers.discarding()).statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "webp"})
  void pushedPictureIsOnScreensWithinAMoment(String form) throws Exception {
    byte[] red = Coloured.picture(folder, "." + form, "red");
    byte[] blue = Coloured.picture(folder, "." + form, "blue");
    String path = "publish/" + form + "/picture";
    assertThat(put(path, blue, "image/" + form)).isEqualTo(204);
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/" + form + ".mjpeg"))) {
      mjpeg.await("the first", bytes -> Coloured.isLastOf(bytes, false));
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        boolean isRed = i % 2 == 0;
        int before = mjpeg.size();
        long begin = System.nanoTime();
        assertThat(put(path, isRed ? red : blue, "image/" + form)).isEqualTo(204);
        Awaitility.await("the pushed picture")
            .atMost(LIMIT)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> mjpeg.size() > before && Coloured.isLastOf(mjpeg.bytes(), isRed));
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      }

      millis.sort(null);
      System.getLogger("PushLatencyIT").log(System.Logger.Level.INFO, form + ": " + millis + " ms");
      assertThat(millis.get(millis.size() / 2)).isLessThan(100);
    }
  }

  @Test
  void folderShowsWhatIsPutIntoIt() throws Exception {
    Path graphs = home.folder().resolve("media/graphs");
    Files.write(graphs.resolve("a.png"), Coloured.picture(folder, ".png", "blue"));
    byte[] red = Coloured.picture(folder, ".png", "red");
    try (LiveStream mjpeg = LiveStream.open(server.uri("live/graphs.mjpeg"))) {
      mjpeg.await("the newest", bytes -> Coloured.isLastOf(bytes, false));
      Path written = Files.write(folder.resolve("written.png"), red);
      long begin = System.nanoTime();

      Files.move(written, graphs.resolve("a.png"), StandardCopyOption.REPLACE_EXISTING);
      Awaitility.await("the replaced one")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> Coloured.isLastOf(mjpeg.bytes(), true));

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
    }
  }
}
