package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static Ffmpeg ffmpeg;

  private final RecordingSink sink = new RecordingSink();

  @TempDir Path temporary;
  private Path media;

  @BeforeAll
  static void findFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
  }

  @AfterAll
  static void closeFfmpeg() {
    ffmpeg.close();
  }

  @BeforeEach
  void makeMediaFolder() throws IOException {
    media = temporary.toRealPath();
  }

  @Test
  void closeEndsTheProcessAndTheThread() {
    Capture capture = capture(new TestPattern(64, 64, 10), sink);
    awaitState(capture, CaptureState.LIVE);
    List<ProcessHandle> running = children();

    capture.close();

    assertThat(running).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(capture.stats().state()).isEqualTo(CaptureState.IDLE);
    int packets = sink.packets.size();
    capture.close(); // again, without effect
    assertThat(sink.packets).hasSize(packets);
  }

  @Test
  void sourceThatEndsBeginsANewRunLaterOnTheClock() throws Exception {
    Path clip = clip("clip.ts", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=0.5", "-g", "5");

    try (Capture capture = capture(new MediaFiles(List.of(clip), false), sink)) {
      await().atMost(LIMIT).until(() -> sink.runs.size() >= 2 && sink.packets.size() >= 8);

      assertThat(capture.stats().restarts()).isPositive();
      assertThat(sink.packets).extracting(Packet::dtsMicros).isSorted();
      assertThat(sink.runs).extracting(Run::number).startsWith(0, 1);
    }
  }

  @Test
  void failureIsToldWithoutWhereTheFileLies() throws IOException {
    Path broken = Files.write(media.resolve("broken.mp4"), new byte[1000]);

    try (Capture capture = capture(new MediaFiles(List.of(broken), false), sink)) {
      awaitState(capture, CaptureState.WAITING);

      assertThat(cause(capture)).contains("broken.mp4").doesNotContain(media.toString());
    }
  }

  @Test
  void failureIsToldWithoutCredentials() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    String place = "127.0.0.1:" + server.getAddress().getPort() + "/a.ts";
    URI uri = URI.create("http://user:pass-word@" + place + "?token=t0ken");

    try (Capture capture = capture(new Url(uri), sink)) {
      awaitState(capture, CaptureState.WAITING);

      assertThat(cause(capture))
          .contains("127.0.0.1", "no stream of this name")
          .doesNotContain("user", "pass-word", "t0ken");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void sourceThatFailsAtOnceIsTriedWithGrowingWaits() throws Exception {
    Folder empty =
        new Folder(Files.createDirectory(media.resolve("empty")), 5, Source.Folder.Mode.LOOP);
    long start = System.nanoTime();

    try (Capture capture = capture(empty, sink)) {
      await()
          .atMost(LIMIT)
          .until(() -> capture.stats().restarts() == 3); // waits up to 1 s, then up to 2 s

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThan(Duration.ofMillis(1500));
    }
  }

  @Test
  void linkThatCameAfterConfigurationIsNotFollowed() throws IOException {
    Path outside = Files.createDirectory(media.resolve("outside"));
    Path inside = media.resolve("inside");
    Files.createSymbolicLink(inside, outside);

    try (Capture folder = capture(new Folder(inside, 5, Source.Folder.Mode.LOOP), sink);
        Capture file = capture(new MediaFiles(List.of(inside.resolve("a.mp4")), false), sink)) {
      awaitState(folder, CaptureState.WAITING);
      awaitState(file, CaptureState.WAITING);

      assertThat(cause(folder)).isEqualTo("inside is a link, or below one, that came later");
      assertThat(cause(file)).isEqualTo("the file a.mp4 is not in the media folder");
    }
  }

  @Test
  void readerThatBreaksDoesNotEndTheCaptureForGood() {
    AtomicInteger runs = new AtomicInteger();
    Sink<Packet> breaking =
        new Sink<>() {
          @Override
          public void begin(Run run) {
            if (runs.incrementAndGet() == 1) {
              throw new IllegalStateException("on purpose");
            }
          }

          @Override
          public void accept(Packet packet) {
            sink.accept(packet);
          }
        };

    try (Capture capture = capture(new TestPattern(64, 64, 10), breaking)) {
      await().atMost(LIMIT).until(() -> hasPicture(Codec.H264));

      assertThat(capture.stats().restarts()).isEqualTo(1);
      assertThat(children()).hasSize(1);
    }
  }

  @Test
  void pictureIsCapturedWhereTheAnnouncedSoundDoesNotCome() throws Exception {
    Path late = clipWithSoundAt("late.ts", 8);

    try (Capture capture = capture(new MediaFiles(List.of(late), false), sink)) {
      await().atMost(LIMIT).until(() -> !sink.packets.isEmpty());

      assertThat(sink.runs.get(0).audio()).isEmpty();
      assertThat(capture.stats().restarts()).isZero();
    }
  }

  @Test
  void picturesThatCannotBeCopiedBecomeJpeg() throws Exception {
    Path webp = clip("still.webp", "-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1");

    try (Capture capture = capture(new MediaFiles(List.of(webp), true), sink)) {
      await().atMost(LIMIT).until(() -> sink.packets.size() > 2);

      assertThat(sink.runs.get(0).video().orElseThrow().codec()).isEqualTo(Codec.MJPEG);
      assertThat(cause(capture)).isEmpty();
    }
  }

  @Test
  void soundThatBeganLateIsFound() throws Exception {
    Path clip = clipWithSoundAt("clip.ts", 8);
    Path better = clipWithSoundAt("better.ts", 0);
    Duration soon = Duration.ofSeconds(1);

    try (Capture capture =
        new Capture(
            TestWorkshop.task(new MediaFiles(List.of(clip), true)),
            TestWorkshop.of(ffmpeg, () -> 0),
            new RecordingOwner(),
            sink,
            soon)) {
      await().atMost(LIMIT).until(() -> !sink.packets.isEmpty());
      Files.move(better, clip, StandardCopyOption.REPLACE_EXISTING);

      await().atMost(LIMIT).until(() -> sink.runs.size() > 1);
      assertThat(sink.runs.get(0).audio()).isEmpty();
      assertThat(sink.runs.get(1).audio()).isPresent();
      assertThat(cause(capture)).isEmpty();
    }
  }

  private Path clipWithSoundAt(String name, int seconds) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=9"));
    arguments.addAll(List.of("-itsoffset", Integer.toString(seconds), "-f", "lavfi"));
    arguments.addAll(List.of("-i", "sine=d=1", "-c:a", "aac", "-g", "10"));
    return clip(name, arguments.toArray(String[]::new));
  }

  private static Capture capture(Source source, Sink<Packet> to) {
    return TestWorkshop.capture(source, ffmpeg, () -> System.currentTimeMillis() * 1000, to);
  }

  private boolean hasPicture(Codec codec) {
    return sink.packets.stream().anyMatch(packet -> packet.track().codec() == codec);
  }

  private static String cause(Capture capture) {
    return capture.stats().why().map(Diagnosis::words).orElse("");
  }

  private static void awaitState(Capture capture, CaptureState state) {
    await().atMost(LIMIT).until(() -> capture.stats().state() == state);
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private Path clip(String name, String... arguments) throws IOException, InterruptedException {
    Path clip = media.resolve(name);
    List<String> command = new ArrayList<>(List.of("-v", "error"));
    command.addAll(List.of(arguments));
    command.add(clip.toString());
    Process process = ffmpeg.start(command);
    process.getOutputStream().close();
    assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(process.waitFor()).isZero();
    return clip;
  }
}
