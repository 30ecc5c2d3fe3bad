package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.alert.Webhook;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.ProcessLimits;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of source that are brought to us or are devices, and the secrets they need. */
class SourceKindsTest {
  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(folder.toRealPath());
    Files.createDirectories(home.sources());
    Files.createDirectories(home.media());
    secrets("gate-key: k3y", "long-phrase: correct horse battery", "admin-token: t0ken");
  }

  private void secrets(String... lines) throws IOException {
    Files.deleteIfExists(home.secretsFile());
    Files.createFile(
        home.secretsFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(home.secretsFile(), List.of(lines));
  }

  private Configuration read() {
    return Configuration.read(home, Map.of(), Map.of(), 4L << 30);
  }

  private Configuration read(String... lines) throws IOException {
    Files.write(home.sources().resolve("gate.yaml"), List.of(lines));
    return read();
  }

  private Source source(String... lines) throws IOException {
    Configuration configuration = read(lines);
    assertThat(configuration.mistakes()).isEmpty();
    return configuration.sources().get(0).source();
  }

  private List<String> mistakes(String... lines) throws IOException {
    return read(lines).mistakes().stream().map(Mistake::toString).toList();
  }

  @Test
  void filesArePlayedOneAfterTheOther() throws IOException {
    assertThat(source("kind: file", "paths: [a.mp4, b.mp4]", "loop: false"))
        .isEqualTo(
            new Source.MediaFiles(
                List.of(home.media().resolve("a.mp4"), home.media().resolve("b.mp4")), false));
  }

  @Test
  void credentialsKeptApartBecomePartOfTheAddress() throws IOException {
    secrets("camera: 'p@ss w/rd'", "admin-token: t0ken");

    Source source =
        source("kind: url", "url: rtsp://camera/s", "user: me@home", "password: camera");

    assertThat(source)
        .isEqualTo(new Source.Url(URI.create("rtsp://me%40home:p%40ss%20w%2Frd@camera/s")));
    assertThat(source.toString()).doesNotContain("home", "rd");
  }

  @Test
  void passwordMayBelongToTheUserOfTheAddress() throws IOException {
    secrets("camera: 'p@ss'", "admin-token: t0ken");

    assertThat(source("kind: url", "url: rtsp://me%40home@camera/s", "password: camera"))
        .isEqualTo(new Source.Url(URI.create("rtsp://me%40home:p%40ss@camera/s")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/video0",
        "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0",
        "/dev/v4l/by-id/usb-Sonix_Technology_Co.,_Ltd._USB_2.0_Camera_HD_with_two_Microphones+Light"
            + "_SN0001-video-index0"
      })
  void webcamMayBeNamedByItsPathOrId(String device) throws IOException {
    assertThat(source("kind: webcam", "device: " + device))
        .isEqualTo(new Source.Webcam(Path.of(device), 640, 480, 30, Source.Webcam.Pixels.AUTO));
  }

  @Test
  void passphraseBecomesPartOfTheAddress() throws IOException {
    assertThat(
            source("kind: url", "url: \"srt://host:9000?mode=caller\"", "passphrase: long-phrase"))
        .isEqualTo(
            new Source.Url(
                URI.create("srt://host:9000?mode=caller&passphrase=correct%20horse%20battery")));
  }

  @Test
  void publishedKindsHaveAKey() throws IOException {
    Secret key = new Secret("k3y");

    assertThat(source("kind: rtmp-publish", "key: gate-key", "takeOver: true"))
        .isEqualTo(new Source.RtmpPublish(key, true));
    assertThat(source("kind: http-publish", "key: gate-key"))
        .isEqualTo(new Source.HttpPublish(key, false));
    assertThat(source("kind: pictures", "key: gate-key", "lostAfter: 5m"))
        .isEqualTo(new Source.Pictures(key, false, Duration.ofMinutes(5)));
    assertThat(source("kind: srt-publish", "port: 9000", "passphrase: long-phrase"))
        .isEqualTo(new Source.SrtPublish(9000, Optional.of(new Secret("correct horse battery"))));
  }

  @Test
  void folderCanBeWatched() throws IOException {
    assertThat(source("kind: folder", "path: shots", "mode: watch"))
        .isEqualTo(new Source.Folder(home.media().resolve("shots"), 25, Source.Folder.Mode.WATCH));
  }

  @Test
  void devicesHaveTheirDefaults() throws IOException {
    assertThat(source("kind: webcam"))
        .isEqualTo(
            new Source.Webcam(Path.of("/dev/video0"), 640, 480, 30, Source.Webcam.Pixels.AUTO));
    assertThat(source("kind: pi-camera", "rotation: 180", "flip: vertical"))
        .isEqualTo(new Source.PiCamera(0, 1280, 720, 30, 2_000_000, 180, false, true, 2));
    assertThat(source("kind: screen", "display: \":1\""))
        .isEqualTo(new Source.Screen(":1", 0, 0, 1280, 720, 15));
  }

  @Test
  void captureIsWatchedAsTheSourceSays() throws IOException {
    Configuration configuration =
        read(
            "kind: test-pattern",
            "startTimeout: 30s",
            "stallTimeout: 8s",
            "process: {nice: 5, cpu: 150, memory: 500m, threads: 4}");

    SourceSettings settings = configuration.sources().get(0);
    assertThat(settings.capture())
        .isEqualTo(
            new CaptureSettings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(8),
                new ProcessLimits(5, 150, 500L << 20, 4)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: rtmp-publish                    | key — missing; the name of a secret",
        "kind: rtmp-publish;key: nothing       | key: … — expected the name of a secret; there is",
        "kind: rtmp-publish;key: My Key!       | key: … — expected the name of a secret, of a-z",
        "kind: pictures;key: gate-key;lostAfter: 1ms | lostAfter: 1ms — expected a time",
        "kind: srt-publish                     | port — missing; where the caller comes to",
        "kind: srt-publish;port: 0             | port: 0 — expected a whole number, 1 to 65535",
        "kind: srt-publish;port: 1;passphrase: gate-key | passphrase: … — the secret of this name",
        "kind: file;paths: []                  | paths: […] — expected a list such as",
        "kind: file;paths: [a.mp4, ../b.mp4]   | paths: ../b.mp4 — expected a path below the media",
        "kind: file;path: a.mp4;paths: [b.mp4] | path: a.mp4 — path and paths exclude each other",
        "kind: url;url: rtsp://c/;password: gate-key | password: … — belongs to a user",
        "kind: url;url: rtsp://a:b@c/;user: x  | user: x — the url has a user as well",
        "kind: url;url: rtsp://@c/;password: gate-key | password: … — belongs to a user",
        "kind: url;url: rtsp://a:b@c/;password: gate-key | password: … — the url has a password",
        "kind: url;url: rtsp://a:@c/;password: gate-key | password: … — the url has a password",
        "kind: url;url: udp://c:1;user: x      | user: x — belongs to addresses that begin with rtmp,",
        "kind: url;url: srt://c:1;password: gate-key | password: … — belongs to addresses that begin",
        "kind: url;url: srt://bob:pw@c:1       | url: srt://c:1 — srt takes no user; rtmp, rtmps, rtsp,",
        "kind: url;url: SRT://c:1?passphrase=abc;passphrase: long-phrase | passphrase: … — the url has",
        "kind: url;url: 'rtsp://c/a#b'         | url: rtsp://c/a — write # as %23",
        "kind: url;url: 'rtsp://u:1#k3y@c/a'   | url: rtsp://… — write # as %23",
        "kind: url;url: rtsp://c/;passphrase: long-phrase | passphrase: … — belongs to addresses",
        "kind: webcam;device: /etc/passwd      | device: /etc/passwd — expected a device such as",
        "kind: webcam;device: /dev/v4l/a b     | device: /dev/v4l/a b — expected a device such as",
        "kind: webcam;device: /dev/            | device: /dev/ — expected a device such as",
        "kind: webcam;device: /dev/../etc/x    | device: /dev/../etc/x — expected a device such as",
        "kind: screen;display: -i              | display: -i — expected a display such as",
        "kind: pi-camera;rotation: 90          | rotation: 90 — expected 0, 180",
        "kind: test-pattern;stallTimeout: 1s   | stallTimeout: 1s — expected a time with its unit",
        "kind: test-pattern;process: {cpus: 3} | process.cpus: 3 — unknown key; did you mean cpu?",
        "kind: file;path: a;process: {threads: 0} | process.threads: 0 — expected a whole number, 1 to",
        "kind: file;path: a;process: {threads: 65} | process.threads: 65 — expected a whole number, 1",
      })
  void mistakeIsToldWithoutASecret(String lines, String expected) throws IOException {
    List<String> mistakes = mistakes(lines.strip().split(";", -1));

    assertThat(mistakes).anyMatch(mistake -> mistake.contains(expected));
    assertThat(mistakes).noneMatch(mistake -> mistake.contains("k3y") || mistake.contains("horse"));
    assertThat(read().sources()).isEmpty();
  }

  @Test
  void twoSourcesCannotListenOnOnePort() throws IOException {
    Files.write(home.sources().resolve("yard.yaml"), List.of("kind: srt-publish", "port: 9000"));

    assertThat(mistakes("kind: srt-publish", "port: 9000"))
        .containsExactly(
            "sources/yard.yaml: port: 9000 — source gate has this port as well; choose another");
  }

  @Test
  void secretsThatOthersCanReadAreToldAndStillUsed() throws IOException {
    Files.setPosixFilePermissions(home.secretsFile(), PosixFilePermissions.fromString("rw-r--r--"));

    Configuration configuration = read("kind: rtmp-publish", "key: gate-key");

    assertThat(configuration.mistakes())
        .singleElement()
        .asString()
        .contains("secrets.yaml", "rw-r--r--", "chmod 600");
    assertThat(configuration.sources()).hasSize(1);
  }

  @Test
  void whatIsWrongInSecretsIsToldWithoutThem() throws IOException {
    secrets("Bad Name: hidden1", "list: [hidden2]", "empty:", "admin-token: t0ken");

    assertThat(read().mistakes())
        .hasSize(3)
        .noneMatch(mistake -> mistake.toString().contains("hidden"));
  }

  @Test
  void firstStartMakesATokenForOperatorsThatNobodyElseCanRead() throws IOException {
    Files.delete(home.secretsFile());

    home.prepare();
    Optional<Secret> first = read().secrets().adminToken();
    home.prepare();

    assertThat(first.orElseThrow().reveal()).hasSize(43);
    assertThat(read().secrets().adminToken()).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.secretsFile())))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "camera: visible;camera: hidden1;admin-token: hidden2",
        "camera: \"hidden1;admin-token: hidden2",
        "camera: hidden1: hidden2",
        "camera: @hidden1",
        "camera: `hidden1`",
        "camera: %hidden1;hidden2: *hidden3",
        "camera: &hidden1 x",
        "camera: *hidden1",
        "camera: !hidden1 x",
        "camera: [hidden1, hidden2]",
        "camera: {hidden1: hidden2}",
        "camera: |hidden1",
        "camera: {hidden1",
        "camera: \"\\hidden1\"",
        "- hidden1",
        "hidden1",
        "camera = hidden1",
        "{camera hidden1}",
        "camera hidden1: x",
        "camera: hidden1;...;admin-token: hidden2",
        "camera: hidden1;---;admin-token: hidden2",
      })
  void mistakeInSecretsIsToldWithoutAnyValue(String lines) throws IOException {
    secrets(lines.split(";", -1));

    List<Mistake> mistakes = read().mistakes();

    assertThat(mistakes).isNotEmpty();
    assertThat(mistakes)
        .noneMatch(mistake -> mistake.toString().contains("hidden"))
        .allMatch(mistake -> mistake.file().equals(Path.of("secrets.yaml")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{gate-key: k3y}\n",
        "gate-key: k3y\n...\n",
        "gate-key: |\n  k3y",
        "gate-key: \"k3y\n",
        "- gate-key\n",
        "gate-key: T\u00fcr\n",
        "\u0000",
      })
  void secretsThatCannotBeAddedToAreLeftAloneAndTold(String text) throws IOException {
    Files.write(home.secretsFile(), text.getBytes(StandardCharsets.ISO_8859_1));

    home.prepare();

    assertThat(home.secretsFile()).hasBinaryContent(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read().mistakes())
        .anyMatch(mistake -> mistake.toString().contains("admin-token — missing"));
    try (Stream<Path> files = Files.list(home.folder())) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".draft"));
    }
  }

  @Test
  void tokenThatIsMissingIsToldWithTheLineToAdd() throws IOException {
    secrets("{gate-key: k3y}");

    home.prepare();

    assertThat(read().mistakes())
        .singleElement()
        .asString()
        .startsWith("secrets.yaml: admin-token — missing")
        .contains("add the line admin-token: \"…\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"admin-token\": t0ken\n",
        "'admin-token': t0ken\n",
        "admin-token : t0ken\n",
        "? admin-token\n: t0ken\n",
        "{gate-key: k3y, admin-token: t0ken}\n",
        "\uFEFFadmin-token: t0ken\n",
      })
  void tokenThatIsThereIsFoundHoweverItIsWritten(String text) throws IOException {
    Files.writeString(home.secretsFile(), text);

    home.prepare();

    assertThat(Files.readString(home.secretsFile())).isEqualTo(text);
    assertThat(read().mistakes()).isEmpty();
    assertThat(read().secrets().adminToken()).contains(new Secret("t0ken"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# none yet",
        "gate-key: k3y",
        "gate-key: k3y\r\n",
        "\uFEFFgate-key: k3y\n",
        "---\ngate-key: \"a\\\n  b\"\n",
        "gate-key: |\n  k3y\n# admin-token: old\n",
      })
  void tokenIsAddedBehindWhatIsThere(String text) throws IOException {
    Files.writeString(home.secretsFile(), text);
    Optional<Secret> key = read().secrets().named("gate-key");

    home.prepare();

    assertThat(Files.readString(home.secretsFile())).startsWith(text);
    assertThat(read().mistakes()).isEmpty();
    assertThat(read().secrets().named("gate-key")).isEqualTo(key);
    assertThat(read().secrets().adminToken()).isPresent();
  }

  @Test
  void linkToSecretsStaysALink() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path real = Files.move(home.secretsFile(), elsewhere.resolve("s.yaml"));
    Files.writeString(real, "gate-key: k3y\n");
    Files.createSymbolicLink(home.secretsFile(), real);

    home.prepare();

    assertThat(home.secretsFile()).isSymbolicLink();
    assertThat(Files.readString(real)).startsWith("gate-key: k3y\nadmin-token: ");
    assertThat(read().mistakes()).isEmpty();
  }

  @Test
  void linkToSecretsThatLeadsNowhereIsLeftAndTold() throws IOException {
    Files.delete(home.secretsFile());
    Files.createSymbolicLink(home.secretsFile(), folder.resolve("not-there"));

    home.prepare();

    assertThat(home.secretsFile()).isSymbolicLink();
    assertThat(read().mistakes())
        .extracting(Mistake::toString)
        .anyMatch(mistake -> mistake.contains("does not exist"))
        .anyMatch(mistake -> mistake.contains("admin-token — missing"));
  }

  @Test
  void tokenIsAddedToSecretsThatAreThere() throws IOException {
    secrets("gate-key: k3y");

    home.prepare();

    Secrets secrets = read().secrets();
    assertThat(secrets.named("gate-key")).contains(new Secret("k3y"));
    assertThat(secrets.adminToken()).isPresent();
  }

  @Test
  void webhooksAreReadWithTheirSecrets() throws IOException {
    Files.write(
        home.serverFile(),
        List.of(
            "rtmpPort: 0",
            "hardware: off",
            "limits: {starts: 2}",
            "webhooks:",
            "  door: {url: \"https://example.com/told\", key: gate-key, sources: [gate], delay: 5m}",
            "  all: {url: \"http://127.0.0.1:9/\"}"));

    ServerSettings server = read("kind: test-pattern").server();

    assertThat(server.rtmpPort()).isZero();
    assertThat(server.hardware()).isFalse();
    assertThat(server.startsAtATime()).isEqualTo(2);
    assertThat(server.webhooks())
        .containsExactly(
            new Webhook(
                "door",
                URI.create("https://example.com/told"),
                Optional.of(new Secret("k3y")),
                Set.of(new SourceId("gate")),
                Duration.ofMinutes(5)),
            new Webhook(
                "all",
                URI.create("http://127.0.0.1:9/"),
                Optional.empty(),
                Set.of(),
                Duration.ZERO));
  }

  @Test
  void webhookOfASourceThatIsNotThereIsTold() throws IOException {
    Files.write(
        home.serverFile(),
        List.of("webhooks:", "  door: {url: \"https://example.com/\", sources: [gone]}"));

    assertThat(mistakes("kind: test-pattern"))
        .containsExactly(
            "zoetrope.yaml: webhooks.door.sources: gone — there is no such source; it is told of the"
                + " others");
  }

  @Test
  void webhookOfASourceWithAMistakeIsNoMistakeOfItsOwn() throws IOException {
    Files.write(
        home.serverFile(),
        List.of("webhooks:", "  door: {url: \"https://example.com/\", sources: [gate, yard]}"));
    Files.write(home.sources().resolve("yard.yml"), List.of("kind: test-pattern"));

    assertThat(mistakes("kind: test-pattern", "fps: 0"))
        .containsExactly(
            "sources/gate.yaml:2: fps: 0 — expected a whole number, 1 to 60",
            "sources/yard.yml — rename it to yard.yaml");
  }

  @Test
  void webhookWithoutAnAddressIsNone() throws IOException {
    Files.write(
        home.serverFile(), List.of("webhooks:", "  door: {url: \"ftp://x/\"}", "  two: {}"));

    Configuration configuration = read("kind: test-pattern");
    assertThat(configuration.mistakes()).hasSize(2);
    assertThat(configuration.server().webhooks()).isEmpty();
  }
}
