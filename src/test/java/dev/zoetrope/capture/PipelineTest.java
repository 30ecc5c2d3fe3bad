package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zoetrope.capture.Pipeline.Pictures;
import dev.zoetrope.feed.Bounds;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Rendition.Encode;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Track;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A live source with H.264 and AAC, or MJPEG, and what is made of it by how many encoders. */
class PipelineTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Bounds BOUNDS = new Bounds(64 << 20, Duration.ofSeconds(10), 8192);
  private static final TestPattern PATTERN = new TestPattern(64, 64, 10);

  private final Feed<Packet> packets = feed();
  private final Feed<Fragment> fragments = feed();
  private final Path real = Ffmpeg.find(System.getenv("PATH")).orElseThrow();
  private Ffmpeg ffmpeg;
  private Capture capture;
  private Pipeline pipeline;

  @TempDir Path temporary;

  @BeforeEach
  void startFfmpeg() throws IOException {
    ffmpeg = new Ffmpeg(real);
  }

  @AfterEach
  void end() {
    pipeline.close();
    pipeline.close(); // again, without effect
    capture.close();
    ffmpeg.close();
    assertThat(encoders()).as("left behind").isEmpty();
  }

  @ParameterizedTest(name = "{0} {1} from H.264 and AAC: {2} encoders")
  @CsvSource({
    "FMP4,  AUTO,   0, H264 AAC",
    "FMP4,  ALWAYS, 1, H264 AAC",
    "MPEG1, AUTO,   2, MPEG1VIDEO MP2",
    "MJPEG, AUTO,   1, MJPEG",
    "GIF,   AUTO,   1, GIF",
  })
  void onlyCodecsThatTheSourceLacksAreEncoded(
      Format format, Encode encode, int encoders, String codecs) {
    Rendition rendition = rendition(format, 32, encode);

    start(PATTERN, rendition, Pictures.ALL);
    awaitFragments();

    assertThat(encoders()).hasSize(encoders);
    assertThat(tracks())
        .extracting(track -> track.codec().name())
        .containsExactly(codecs.split(" ", -1));
    assertThat(capture.stats().restarts()).isZero();
  }

  @ParameterizedTest(name = "{0} {1} from MJPEG: {2} encoders")
  @CsvSource({"mjpeg, ALL, 0", "wide, ALL, 0", "narrow, ALL, 1", "narrow, KEYFRAMES, 0"})
  void jpegIsEncodedAgainOnlyToMakeItNarrower(String name, Pictures pictures, int encoders)
      throws IOException {
    Rendition rendition =
        name.equals("mjpeg")
            ? Rendition.defaultOf(Format.MJPEG)
            : rendition(Format.MJPEG, name.equals("wide") ? 64 : 32, Encode.AUTO);

    start(folder(), rendition, pictures);
    awaitFragments();

    assertThat(encoders()).hasSize(encoders);
    assertThat(tracks().get(0).width()).isEqualTo(encoders == 0 ? 64 : 32);
    assertThat(capture.stats().restarts()).isZero();
  }

  @Test
  void pictureGoesOnWhereSoundCannotBeEncoded() throws IOException {
    replaceFfmpeg("case \"$*\" in *'-c:a mp2'*) echo no sound today >&2; exit 1;; esac");

    start(PATTERN, Rendition.defaultOf(Format.MPEG1), Pictures.ALL);
    awaitFragments();

    assertThat(tracks()).extracting(Track::codec).containsExactly(Codec.MPEG1VIDEO);
    assertThat(capture.stats().restarts()).isZero();
  }

  @Test
  void encoderThatDiesAtOnceIsTriedWithGrowingWaits() throws IOException {
    Path tries = Files.createFile(temporary.resolve("tries"));
    replaceFfmpeg("case \"$*\" in *'-c:v mjpeg'*) echo again >> '" + tries + "'; exit 1;; esac");
    long start = System.nanoTime();

    start(PATTERN, rendition(Format.MJPEG, 32, Encode.AUTO), Pictures.ALL);
    await().atMost(LIMIT).until(() -> Files.readAllLines(tries).size() == 3); // 1 s, then 2 s

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
    assertThat(capture.stats().restarts()).isZero();
  }

  private void replaceFfmpeg(String firstLine) throws IOException {
    ffmpeg.close();
    Path script = temporary.resolve("ffmpeg");
    Files.writeString(script, "#!/bin/sh\n" + firstLine + "\nexec " + real + " \"$@\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    ffmpeg = new Ffmpeg(script);
  }

  private Folder folder() throws IOException {
    Path folder = temporary.toRealPath();
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, "jpeg", folder.resolve("a.jpg").toFile());
    return new Folder(folder, 10, Source.Folder.Mode.LOOP);
  }

  private void start(Source source, Rendition rendition, Pictures pictures) {
    capture = TestWorkshop.capture(source, ffmpeg, PipelineTest::wallMicros, packets);
    pipeline =
        new Pipeline(
            "test/" + rendition.name(),
            rendition,
            pictures,
            packets,
            fragments,
            ProcessLimits.NONE,
            ffmpeg,
            PipelineTest::wallMicros);
    pipeline.start();
  }

  private static Rendition rendition(Format format, int width, Encode encode) {
    return new Rendition("small", format, width, 10, 5, 100_000, 0, encode);
  }

  private static <T extends Piece> Feed<T> feed() {
    return new Feed<>(BOUNDS, PipelineTest::wallMicros, List.of());
  }

  private static long wallMicros() {
    return System.currentTimeMillis() * 1000;
  }

  private void awaitFragments() {
    await().atMost(LIMIT).until(() -> fragments.stats().pieces() > 5);
  }

  private List<Track> tracks() {
    return fragments.newestJoinPoint().orElseThrow().run().tracks();
  }

  /** Processes whose input is a pipe. */
  private static List<ProcessHandle> encoders() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.isAlive() && commandLine(child).contains("pipe:0"))
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
