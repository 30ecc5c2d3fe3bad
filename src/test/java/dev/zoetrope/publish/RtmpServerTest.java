package dev.zoetrope.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.FreeGuesses;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.format.Fmp4Packager;
import dev.zoetrope.format.NutWriter;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.RtmpPublish;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real ffmpeg publishes; what comes out is decoded by ffmpeg again. */
@Timeout(120)
class RtmpServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PICTURES = 50;
  private static final String[] PATTERN = {
    "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2"
  };
  private static final String[] TONE = {"-f", "lavfi", "-i", "sine=sample_rate=44100:duration=2"};
  private static final String[] NO_INPUT = {};

  @TempDir private Path folder;
  private final PublishPoint gate =
      new PublishPoint(new RtmpPublish(new Secret("se+cret"), false), () -> {}, new FreeGuesses());
  private final PublishPoint yard =
      new PublishPoint(new RtmpPublish(new Secret("other"), true), () -> {}, new FreeGuesses());
  private final PublishPoint nowhere =
      new PublishPoint(new RtmpPublish(new Secret("nobody's"), false), () -> {}, new FreeGuesses());
  private RtmpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new RtmpServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::find, () -> 1_000);
  }

  private PublishPoint find(String name) {
    return switch (name) {
      case "gate" -> gate;
      case "yard" -> yard;
      default -> nowhere;
    };
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void picturesAndSoundOfFfmpegBecomePackets() throws Exception {
    try (Published published = new Published(gate)) {
      String said =
          publish("gate?key=se+cret", PATTERN, TONE, "-c:v", "libx264", "-bf", "0", "-c:a", "aac");

      await().atMost(LIMIT).until(() -> !published.end.isEmpty());
      assertThat(said).isEmpty();
      assertThat(published.end).isEqualTo("the publisher ended the stream");
      assertThat(published.runs).hasSize(1);
      Track video = published.video();
      assertThat(video.codec()).isEqualTo(Codec.H264);
      assertThat(List.of(video.width(), video.height(), video.decodeDelay()))
          .containsExactly(320, 240, 0);
      assertThat(published.audio().codec()).isEqualTo(Codec.AAC);
      assertThat(List.of(published.audio().sampleRate(), published.audio().channels()))
          .containsExactly(44100, 1);
      assertThat(published.pictures()).hasSize(PICTURES).allMatch(p -> p.captureMicros() == 1_000);
      assertThat(published.sounds()).hasSizeGreaterThan(80);
      assertThat(published.pictures().get(0).isKeyframe()).isTrue();
    }
  }

  @Test
  void fragmentsOfPublishedPacketsDecodeWhole() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, TONE, "-c:v", "libx264", "-bf", "2", "-c:a", "aac");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      Path file = fragments(published);

      assertThat(published.video().decodeDelay()).isBetween(1, 2);
      assertThat(published.pictures()).anyMatch(p -> p.ptsMicros() > p.dtsMicros());
      assertThat(decodedPictures(file)).isEqualTo(PICTURES);
    }
  }

  @Test
  void encoderTakesPublishedPackets() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, TONE, "-c:v", "libx264", "-bf", "2", "-c:a", "aac");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      Path nut = folder.resolve("published.nut");
      Path mpeg1 = folder.resolve("encoded.ts");
      try (OutputStream out = Files.newOutputStream(nut)) {
        NutWriter writer = new NutWriter(out, published.runs.get(0).tracks());
        for (Packet packet : published.packets) {
          writer.write(packet);
        }
      }
      run(
          "ffmpeg",
          "-v",
          "error",
          "-nostdin",
          "-copyts",
          "-f",
          "nut",
          "-i",
          nut.toString(),
          "-c:v",
          "mpeg1video",
          "-c:a",
          "mp2",
          mpeg1.toString());

      assertThat(decodedPictures(mpeg1)).isBetween(PICTURES - 1, PICTURES + 1);
    }
  }

  @Test
  void picturesAloneDoNotWaitForSound() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, NO_INPUT, "-c:v", "libx264");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      assertThat(published.runs).hasSize(1);
      assertThat(published.runs.get(0).tracks()).hasSize(1);
      assertThat(published.pictures()).hasSize(PICTURES);
    }
  }

  @Test
  void soundAloneIsARunOfItsOwn() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", NO_INPUT, TONE, "-c:a", "aac");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      assertThat(published.runs).hasSize(1);
      assertThat(published.runs.get(0).video()).isEmpty();
      assertThat(published.sounds()).hasSizeGreaterThan(80);
    }
  }

  @Test
  void mp3IsTakenForEncoders() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", NO_INPUT, TONE, "-c:a", "libmp3lame");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      assertThat(published.audio().codec()).isEqualTo(Codec.MP3);
      assertThat(published.audio().sampleRate()).isEqualTo(44100);
      assertThat(published.sounds()).hasSizeGreaterThan(60);
    }
  }

  @Test
  void codecThatCannotBeTakenIsToldToThePublisher() throws Exception {
    try (Published published = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, NO_INPUT, "-c:v", "flv1");
      await().atMost(LIMIT).until(() -> !published.end.isEmpty());

      assertThat(published.end).contains("FLV codec 2").contains("H.264");
      assertThat(published.packets).isEmpty();
    }
  }

  @Test
  void wrongKeyIsToldToFfmpeg() throws Exception {
    String said = publish("gate?key=wrong", PATTERN, NO_INPUT, "-c:v", "libx264");

    assertThat(said).contains("no source of this name takes this key");
    assertThat(gate.isOccupied()).isFalse();
  }

  @Test
  void missingKeyIsToldToFfmpeg() throws Exception {
    String said = publish("gate", PATTERN, NO_INPUT, "-c:v", "libx264");

    assertThat(said).contains("a key is needed to publish here");
  }

  @Test
  void publisherThatLeftMayReturn() throws Exception {
    try (Published first = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, NO_INPUT, "-c:v", "libx264");
      await().atMost(LIMIT).until(() -> !first.end.isEmpty());
    }
    try (Published second = new Published(gate)) {
      publish("gate?key=se+cret", PATTERN, NO_INPUT, "-c:v", "libx264");
      await().atMost(LIMIT).until(() -> !second.end.isEmpty());

      assertThat(second.pictures()).hasSize(PICTURES);
    }
  }

  @Test
  void portInUseIsToldWithARemedy() {
    InetSocketAddress taken =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());

    assertThatThrownBy(() -> new RtmpServer(taken, this::find, () -> 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("RTMP port " + server.port())
        .hasMessageContaining("choose another port");
  }

  /** What ffmpeg says to it. */
  private String publish(String name, String[] pictures, String[] sound, String... codecs)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin"));
    command.addAll(List.of(pictures));
    command.addAll(List.of(sound));
    command.addAll(List.of(codecs));
    command.addAll(List.of("-preset", "ultrafast", "-g", "25"));
    command.addAll(List.of("-f", "flv", "rtmp://127.0.0.1:" + server.port() + "/live/" + name));
    if (pictures.length == 0 || !List.of(codecs).contains("libx264")) {
      command.removeAll(List.of("-preset", "ultrafast"));
    }
    return run(command.toArray(String[]::new));
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "program", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  private Path fragments(Published published) throws IOException {
    Path file = folder.resolve("published.mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Sink<Fragment> sink =
          new Sink<>() {
            @Override
            public void begin(Run run) {
              write(run.init()::writeTo);
            }

            @Override
            public void accept(Fragment fragment) {
              write(fragment.bytes()::writeTo);
            }

            private void write(Writing writing) {
              try {
                writing.to(out);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          };
      Fmp4Packager packager = new Fmp4Packager(sink);
      packager.begin(published.runs.get(0).tracks());
      published.packets.forEach(packager::accept);
      assertThat(packager.malformed()).isZero();
    }
    return file;
  }

  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private int decodedPictures(Path file) throws IOException, InterruptedException {
    String count =
        run(
            "ffprobe",
            "-v",
            "error",
            "-count_frames",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
            file.toString());
    return Integer.parseInt(count.lines().findFirst().orElseThrow().replace(",", "").strip());
  }
}
