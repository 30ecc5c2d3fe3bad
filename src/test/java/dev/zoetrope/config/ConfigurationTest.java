package dev.zoetrope.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.access.TrustedProxies;
import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.DeniedHosts;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {
  private static final long HEAP = 4L << 30;
  private static final String GOOD = "kind: test-pattern\n";

  @TempDir private Path temp;
  private Home home;

  @BeforeEach
  void makeHome() throws IOException {
    home = new Home(temp.toRealPath());
    Files.createDirectory(home.sources());
    Files.createDirectory(home.media());
  }

  @Test
  void everyKeyIsRead() throws IOException {
    source(
        "gate.yaml",
        """
        title: Front gate
        kind: url
        url: rtmp://user:pw@127.0.0.1/live/gate
        keepRunning: true
        linger: 500ms
        renditions:
          gif:   {width: 160, fps: 5, bytesPerSecond: 64k}
          mjpeg: off
          mpeg1: {width: 320, bitrate: 300000}
          fmp4:  {encode: always, width: 1920, bitrate: 4M}
          mjpeg-small: {format: mjpeg, width: 320, quality: 9}
        """);

    SourceSettings gate = onlySource();

    assertThat(gate)
        .isEqualTo(
            new SourceSettings(
                new SourceId("gate"),
                "Front gate",
                new Source.Url(URI.create("rtmp://user:pw@127.0.0.1/live/gate")),
                true,
                Duration.ofMillis(500),
                List.of(
                    new Rendition("gif", Format.GIF, 160, 5, 5, 0, 65_536, Rendition.Encode.AUTO),
                    new Rendition(
                        "mpeg1", Format.MPEG1, 320, 0, 5, 300_000, 0, Rendition.Encode.AUTO),
                    new Rendition(
                        "fmp4", Format.FMP4, 1920, 0, 5, 4_000_000, 0, Rendition.Encode.ALWAYS),
                    new Rendition(
                        "mjpeg-small", Format.MJPEG, 320, 0, 9, 0, 0, Rendition.Encode.AUTO)),
                CaptureSettings.DEFAULT));
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    source("gate.yaml", "kind: test-pattern\nrenditions:\n  # gif: off\n");

    SourceSettings gate = onlySource();

    assertThat(gate)
        .isEqualTo(
            new SourceSettings(
                new SourceId("gate"),
                "gate",
                new Source.TestPattern(640, 360, 25),
                false,
                Duration.ofSeconds(10),
                Stream.of(Format.values()).map(Rendition::defaultOf).toList(),
                CaptureSettings.DEFAULT));
  }

  @Test
  void fileAndFolderAreBelowTheMediaFolder() throws IOException {
    source("a.yaml", "kind: file\npath: clips/./a.mp4\nloop: false\n");
    source("b.yaml", "kind: folder\npath: x/../pictures\nfps: 5\nmode: loop\n");
    Files.createDirectory(home.media().resolve("pictures"));

    Configuration configuration = read();

    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.sources())
        .extracting(SourceSettings::source)
        .containsExactly(
            new Source.MediaFiles(List.of(home.media().resolve("clips/a.mp4")), false),
            new Source.Folder(home.media().resolve("pictures"), 5, Source.Folder.Mode.LOOP));
  }

  @Test
  void linksAreFollowedAndMustStayBelowTheMediaFolder() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path inside = Files.createDirectory(home.media().resolve("inside"));
    Files.createSymbolicLink(home.media().resolve("out"), outside);
    Files.createSymbolicLink(home.media().resolve("in"), inside);
    Files.createSymbolicLink(home.media().resolve("nowhere"), temp.resolve("not-there"));
    source("a.yaml", "kind: file\npath: out/a.mp4\n");
    source("b.yaml", "kind: file\npath: in/a.mp4\n");
    source("c.yaml", "kind: file\npath: nowhere\n");

    Configuration configuration = read();

    assertThat(lines(configuration))
        .containsExactly(
            "sources/a.yaml:2: path: out/a.mp4 — expected a path below the media folder, such as"
                + " clips/a.mp4; this one leads out of it by a link",
            "sources/c.yaml:2: path: nowhere — cannot be followed below the media folder: nowhere"
                + " does not exist");
    assertThat(configuration.sources())
        .extracting(SourceSettings::source)
        .containsExactly(new Source.MediaFiles(List.of(inside.resolve("a.mp4")), true));
  }

  @Test
  void mediaFolderMayBeALink() throws IOException {
    Path disk = Files.createDirectory(temp.toRealPath().resolve("disk"));
    Files.delete(home.media());
    Files.createSymbolicLink(home.media(), disk);
    source("a.yaml", "kind: file\npath: a.mp4\n");

    SourceSettings source = onlySource();

    assertThat(source.source())
        .isEqualTo(new Source.MediaFiles(List.of(disk.resolve("a.mp4")), true));
  }

  /** Content of gate.yaml; then what is said of it, line by line. */
  static Stream<Arguments> mistakes() {
    String pattern = "kind: test-pattern\n";
    String url = "kind: url\nurl: ";
    String schemes = "rtmp, rtmps, rtsp, rtsps, http, https, srt, udp";
    return Stream.of(
        // Keys
        bad(pattern + "widht: 320\n", ":2: widht: 320 — unknown key; did you mean width?"),
        bad(
            pattern + "keeprunning: true",
            ":2: keeprunning: true — unknown key; did you mean keepRunning?"),
        bad(
            url + "rtsp://camera/a\nuser: me\npasword: geheim\nstreamKey: geheim\npwd: geheim\n",
            ":4: pasword: … — unknown key; did you mean password?",
            ":5: streamKey: … — unknown key; known here: title, kind, enabled, keepRunning, linger,"
                + " renditions, startTimeout, stallTimeout, process, access, origins, url, user,"
                + " password, passphrase",
            ":6: pwd: … — unknown key; known here: title, kind, enabled, keepRunning, linger,"
                + " renditions, startTimeout, stallTimeout, process, access, origins, url, user,"
                + " password, passphrase"),
        bad(
            pattern + "colour: red",
            ":2: colour: red — unknown key; known here: title, kind, enabled, keepRunning, linger,"
                + " renditions, startTimeout, stallTimeout, process, access, origins, width, height, fps"),
        bad(
            pattern + "url: rtsp://u:secret@camera/a\n",
            ":2: url: rtsp://camera/a — belongs to kind: url; this one is kind: test-pattern, which"
                + " has width, height, fps"),
        bad(
            "kind: file\npath: a.mp4\nfps: 5",
            ":3: fps: 5 — belongs to kind: test-pattern, folder, webcam, pi-camera, screen; this one is"
                + " kind: file, which has path, paths, loop"),
        bad(
            url + "rtsp://camera/a\npassword: secret",
            ":3: password: … — expected the name of a secret; there is none of this name: add the"
                + " line name: value to secrets.yaml"),
        bad(
            url + "rtsp://camera/a\nurl: rtsp://u:secret@camera/b",
            ":3: url: rtsp://camera/b — the key is already in line 2; leave one of them"),
        bad(url + "rtsp://camera/a\n? [a, b]\n: c", ":3 — expected a word as the key"),
        bad(
            "title: Gate\n",
            ":1: kind — missing; expected one of test-pattern, file, url, rtmp-publish, http-publish, pictures, srt-publish, folder, webcam, pi-camera, screen, relay"),
        bad("kind: url\n", ":1: url — missing; kind: url pulls one, such as rtsp://camera/stream"),
        bad("kind: file\n", ":1: path — missing; kind: file plays one, such as clips/a.mp4"),
        // Types and ranges
        bad(
            "kind: urls\nurl: a",
            ":1: kind: urls — expected test-pattern, file, url, rtmp-publish, http-publish, pictures, srt-publish, folder, webcam, pi-camera, screen, relay; did you mean url?"),
        bad(
            "kind:\n",
            ":1: kind — has no value; expected test-pattern, file, url, rtmp-publish, http-publish, pictures, srt-publish, folder, webcam, pi-camera, screen, relay"),
        bad("kind: [file]\n", ":1: kind: […] — expected a single value, not a list"),
        bad("kind: {file: a}\n", ":1: kind: {…} — expected a single value, not a section"),
        bad(pattern + "title: ''", ":2: title — expected 1 to 120 characters"),
        bad(pattern + "title: \"a\\tb\"", ":2: title: a b — expected 1 to 120 characters"),
        bad(pattern + "width: 321", ":2: width: 321 — expected an even number, 16 to 3840"),
        bad(pattern + "width: 8", ":2: width: 8 — expected an even number, 16 to 3840"),
        bad(pattern + "width: wide", ":2: width: wide — expected an even number, 16 to 3840"),
        bad(
            pattern + "height: 99999999999999999999",
            ":2: height: 99999999999999999999 — expected an even number, 16 to 2160"),
        bad(pattern + "fps: 0", ":2: fps: 0 — expected a whole number, 1 to 60"),
        bad(pattern + "fps: 29.97", ":2: fps: 29.97 — expected a whole number, 1 to 60"),
        bad(pattern + "keepRunning: yes", ":2: keepRunning: yes — expected true or false"),
        bad(
            pattern + "linger: 10",
            ":2: linger: 10 — expected a time with its unit, such as 500ms, 10s or 2m, at most 24h"),
        bad(
            pattern + "linger: -1s",
            ":2: linger: -1s — expected a time with its unit, such as 500ms, 10s or 2m, at most 24h"),
        bad(
            pattern + "linger: 25h",
            ":2: linger: 25h — expected a time with its unit, such as 500ms, 10s or 2m, at most 24h"),
        bad("kind: folder\npath: a\nmode: once", ":3: mode: once — expected loop, watch"),
        // Addresses
        bad(
            url + "ftp://u:secret@host/a",
            ":2: url: ftp://host/a — expected an address such as rtsp://camera/stream, beginning with one of "
                + schemes),
        bad(
            url + "camera",
            ":2: url: camera — expected an address such as rtsp://camera/stream, beginning with one of "
                + schemes),
        bad(
            url + "file:///etc/passwd",
            ":2: url: file://… — files are played by kind: file, with path: below the media folder"),
        bad(
            url + "rtsp:///a",
            ":2: url: rtsp://… — expected a host after rtsp://, of letters, digits, . and -; in a password write @ as %40, / as %2F, : as %3A"),
        bad(
            url + "srt://:9000",
            ":2: url: srt://… — expected a host after srt://, of letters, digits, . and - (0.0.0.0 to listen on every address); in a password write @ as %40, / as %2F, : as %3A"),
        bad(
            url + "rtsp://u:sec@ret@camera/a",
            ":2: url: rtsp://… — expected a host after rtsp://, of letters, digits, . and -; in a password write @ as %40, / as %2F, : as %3A"),
        bad(
            url + "rtsp://u:12/secret@camera/a",
            ":2: url: rtsp://… — in a password write / as %2F and @ as %40; in a path write @ as %40"),
        bad(
            url + "rtsp://u:sec^ret@camera/a",
            ":2: url: rtsp://… — expected an address such as rtsp://camera/stream (illegal character in authority, character 8); write spaces and signs as %20, %40 and so on"),
        bad(
            url + "rtsp://camera:70000/a",
            ":2: url: rtsp://camera:70000/a — expected a port, 1 to 65535"),
        // Paths
        bad(
            "kind: file\npath: ../zoetrope.yaml",
            ":2: path: ../zoetrope.yaml — expected a path below the media folder, such as clips/a.mp4; this one leads out of it"),
        bad(
            "kind: file\npath: a/../../media2/b",
            ":2: path: a/../../media2/b — expected a path below the media folder, such as clips/a.mp4; this one leads out of it"),
        bad(
            "kind: file\npath: /etc/passwd",
            ":2: path: /etc/passwd — expected a path below the media folder, such as clips/a.mp4, not an absolute one"),
        bad(
            "kind: file\npath: \"a\\0b\"",
            ":2: path: a b — expected a path below the media folder, such as clips/a.mp4"),
        bad(
            "kind: file\npath: .",
            ":2: path: . — is a folder; kind: folder plays its pictures, kind: file a file"),
        // Renditions
        bad(
            pattern + "renditions: all",
            ":2: renditions: all — expected keys of its own, such as {key: value}, or nothing"),
        bad(
            pattern + "renditions:\n  gif: {widht: 320}",
            ":3: renditions.gif.widht: 320 — unknown key; did you mean width?"),
        bad(
            pattern + "renditions:\n  gif: on",
            ":3: renditions.gif: on — expected keys of its own, such as {key: value}, or nothing"),
        bad(
            pattern + "renditions:\n  gif: {bitrate: 800k}",
            ":3: renditions.gif.bitrate: 800k — belongs to mpeg1, fmp4; gif has width, fps, bytesPerSecond"),
        bad(
            pattern + "renditions:\n  mjpeg: {fps: 5}",
            ":3: renditions.mjpeg.fps: 5 — belongs to gif; mjpeg has width, quality"),
        bad(
            pattern + "renditions:\n  gif: {fps: 51}",
            ":3: renditions.gif.fps: 51 — expected a whole number, 1 to 50"),
        bad(
            pattern + "renditions:\n  gif: {bytesPerSecond: 1}",
            ":3: renditions.gif.bytesPerSecond: 1 — expected bytes, such as 64k, 16m or 1g, 1k to 100m"),
        bad(
            pattern + "renditions:\n  mjpeg:\n    quality: 1",
            ":4: renditions.mjpeg.quality: 1 — expected a whole number, 2 to 31"),
        bad(
            pattern + "renditions:\n  mpeg1: {bitrate: 1G}",
            ":3: renditions.mpeg1.bitrate: 1G — expected bits a second, such as 800k or 2M, 32k to 100M"),
        bad(
            pattern + "renditions:\n  mpeg1: {bitrate: 800kbit}",
            ":3: renditions.mpeg1.bitrate: 800kbit — expected bits a second, such as 800k or 2M, 32k to 100M"),
        bad(
            pattern + "renditions:\n  fmp4: {encode: allways}",
            ":3: renditions.fmp4.encode: allways — expected auto, always; did you mean always?"),
        bad(
            pattern + "renditions:\n  gif: {format: mjpeg}",
            ":3: renditions.gif.format: mjpeg — the rendition named gif has that format; choose another name"),
        bad(
            pattern + "renditions:\n  mjepg: {width: 320}",
            ":3: renditions.mjepg.format — missing; expected one of gif, mjpeg, mpeg1, fmp4; did you mean mjpeg?"),
        bad(
            pattern + "renditions:\n  mjepg: off",
            ":3: renditions.mjepg: off — only gif, mjpeg, mpeg1, fmp4 are there to switch off; did you mean mjpeg?"),
        bad(
            pattern + "renditions:\n  small: {format: jpeg}",
            ":3: renditions.small.format: jpeg — expected gif, mjpeg, mpeg1, fmp4; did you mean mjpeg?"),
        bad(
            pattern + "renditions:\n  Small: {format: gif}",
            ":3: renditions.Small: {…} — expected a name of 1 to 64 of a-z, 0-9 and -"),
        bad(
            pattern + "renditions:\n  small: {format: gif, quality: 3}",
            ":3: renditions.small.quality: 3 — belongs to mjpeg; gif has width, fps, bytesPerSecond"),
        // The file as a whole
        bad(
            "",
            ": kind — empty; expected at least kind: test-pattern, file, url, rtmp-publish, http-publish, pictures, srt-publish, folder, webcam, pi-camera, screen, relay"),
        bad(
            "# nothing\n",
            ": kind — empty; expected at least kind: test-pattern, file, url, rtmp-publish, http-publish, pictures, srt-publish, folder, webcam, pi-camera, screen, relay"),
        bad("- kind: file\n", ":1 — expected lines of the form key: value"),
        bad("kind test-pattern\n", ":1 — expected lines of the form key: value"),
        bad(pattern + "title: \"open\n", ":3 — not YAML: found unexpected end of stream"),
        bad(
            pattern + "url: 'rtsp://u:secret@camera/a\n",
            ":3 — not YAML: found unexpected end of stream"),
        bad(pattern + "title: a: b\n", ":2 — not YAML: mapping values are not allowed here"),
        bad(
            pattern + "\tfps: 5\n",
            ":2 — not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
        bad(pattern + "---\n" + pattern, ":2 — not YAML: but found another document"),
        bad(
            pattern + "title: a\u0000b\n",
            ":2 — character U+0000 cannot stand in a text; remove it"),
        bad(
            pattern + "title: &a Gate\n",
            ":2 — anchors (&name) are not taken; leave it out, or put the value in quotes"),
        bad(
            pattern + "title: *a\n",
            ":2 — aliases (*name) are not taken; write the value, or put it in quotes"),
        bad(
            pattern + "title: !!java/object:java.io.File [a]\n",
            ":2 — tags (!name) are not taken; leave it out, or put the value in quotes"),
        bad(
            pattern + "title: " + "[".repeat(500_000),
            ":2 — more than 8 levels deep; expected at most three"),
        bad(
            pattern + "title: " + "x".repeat(1 << 20),
            " — larger than 1 MiB; expected a few lines of settings"),
        bad(
            "kind: test-pattern\nfps: 0\nwidth: 1\nrenditions:\n  gif: {fps: x}\n",
            ":2: fps: 0 — expected a whole number, 1 to 60",
            ":3: width: 1 — expected an even number, 16 to 3840",
            ":5: renditions.gif.fps: x — expected a whole number, 1 to 50"));
  }

  private static Arguments bad(String content, String... lines) {
    return Arguments.of(content, List.of(lines));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakeIsToldWithPlaceAndRemedyAndStopsNoOtherFile(String content, List<String> expected)
      throws IOException {
    source("gate.yaml", content);
    source("good.yaml", GOOD);

    Configuration configuration = read();

    assertThat(lines(configuration))
        .containsExactlyElementsOf(expected.stream().map("sources/gate.yaml"::concat).toList());
    assertThat(configuration.sources())
        .extracting(source -> source.id().value())
        .containsExactly("good");
  }

  @Test
  void textThatIsNotUtf8IsAMistake() throws IOException {
    Files.write(
        home.sources().resolve("gate.yaml"),
        "kind: test-pattern\ntitle: Tür".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(lines(read()))
        .containsExactly("sources/gate.yaml — not text in UTF-8; save it as such");
  }

  @Test
  void byteOrderMarkAndWindowsLineEndsAreTaken() throws IOException {
    source("gate.yaml", "\uFEFFkind: test-pattern\r\ntitle: Tür\r\n");

    assertThat(onlySource().title()).isEqualTo("Tür");
  }

  @Test
  void aliasesThatMultiplyAreRefusedBeforeTheyDo() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    source("gate.yaml", bomb.toString());

    assertThat(lines(read()))
        .singleElement()
        .asString()
        .startsWith("sources/gate.yaml:1 — anchors");
  }

  @Test
  void pastFiftyMistakesOfAFileTheRestIsCounted() throws IOException {
    StringBuilder many = new StringBuilder(GOOD);
    for (int i = 0; i < 60; i++) {
      many.append("unknown").append(i).append(": 1\n");
    }
    source("gate.yaml", many.toString());

    assertThat(lines(read())).hasSize(51).last().isEqualTo("sources/gate.yaml — and 10 more");
  }

  @Test
  void namesThatAreNoIdsAreMistakes() throws IOException {
    source("Gate.yaml", GOOD);
    source("my_gate.yaml", GOOD);
    source("other.yml", GOOD);
    source(".hidden.yaml", GOOD);
    source("gate.yaml~", GOOD);
    source("README", GOOD);
    Files.createDirectory(home.sources().resolve("folder.yaml"));

    Configuration configuration = read();

    String remedy =
        " — the name is the source's id: expected 1 to 64 of a-z, 0-9 and -, beginning with a letter"
            + " or digit; rename it";
    assertThat(lines(configuration))
        .containsExactly(
            "sources/Gate.yaml" + remedy,
            "sources/folder.yaml — expected a file; remove or rename what is there",
            "sources/my_gate.yaml" + remedy,
            "sources/other.yml — rename it to other.yaml");
    assertThat(configuration.sources()).isEmpty();
  }

  @Test
  void linkThatLeadsNowhereIsAMistake() throws IOException {
    Files.createSymbolicLink(home.sources().resolve("gate.yaml"), temp.resolve("gone"));

    assertThat(lines(read())).containsExactly("sources/gate.yaml — cannot be read: does not exist");
  }

  @Test
  void sourcesPastTheLimitAreMistakes() throws IOException {
    server("limits: {sources: 2}");
    source("c.yaml", GOOD);
    source("a-b.yaml", GOOD);
    source("a.yaml", GOOD);

    Configuration configuration = read();

    assertThat(configuration.sources())
        .extracting(source -> source.id().value())
        .containsExactly("a", "a-b");
    assertThat(lines(configuration))
        .containsExactly(
            "sources/c.yaml: limits.sources: 2 — more sources than that; raise it in zoetrope.yaml,"
                + " or remove files");
  }

  @Test
  void missingFolderOfSourcesIsAMistake() throws IOException {
    Files.delete(home.sources());

    assertThat(lines(read())).containsExactly("sources — cannot be read: does not exist");
  }

  @Test
  void serverSettingsAreRead() throws IOException {
    Path ffmpeg = Files.createFile(temp.toRealPath().resolve("ffmpeg"));
    Files.setPosixFilePermissions(ffmpeg, PosixFilePermissions.fromString("rwxr-xr-x"));
    server(
        """
        limits:
          viewers: 10
          viewersPerSource: 20
          viewersPerAddress: 15
          sources: 30
          logBytes: 64m
        ffmpeg: %s
        fastDoor: off
        metrics: public
        """
            .formatted(ffmpeg));

    Configuration configuration = read();

    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.server())
        .isEqualTo(
            new ServerSettings(
                new Limits(10, 20, 15, 30, 64L << 20),
                4,
                1935,
                true,
                false,
                true,
                List.of(),
                DeniedHosts.usual(),
                Optional.of(ffmpeg),
                Optional.empty(),
                TrustedProxies.NONE,
                false));
  }

  @Test
  void environmentGoesBeforeTheFileAndSystemPropertiesBeforeBoth() throws IOException {
    server("limits: {viewers: 1, viewersPerSource: 1, sources: 1, logBytes: 16m}");
    Map<String, String> environment =
        Map.of(
            "ZOETROPE_LIMITS_VIEWERS_PER_SOURCE", "2",
            "ZOETROPE_LIMITS_SOURCES", "2",
            "ZOETROPE_LIMITS_LOG_BYTES", "17m",
            "ZOETROPE_LIMITS_VIEWERS", "",
            "ZOETROPE_PORT", "tcp://10.0.0.1:80");
    Map<String, String> properties =
        Map.of("zoetrope.limits.sources", "3", "zoetrope.limits.logBytes", "18m");

    Configuration configuration = Configuration.read(home, environment, properties, HEAP);

    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.server().limits()).isEqualTo(new Limits(1, 2, 5_000, 3, 18L << 20));
  }

  /** Three right values of each key, the first of them for the file. */
  private Map<String, List<String>> valuesOfEachKey() throws IOException {
    List<String> programs = new ArrayList<>();
    for (String name : List.of("ffmpeg-1", "ffmpeg-2", "ffmpeg-3")) {
      Path program = Files.createFile(temp.toRealPath().resolve(name));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      programs.add(program.toString());
    }
    return Map.ofEntries(
        Map.entry("limits.viewers", List.of("11", "12", "13")),
        Map.entry("limits.viewersPerSource", List.of("21", "22", "23")),
        Map.entry("limits.viewersPerAddress", List.of("31", "32", "33")),
        Map.entry("limits.sources", List.of("41", "42", "43")),
        Map.entry("limits.logBytes", List.of("17m", "18m", "19m")),
        Map.entry("limits.starts", List.of("5", "6", "7")),
        Map.entry("rtmpPort", List.of("1001", "1002", "1003")),
        Map.entry("hardware", List.of("auto", "off", "auto")),
        Map.entry("fastDoor", List.of("off", "auto", "off")),
        Map.entry("metrics", List.of("public", "operator", "public")),
        Map.entry("node", List.of("Ingress", "North yard", "3")),
        Map.entry("trustedProxies", List.of("127.0.0.1", "10.0.0.0/8, ::1", "fd00::/8")),
        Map.entry("logs", List.of("json", "text", "json")),
        Map.entry("ffmpeg", programs));
  }

  @Test
  void eachKeyOfTheServerIsTakenFromTheLastPlaceThatSaysIt() throws IOException {
    Map<String, List<String>> values = valuesOfEachKey();
    assertThat(values.keySet())
        .as("keys with a name in environment and system properties")
        .isEqualTo(ServerFile.names().keySet());
    for (Map.Entry<String, List<String>> names : ServerFile.names().entrySet()) {
      String key = names.getKey();
      String property = names.getValue().get(0);
      String variable = names.getValue().get(1);
      List<String> three = values.get(key);

      ServerSettings first = settings(key, three.get(0), Map.of(), Map.of());
      ServerSettings second = settings(key, three.get(1), Map.of(), Map.of());
      ServerSettings third = settings(key, three.get(2), Map.of(), Map.of());

      assertThat(first).as(key).isNotEqualTo(second);
      assertThat(second).as(key).isNotEqualTo(third);
      assertThat(settings(key, three.get(0), Map.of(variable, three.get(1)), Map.of()))
          .as("environment before file: " + key)
          .isEqualTo(second);
      assertThat(
              settings(
                  key,
                  three.get(0),
                  Map.of(variable, three.get(1)),
                  Map.of(property, three.get(2))))
          .as("system properties before both: " + key)
          .isEqualTo(third);
      assertThat(settings(key, three.get(0), Map.of(variable, " "), Map.of(property, "")))
          .as("blank is not set: " + key)
          .isEqualTo(first);
    }
  }

  private ServerSettings settings(
      String key, String value, Map<String, String> environment, Map<String, String> properties)
      throws IOException {
    int dot = key.indexOf('.');
    server(
        dot < 0
            ? key + ": \"" + value + "\""
            : "limits: {" + key.substring(dot + 1) + ": \"" + value + "\"}");
    Configuration configuration = Configuration.read(home, environment, properties, HEAP);
    assertThat(configuration.mistakes()).as(key).isEmpty();
    return configuration.server();
  }

  @Test
  void eachKeyOfTheServerIsDocumentedWithItsNames() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String example =
        new String(
            Home.class.getResourceAsStream("zoetrope.yaml").readAllBytes(), StandardCharsets.UTF_8);
    ServerFile.names()
        .forEach(
            (key, names) -> {
              assertThat(readme)
                  .contains("| `" + key + "` | `" + names.get(1) + "`; `" + names.get(0) + "` |");
              assertThat(example).contains(key.substring(key.indexOf('.') + 1) + ": ");
            });
    assertThat(readme).contains("An environment variable goes before the file");
    assertThat(example).contains("An environment variable goes before this file");
  }

  @Test
  void mistakesOfTheServerLeaveItsDefaults() throws IOException {
    server(
        """
        limits:
          viewer: 5
          viewers: 0
          logBytes: 1000g
        ffmpeg: ffmpeg
        sources: 7
        """);
    Map<String, String> environment =
        Map.of("ZOETROPE_LIMITS_VIEWER", "1", "ZOETROPE_FFMPEG", "/not/there");
    Map<String, String> properties = Map.of("zoetrope.limits.viewers", "many");

    Configuration configuration = Configuration.read(home, environment, properties, HEAP);

    assertThat(lines(configuration))
        .containsExactly(
            "zoetrope.yaml:2: limits.viewer: 5 — unknown key; did you mean viewers?",
            "zoetrope.yaml:3: limits.viewers: 0 — expected a whole number, 1 to 1000000",
            "zoetrope.yaml:4: limits.logBytes: 1000g — expected at most three quarters of the heap,"
                + " 3072m; java -Xmx makes it larger",
            "zoetrope.yaml:5: ffmpeg: ffmpeg — expected the absolute path of the program ffmpeg;"
                + " without this key, the PATH is searched",
            "zoetrope.yaml:6: sources: 7 — belongs under limits:",
            "environment: ZOETROPE_LIMITS_VIEWER: 1 — unknown name; did you mean"
                + " ZOETROPE_LIMITS_VIEWERS?",
            "environment: ZOETROPE_FFMPEG: /not/there — expected the absolute path of the program"
                + " ffmpeg; this one does not exist",
            "system properties: zoetrope.limits.viewers: many — expected a whole number, 1 to"
                + " 1000000");
    assertThat(configuration.server())
        .isEqualTo(
            new ServerSettings(
                Limits.defaultsFor(HEAP),
                4,
                1935,
                true,
                true,
                false,
                List.of(),
                DeniedHosts.usual(),
                Optional.empty(),
                Optional.empty(),
                TrustedProxies.NONE,
                false));
  }

  @Test
  void badServerFileLeavesTheSources() throws IOException {
    server("limits: [");
    source("gate.yaml", GOOD);

    Configuration configuration = read();

    assertThat(configuration.mistakes()).hasSize(1);
    assertThat(configuration.sources()).hasSize(1);
  }

  @Test
  void serverFileOfAnotherNameIsPointedOut() throws IOException {
    Files.writeString(temp.resolve("zoetrope.yml"), "limits: {viewers: 1}");

    assertThat(lines(read()))
        .containsExactly("zoetrope.yaml — rename zoetrope.yml to zoetrope.yaml");
  }

  @Test
  void processOfItsOwnIsReadWithoutMistakes() throws IOException {
    source("gate.yaml", GOOD);

    assertThat(Configuration.read(home).mistakes()).isEmpty();
  }

  private SourceSettings onlySource() {
    Configuration configuration = read();
    assertThat(configuration.mistakes()).isEmpty();
    assertThat(configuration.sources()).hasSize(1);
    return configuration.sources().get(0);
  }

  private Configuration read() {
    return Configuration.read(home, Map.of(), Map.of(), HEAP);
  }

  private static List<String> lines(Configuration configuration) {
    return configuration.mistakes().stream().map(Mistake::toString).toList();
  }

  private void source(String name, String content) throws IOException {
    Files.writeString(home.sources().resolve(name), content);
  }

  private void server(String content) throws IOException {
    Files.writeString(home.serverFile(), content);
  }
}
