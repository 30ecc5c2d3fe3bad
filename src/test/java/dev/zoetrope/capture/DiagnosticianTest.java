package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.media.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs said of real failures; {@code src/test/diagnosis/record} provokes and records. */
class DiagnosticianTest {
  private static final Path RECORDS = Path.of("src/test/resources/dev/zoetrope/capture/diagnosis");

  static List<Path> records() throws IOException {
    try (Stream<Path> files = Files.list(RECORDS)) {
      return files.sorted().toList();
    }
  }

  private static List<String> stderr(Path record) throws IOException {
    List<String> lines = Files.readAllLines(record);
    String said = String.join("\n", lines.subList(1, lines.size()));
    StderrTail tail = new StderrTail(new ByteArrayInputStream(said.getBytes(UTF_8)));
    tail.run();
    return tail.lines();
  }

  /** Such a source as the record's own. */
  private static Source source(String name, List<String> stderr) {
    String all = String.join("\n", stderr);
    if (name.contains("webcam") || name.contains("format")) {
      return new Source.Webcam(Path.of("/dev/video0"), 640, 480, 30, Source.Webcam.Pixels.AUTO);
    }
    if (name.contains("pi.")) {
      return new Source.PiCamera(0, 640, 480, 30, 2_000_000, 0, false, false, 2);
    }
    if (name.startsWith("NO_DISPLAY") || name.startsWith("OFF_SCREEN")) {
      return new Source.Screen(":97", 0, 0, 640, 480, 15);
    }
    for (String scheme : List.of("rtsp", "rtmp", "https", "http", "srt", "udp")) {
      if (all.contains(scheme + "://")) {
        return new Source.Url(URI.create(scheme + "://user:s3cret@192.0.2.9:1234/a?token=t0ken"));
      }
    }
    return new Source.MediaFiles(List.of(Path.of("/media/gate.mp4")), true);
  }

  @ParameterizedTest
  @MethodSource("records")
  void causeIsTheTrueOne(Path record) throws IOException {
    String name = record.getFileName().toString();
    List<String> stderr = stderr(record);

    Diagnosis diagnosis = Diagnostician.of(source(name, stderr), stderr, "the source ended");

    assertThat(stderr).isNotEmpty();
    assertThat(diagnosis.cause().name()).isEqualTo(name.substring(0, name.indexOf('.')));
    assertThat(diagnosis.words()).isNotBlank().doesNotContain("s3cret", "t0ken", "/media/", "0x");
    assertThat(diagnosis.advice()).matches("[A-Z].*\\.");
  }

  @ParameterizedTest
  @MethodSource("records")
  void nobodyElseIsToldWhereItIs(Path record) throws IOException {
    List<String> stderr = stderr(record);
    Source source = source(record.getFileName().toString(), stderr);

    Diagnosis diagnosis = Diagnostician.of(source, stderr, "the source ended").inGeneral();

    assertThat(diagnosis.words() + diagnosis.advice())
        .doesNotContain("192.0.2", "1234", "gate.mp4", "/dev/", ":97", "://")
        .doesNotContainPattern("\\d+\\.\\d+\\.\\d+");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"STALLED", "NO_START", "ENDED", "OVER_LIMIT"}) // whose words are always our own
  void whateverTheCauseItsWordsStayWithOperators(Cause cause) {
    Diagnosis diagnosis = new Diagnosis(cause, "the server at cam.example:554 is odd", "");

    assertThat(diagnosis.inGeneral().cause()).isEqualTo(cause);
    assertThat(diagnosis.inGeneral().words()).isNotBlank().doesNotContain("cam.example", "554");
  }

  @Test
  void deniedHostAndWhatNobodyKnowsAreToldInGeneral() {
    Source camera = url("http");
    Diagnosis denied =
        Diagnostician.of(
            camera, List.of(), new DeniedHostException("192.0.2.9 redirects to 169.254.169.254"));
    Diagnosis unknown =
        Diagnostician.of(camera, List.of("tcp://192.0.2.9:554: odd"), new IOException("the end"));

    assertThat(denied.words()).contains("192.0.2.9");
    assertThat(unknown.words()).contains("192.0.2.9");
    assertThat(denied.inGeneral().words() + unknown.inGeneral().words()).doesNotContain("192.0.2");
  }

  @Test
  void everyOrdinaryFailureWasRecorded() throws IOException {
    List<String> recorded =
        records().stream().map(path -> path.getFileName().toString().split("\\.", -1)[0]).toList();

    assertThat(recorded)
        .contains("WRONG_PASSWORD", "PORT_CLOSED", "NO_SUCH_HOST", "NO_SUCH_STREAM", "TIMED_OUT");
    assertThat(recorded).hasSizeGreaterThan(30);
  }

  @Test
  void placeIsNamed() {
    Source camera = new Source.Url(URI.create("rtsp://user:pw@192.0.2.9:554/stream"));
    List<String> stderr = List.of("rtsp: method DESCRIBE failed: 401 Unauthorized");

    Diagnosis diagnosis = Diagnostician.of(camera, stderr, "the source ended");

    assertThat(diagnosis.words()).startsWith("the server at 192.0.2.9:554 refuses the user name");
    assertThat(diagnosis.cause().needsHand()).isTrue();
  }

  @Test
  void refusalIsOfWhatWasGiven() {
    List<String> unauthorized = List.of("rtsp: method DESCRIBE failed: 401 Unauthorized");
    List<String> passphrase = List.of("srt: incorrect passphrase");

    assertThat(Diagnostician.of(url("rtsp"), unauthorized, "").words())
        .isEqualTo("the server at 192.0.2.9 wants a user name and a password");
    assertThat(Diagnostician.of(url("srt"), passphrase, "").words())
        .isEqualTo("the server at 192.0.2.9 refuses the passphrase");
  }

  @Test
  void tellingLineGoesBeforeTheLastOne() {
    List<String> stderr =
        List.of(
            "tcp: Connection to tcp://192.0.2.9:1935 failed: Connection refused",
            "rtmp: Cannot open connection",
            "rtmp://192.0.2.9/live: Input/output error");

    assertThat(Diagnostician.of(url("rtmp"), stderr, "").cause()).isEqualTo(Cause.PORT_CLOSED);
  }

  @Test
  void whatNobodyKnowsIsToldAsItWasSaid() {
    Diagnosis diagnosis =
        Diagnostician.of(url("http"), List.of("frobnicator: out of cheese", ""), "the end");

    assertThat(diagnosis.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(diagnosis.words()).isEqualTo("frobnicator: out of cheese");
  }

  @Test
  void silenceIsToldByTheEnd() {
    assertThat(Diagnostician.of(url("http"), List.of(), "the source ended").words())
        .isEqualTo("the source ended");
  }

  @Test
  void listenerIsNamedByItsPort() {
    Source source = new Source.SrtPublish(9000, Optional.empty());

    assertThat(Diagnostician.of(source, List.of("srt: bind: Address already in use"), "").words())
        .isEqualTo("another program already listens where this source does: UDP port 9000");
  }

  private static Source url(String scheme) {
    return new Source.Url(URI.create(scheme + "://192.0.2.9/live"));
  }
}
