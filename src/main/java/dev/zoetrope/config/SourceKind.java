package dev.zoetrope.config;

import dev.zoetrope.media.Secret;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kinds of source: the word of each, its keys, and how they are read. */
enum SourceKind {
  TEST_PATTERN("test-pattern", "width", "height", "fps") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      return Optional.of(
          new Source.TestPattern(
              section.value("width", WIDTH).orElse(640),
              section.value("height", HEIGHT).orElse(360),
              section.value("fps", FPS).orElse(25)));
    }
  },
  FILE("file", "path", "paths", "loop") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      boolean loop = section.value("loop", Form.yesOrNo()).orElse(true);
      if (section.has("paths")) {
        if (section.has("path")) {
          section.refuse("path", "path and paths exclude each other; leave one of them");
        }
        return section
            .values("paths", place::mediaFile, "expected a list such as [clips/a.mp4, clips/b.mp4]")
            .map(paths -> new Source.MediaFiles(paths, loop));
      }
      return section
          .required("path", place::mediaFile, "kind: file plays one, such as clips/a.mp4")
          .map(path -> new Source.MediaFiles(List.of(path), loop));
    }
  },
  URL("url", "url", "user", "password", "passphrase") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      Optional<Source.Url> url =
          section.required(
              "url", StreamUrl::read, "kind: url pulls one, such as rtsp://camera/stream");
      Optional<String> user = section.value("user", SourceKind::user);
      Optional<Secret> password = section.value("password", place.secrets().form());
      Optional<Secret> passphrase = section.value("passphrase", passphrase(place.secrets()));
      if (url.isEmpty()) {
        return Optional.empty();
      }
      URI uri = url.get().uri();
      Map<String, String> misplaced = misplaced(uri, user, password, passphrase);
      if (password.isPresent() && !section.has("user") && !hasUser(uri)) {
        misplaced.putIfAbsent("password", "belongs to a user: add user: name");
      }
      misplaced.forEach(section::refuse);
      boolean isWhole = misplaced.isEmpty() && (user.isPresent() || !section.has("user"));
      return isWhole
          ? Optional.of(StreamUrl.with(url.get(), user, password, passphrase))
          : Optional.empty();
    }
  },
  RTMP_PUBLISH("rtmp-publish", "key", "takeOver") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      boolean takeOver = section.value("takeOver", Form.yesOrNo()).orElse(false);
      return key(section, place).map(key -> new Source.RtmpPublish(key, takeOver));
    }
  },
  HTTP_PUBLISH("http-publish", "key", "takeOver") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      boolean takeOver = section.value("takeOver", Form.yesOrNo()).orElse(false);
      return key(section, place).map(key -> new Source.HttpPublish(key, takeOver));
    }
  },
  PICTURES("pictures", "key", "takeOver", "lostAfter") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      boolean takeOver = section.value("takeOver", Form.yesOrNo()).orElse(false);
      Duration lostAfter =
          section
              .value("lostAfter", Form.duration(Duration.ofSeconds(1), Duration.ofDays(1)))
              .orElse(Duration.ofMinutes(1));
      return key(section, place).map(key -> new Source.Pictures(key, takeOver, lostAfter));
    }
  },
  SRT_PUBLISH("srt-publish", "port", "passphrase") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      Optional<Secret> passphrase = section.value("passphrase", passphrase(place.secrets()));
      return section
          .required("port", Form.number(1, 65535), "where the caller comes to, such as 9000")
          .map(port -> new Source.SrtPublish(port, passphrase));
    }
  },
  FOLDER("folder", "path", "fps", "mode") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      int fps = section.value("fps", FPS).orElse(25);
      Source.Folder.Mode mode = section.value("mode", MODE).orElse(Source.Folder.Mode.LOOP);
      return section
          .required("path", place::mediaFolder, "kind: folder plays one, such as pictures/gate")
          .map(path -> new Source.Folder(path, fps, mode));
    }
  },
  WEBCAM("webcam", "device", "width", "height", "fps", "pixels") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      return Optional.of(
          new Source.Webcam(
              section.value("device", SourceKind::device).orElse(Path.of("/dev/video0")),
              section.value("width", WIDTH).orElse(640),
              section.value("height", HEIGHT).orElse(480),
              section.value("fps", FPS).orElse(30),
              section.value("pixels", PIXELS).orElse(Source.Webcam.Pixels.AUTO)));
    }
  },
  PI_CAMERA(
      "pi-camera",
      "camera",
      "width",
      "height",
      "fps",
      "bitrate",
      "rotation",
      "flip",
      "keyframeSeconds") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      String flip = section.value("flip", FLIP).orElse("none");
      return Optional.of(
          new Source.PiCamera(
              section.value("camera", Form.number(0, 7)).orElse(0),
              section.value("width", WIDTH).orElse(1280),
              section.value("height", HEIGHT).orElse(720),
              section.value("fps", FPS).orElse(30),
              section.value("bitrate", Form.bitrate(32_000, 100_000_000)).orElse(2_000_000L),
              section.value("rotation", ROTATION).orElse(0),
              flip.equals("horizontal") || flip.equals("both"),
              flip.equals("vertical") || flip.equals("both"),
              section.value("keyframeSeconds", Form.number(1, 10)).orElse(2)));
    }
  },
  SCREEN("screen", "display", "left", "top", "width", "height", "fps") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      return Optional.of(
          new Source.Screen(
              section.value("display", SourceKind::display).orElse(":0"),
              section.value("left", Form.number(0, 16_384)).orElse(0),
              section.value("top", Form.number(0, 16_384)).orElse(0),
              section.value("width", WIDTH).orElse(1280),
              section.value("height", HEIGHT).orElse(720),
              section.value("fps", FPS).orElse(15)));
    }
  },
  RELAY("relay", "origin", "source", "form", "prefix", "key", "ca", "pin") {
    @Override
    Optional<Source> source(SourceId id, Section section, Place place) {
      return new OriginKeys(id, section, place).source();
    }
  };

  private static final Form<Integer> WIDTH = Form.evenNumber(16, 3840);
  private static final Form<Integer> HEIGHT = Form.evenNumber(16, 2160);
  private static final Form<Integer> FPS = Form.number(1, 60);
  private static final Form<Integer> ROTATION = Form.choice(List.of(0, 180), String::valueOf);
  private static final Form<String> FLIP =
      Form.choice(List.of("none", "horizontal", "vertical", "both"), word -> word);
  private static final Form<Source.Folder.Mode> MODE =
      Form.choice(List.of(Source.Folder.Mode.values()), SourceKind::inLowerCase);
  private static final Form<Source.Webcam.Pixels> PIXELS =
      Form.choice(List.of(Source.Webcam.Pixels.values()), SourceKind::inLowerCase);

  private static final Pattern DEVICE =
      Pattern.compile("/dev/[A-Za-z0-9_][A-Za-z0-9_.,:+/-]{0,199}");
  private static final Pattern DISPLAY =
      Pattern.compile("[A-Za-z0-9.-]{0,60}:[0-9]{1,4}(\\.[0-9]{1,2})?");

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
  private final List<String> keys;

  SourceKind(String word, String... keys) {
    this.word = word;
    this.keys = List.of(keys);
  }

  /** What stands in files. */
  String word() {
    return word;
  }

  /** The keys that this kind has and not every kind. */
  List<String> keys() {
    return keys;
  }

  /**
   * The source that the keys describe; empty, with mistakes noted, if something is missing.
   *
   * @param id of the source here
   */
  abstract Optional<Source> source(SourceId id, Section section, Place place);

  private static Optional<Secret> key(Section section, Place place) {
    return section.required(
        "key",
        place.secrets().form(),
        "the name of a secret that publishers have to know; the secret stands in secrets.yaml");
  }

  /** Why a credential cannot stand beside this address, by its key. */
  private static Map<String, String> misplaced(
      URI uri, Optional<String> user, Optional<Secret> password, Optional<Secret> passphrase) {
    Map<String, String> remedies = new LinkedHashMap<>();
    if (!StreamUrl.takesUser(uri)) {
      String remedy = "belongs to addresses that begin with " + StreamUrl.schemesWithUser();
      user.ifPresent(present -> remedies.put("user", remedy));
      password.ifPresent(present -> remedies.put("password", remedy));
    }
    if (user.isPresent() && uri.getRawUserInfo() != null) {
      remedies.putIfAbsent("user", "the url has a user as well; leave one of them");
    }
    if (password.isPresent() && hasUser(uri) && uri.getRawUserInfo().contains(":")) {
      remedies.putIfAbsent("password", "the url has a password as well; leave one of them");
    }
    if (passphrase.isPresent() && !"srt".equalsIgnoreCase(uri.getScheme())) {
      remedies.put("passphrase", "belongs to addresses that begin with srt://");
    } else if (passphrase.isPresent() && StreamUrl.hasPassphrase(uri)) {
      remedies.put("passphrase", "the url has a passphrase as well; leave one of them");
    }
    return remedies;
  }

  private static boolean hasUser(URI uri) {
    return uri.getRawUserInfo() != null && !uri.getRawUserInfo().isEmpty();
  }

  private static String inLowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String user(String text) throws WrongValue {
    boolean isControlled = text.codePoints().anyMatch(Character::isISOControl);
    if (text.isEmpty() || text.length() > 256 || isControlled) {
      throw new WrongValue("expected 1 to 256 characters, no control ones");
    }
    return text;
  }

  /** SRT wants 10 to 79 characters. */
  private static Form<Secret> passphrase(Secrets secrets) {
    return text -> {
      Secret secret = secrets.form().read(text);
      int length = secret.reveal().length();
      if (length < 10 || length > 79) {
        throw new WrongValue("the secret of this name has to have 10 to 79 characters for SRT");
      }
      return secret;
    };
  }

  private static Path device(String text) throws WrongValue {
    if (!DEVICE.matcher(text).matches() || text.contains("..")) {
      throw new WrongValue("expected a device such as /dev/video0");
    }
    return Path.of(text);
  }

  private static String display(String text) throws WrongValue {
    if (!DISPLAY.matcher(text).matches()) {
      throw new WrongValue("expected a display such as \":0\" (in quotes)");
    }
    return text;
  }

  /** Where a source is read: paths are below this home, and secrets are these. */
  record Place(Home home, Secrets secrets) {
    private Path mediaFile(String text) throws WrongValue {
      Path path = PathBelow.media(home).read(text);
      if (Files.isDirectory(path)) {
        throw new WrongValue("is a folder; kind: folder plays its pictures, kind: file a file");
      }
      return path;
    }

    private Path mediaFolder(String text) throws WrongValue {
      Path path = PathBelow.media(home).read(text);
      if (Files.isRegularFile(path)) {
        throw new WrongValue("is a file; kind: file plays it, kind: folder a folder's pictures");
      }
      return path;
    }
  }
}
