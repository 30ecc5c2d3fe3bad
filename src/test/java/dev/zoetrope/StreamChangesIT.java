package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.media.Bytes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Streams that change on the way: fMP4 goes on, and each of its runs decodes. */
@Execution(CONCURRENT)
class StreamChangesIT {
  @TempDir private static Path folder;

  private static final List<AutoCloseable> open = new ArrayList<>();
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Path clips = LiveClips.folder();
    TestHome home = new TestHome(folder.resolve("home"));
    Path sizes = home.folder().resolve("media/sizes.ts");
    Files.write(sizes, join(clips.resolve("h264-aac.ts"), clips.resolve("wide.ts")));
    home.media("wrap.ts");
    home.source("sizes", "kind: file", "path: sizes.ts", "linger: 0s");
    home.source("wrap", "kind: file", "path: wrap.ts", "linger: 0s");
    StreamingServer http =
        new StreamingServer()
            .stream(
                "/late",
                "video/mp2t",
                List.of(
                    "ffmpeg",
                    "-nostdin",
                    "-v",
                    "error",
                    "-re",
                    "-i",
                    clips.resolve("late-sound.ts").toString(),
                    "-c",
                    "copy",
                    "-f",
                    "mpegts",
                    "pipe:1"));
    open.add(http);
    home.source("late", "kind: url", "url: \"" + http.uri("/late") + "\"", "linger: 0s");
    server = TestServer.at(home.folder());
    open.add(server);
  }

  private static byte[] join(Path... files) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path file : files) {
      all.writeBytes(Files.readAllBytes(file));
    }
    return all.toByteArray();
  }

  @AfterAll
  static void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** What a socket got of one run. */
  private record FmpRun(JsonObject init, Bytes bytes, int fragments) {
    private static final int LEAST_FRAGMENTS = 60;

    boolean isLong() {
      return fragments > LEAST_FRAGMENTS;
    }

    String size() {
      return init.getInt("width") + "x" + init.getInt("height");
    }
  }

  private static List<FmpRun> runs(List<LiveSocket.Message> messages) {
    List<FmpRun> runs = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).text().isPresent()) {
        int end = i + 1;
        while (end < messages.size() && messages.get(end).text().isEmpty()) {
          end++;
        }
        Bytes[] parts =
            messages.subList(i + 1, end).stream()
                .map(LiveSocket.Message::bytes)
                .toArray(Bytes[]::new);
        JsonObject init =
            Json.createReader(new StringReader(messages.get(i).text().orElseThrow())).readObject();
        runs.add(new FmpRun(init, Bytes.concat(parts), parts.length - 1));
      }
    }
    return runs;
  }

  private static Seen decoded(FmpRun run) throws IOException {
    Seen seen = Seen.of("mp4", run.bytes.toArray());
    assertThat(seen.complaints()).isEmpty();
    assertThat(seen.width() + "x" + seen.height()).isEqualTo(run.size());
    return seen;
  }

  @Test
  void changeOfSizeBeginsARunThatDecodes() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/sizes/fmp4"));
        LiveStream mp4 = LiveStream.open(server.uri("live/sizes.mp4"));
        LiveStream gif = LiveStream.open(server.uri("live/sizes.gif"));
        LiveStream mjpeg = LiveStream.open(server.uri("live/sizes.mjpeg"))) {
      List<LiveSocket.Message> messages =
          socket.await(
              "both sizes, and the first again",
              all -> runs(all).stream().filter(FmpRun::isLong).count() >= 3);

      List<FmpRun> runs = runs(messages);
      assertThat(runs.stream().map(FmpRun::size)).startsWith("320x180", "480x270", "320x180");
      for (FmpRun run : runs) {
        if (run.isLong()) {
          assertThat(decoded(run).distinctPictures()).isGreaterThan(10);
        }
      }
      assertThat(mp4.hasEndedWell()).isTrue(); // players take no second moov
      Seen file = Seen.of("mp4", mp4.bytes());
      assertThat(file.complaints()).isEmpty();
      assertThat(file.distinctPictures()).isGreaterThan(50);
      Seen images = Seen.of("gif", GifCut.whole(gif.bytes()));
      assertThat(images.complaints()).isEmpty();
      assertThat(images.width()).isEqualTo(320);
      assertThat(images.distinctPictures()).isGreaterThan(30);
      assertThat(MultipartCut.parts(mjpeg.bytes())).hasSizeGreaterThan(100);
    }
  }

  @Test
  void pictureIsThereThoughItsSoundStartsLate() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/late/fmp4"))) {
      List<LiveSocket.Message> messages =
          socket.await("pictures", all -> runs(all).stream().anyMatch(run -> run.fragments > 20));

      FmpRun playing =
          runs(messages).stream().filter(run -> run.fragments > 20).findFirst().orElseThrow();
      assertThat(decoded(playing).distinctPictures()).isGreaterThan(10);
    }
  }

  @Test
  void wrapOfTheClockIsNoGap() throws Exception {
    try (LiveSocket socket = LiveSocket.open(server.uri("live/wrap/fmp4"))) {
      List<LiveSocket.Message> messages =
          socket.await("6 s of pictures and sound", all -> all.size() > 6 * (25 + 47));

      List<FmpRun> runs = runs(messages);
      assertThat(runs).hasSize(1);
      Seen seen = decoded(runs.get(0));
      assertThat(seen.pictures()).hasSizeGreaterThan(140);
      assertThat(seen.distinctSounds()).isGreaterThan(100);
    }
  }
}
