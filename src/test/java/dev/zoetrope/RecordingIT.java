package dev.zoetrope;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator gets to read: by JFR, with the documented settings, and as a log in JSON. */
class RecordingIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int WHOLE_PICTURES = 1 << 20;

  @TempDir private Path folder;

  @Test
  void sourcesViewersAndEncodersAreRecorded() throws Exception {
    Path file = folder.resolve("zoetrope.jfr");
    Path settings = Path.of("docs/install/zoetrope.jfc").toAbsolutePath();
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("one", "kind: test-pattern", "width: 1280", "height: 720", "linger: 0s");
    String id;
    try (TestServer server =
        TestServer.at(
            home.folder(),
            List.of("-XX:StartFlightRecording:filename=" + file + ",settings=" + settings))) {
      TestAdmin admin = new TestAdmin(server);
      try (Socket slow = new Socket()) {
        slow.setReceiveBufferSize(8 << 10);
        slow.connect(new InetSocketAddress(server.uri().getHost(), server.uri().getPort()));
        slow.getOutputStream()
            .write("GET /live/one.mjpeg HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        await("a lap")
            .atMost(LIMIT)
            .pollInterval(Duration.ofSeconds(2)) // in which nothing is read
            .until(
                () ->
                    slow.getInputStream().readNBytes(WHOLE_PICTURES).length > 0
                        && viewers(admin).getJsonObject(0).getInt("skipped") > 0);
        id = viewers(admin).getJsonObject(0).get("id").toString().replace("\"", "");
      }
      await("it has left").atMost(LIMIT).until(() -> viewers(admin).isEmpty());
      await("nothing runs").atMost(LIMIT).until(() -> server.children().isEmpty());
      server.stop();
    }

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(of(events, "Capture").map(event -> event.getString("kind")))
        .startsWith("started", "first-frame");
    assertThat(of(events, "Capture")).allMatch(event -> event.getString("source").equals("one"));
    assertThat(
            of(events, "Encoder").filter(event -> event.getString("encoder").equals("one/mjpeg")))
        .extracting(event -> event.getString("state"))
        .containsExactly("started", "ended");
    assertThat(of(events, "ViewerJoined").filter(event -> isOf(event, id)))
        .extracting(event -> event.getString("way"))
        .containsExactly("mjpeg");
    assertThat(of(events, "ViewerLapped").filter(event -> isOf(event, id)))
        .isNotEmpty()
        .allMatch(event -> event.getLong("skipped") > 0);
    RecordedEvent left =
        of(events, "ViewerLeft").filter(event -> isOf(event, id)).findFirst().get();
    assertThat(left.getLong("bytes")).isGreaterThan(WHOLE_PICTURES);
    assertThat(left.getLong("skipped"))
        .isEqualTo(
            of(events, "ViewerLapped")
                .filter(event -> isOf(event, id))
                .mapToLong(event -> event.getLong("skipped"))
                .sum());
  }

  private static Stream<RecordedEvent> of(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.zoetrope." + name));
  }

  private static boolean isOf(RecordedEvent event, String viewer) {
    return Long.toString(event.getLong("viewer")).equals(viewer);
  }

  private static JsonArray viewers(TestAdmin admin) throws Exception {
    String text = admin.text("GET", "sources/one/viewers", "", 200);
    return Json.createReader(new StringReader(text)).readArray();
  }

  @Test
  void logIsAnObjectForEachLineWhereThatIsSet() throws Exception {
    TestHome home = new TestHome(folder);
    home.settings("logs: json");
    home.source("lost", "kind: file", "path: missing.mp4", "keepRunning: true");
    List<String> lines;
    try (TestServer server = TestServer.at(folder)) {
      await("a warning").atMost(LIMIT).until(() -> server.log().contains("\"level\":\"warn\""));
      lines = server.log().lines().toList();
    }

    List<JsonObject> objects =
        lines.stream()
            .filter(line -> line.startsWith("{"))
            .map(line -> Json.createReader(new StringReader(line)).readObject())
            .toList();
    assertThat(objects).isNotEmpty();
    assertThat(objects)
        .allMatch(line -> !Instant.parse(line.getString("time")).isAfter(Instant.now()))
        .allMatch(line -> line.getString("logger").startsWith("dev.zoetrope."))
        .anyMatch(line -> line.getString("message").startsWith("node "));
    assertThat(lines).allMatch(line -> line.startsWith("{") || line.startsWith("Zoetrope: "));
  }
}
