package dev.zoetrope.config;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one file of the folder {@code sources} says. */
final class SourceFile {
  private enum Kind {
    TEST_PATTERN("test-pattern"),
    FILE("file"),
    URL("url"),
    FOLDER("folder");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The keys that this kind has and not every kind. */
    private List<String> keys() {
      return switch (this) {
        case TEST_PATTERN -> List.of("width", "height", "fps");
        case FILE -> List.of("path", "loop");
        case URL -> List.of("url");
        case FOLDER -> List.of("path", "fps", "mode");
      };
    }
  }

  private static final List<String> KEYS_OF_EVERY_KIND =
      List.of("title", "kind", "keepRunning", "linger", "renditions");

  private static final Form<Kind> KIND = Form.choice(List.of(Kind.values()), kind -> kind.word);
  private static final Form<Format> FORMAT = Form.choice(List.of(Format.values()), Format::word);
  private static final Form<Rendition.Encode> ENCODE =
      Form.choice(
          List.of(Rendition.Encode.values()), encode -> encode.name().toLowerCase(Locale.ROOT));
  private static final Form<String> MODE = Form.choice(List.of("loop"), word -> word);
  private static final Form<Integer> WIDTH = Form.evenNumber(16, 3840);
  private static final Form<Integer> HEIGHT = Form.evenNumber(16, 2160);
  private static final Form<Integer> FPS = Form.number(1, 60);
  // A GIF counts in hundredths of a second, and browsers slow down what is below two of them.
  private static final Form<Integer> GIF_FPS = Form.number(1, 50);
  private static final Form<Integer> QUALITY = Form.number(2, 31);
  private static final Form<Long> BITRATE = Form.bitrate(32_000, 100_000_000);
  private static final Form<Long> BYTES_PER_SECOND = Form.bytes(1 << 10, 100 << 20);

  private static final int DEFAULT_WIDTH = 640;
  private static final int DEFAULT_HEIGHT = 360;
  private static final int DEFAULT_FPS = 25;

  private final Path media;
  private final Section section;
  private final MistakeList mistakes;

  private SourceFile(Path media, Section section, MistakeList mistakes) {
    this.media = media;
    this.section = section;
    this.mistakes = mistakes;
  }

  /**
   * The settings of the source {@code id}; empty, with mistakes noted, if anything is wrong.
   *
   * @param media the folder that paths are below
   */
  static Optional<SourceSettings> read(Path file, SourceId id, Path media, MistakeList mistakes) {
    return YamlFile.read(file, mistakes)
        .flatMap(section -> new SourceFile(media, section, mistakes).settings(id));
  }

  private Optional<SourceSettings> settings(SourceId id) {
    if (section.isEmpty() && mistakes.isEmpty()) {
      mistakes.add(0, "", "", "empty; expected at least kind: " + wordsOfKinds());
      return Optional.empty();
    }
    String title = section.value("title", SourceFile::title).orElse(id.value());
    boolean keepRunning = section.value("keepRunning", Form.yesOrNo()).orElse(false);
    var linger =
        section
            .value("linger", Form.duration(SourceSettings.MAX_LINGER))
            .orElse(SourceSettings.DEFAULT_LINGER);
    Optional<Source> source = source();
    List<Rendition> renditions = renditions();
    if (!mistakes.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourceSettings(
            id, title, source.get(), keepRunning, linger, renditions, CaptureSettings.DEFAULT));
  }

  private static String title(String text) throws WrongValue {
    if (!SourceSettings.isTitle(text)) {
      throw new WrongValue("expected 1 to " + SourceSettings.MAX_TITLE_LENGTH + " characters");
    }
    return text;
  }

  private Optional<Source> source() {
    Optional<Kind> kind = section.required("kind", KIND, "expected one of " + wordsOfKinds());
    Set<String> known = new LinkedHashSet<>(KEYS_OF_EVERY_KIND);
    // Without a kind, only what belongs to none of them can be called wrong.
    List.of(Kind.values()).stream()
        .filter(each -> kind.isEmpty() || each == kind.get())
        .forEach(each -> known.addAll(each.keys()));
    section.refuseOthers(known, key -> kind.flatMap(own -> elsewhere(key, own)));
    return kind.flatMap(this::source);
  }

  private static Optional<String> elsewhere(String key, Kind own) {
    List<Kind> others =
        List.of(Kind.values()).stream().filter(kind -> kind.keys().contains(key)).toList();
    if (others.isEmpty()) {
      return key.equals("user") || key.equals("password")
          ? Optional.of("unknown key; credentials stand in the url: rtsp://user:password@camera/")
          : Optional.empty();
    }
    return Optional.of(
        "belongs to kind: "
            + words(others)
            + "; this one is kind: "
            + own.word
            + ", which has "
            + String.join(", ", own.keys()));
  }

  private Optional<Source> source(Kind kind) {
    return switch (kind) {
      case TEST_PATTERN ->
          Optional.of(
              new Source.TestPattern(
                  section.value("width", WIDTH).orElse(DEFAULT_WIDTH),
                  section.value("height", HEIGHT).orElse(DEFAULT_HEIGHT),
                  section.value("fps", FPS).orElse(DEFAULT_FPS)));
      case FILE -> {
        boolean loop = section.value("loop", Form.yesOrNo()).orElse(true);
        yield section
            .required("path", this::mediaFile, "kind: file plays one, such as clips/a.mp4")
            .map(path -> new Source.MediaFiles(List.of(path), loop));
      }
      case URL ->
          section
              .required("url", StreamUrl::read, "kind: url pulls one, such as rtsp://camera/stream")
              .map(url -> url);
      case FOLDER -> {
        int fps = section.value("fps", FPS).orElse(DEFAULT_FPS);
        section.value("mode", MODE);
        yield section
            .required("path", this::mediaFolder, "kind: folder plays one, such as pictures/gate")
            .map(path -> new Source.Folder(path, fps, Source.Folder.Mode.LOOP));
      }
    };
  }

  private Path mediaFile(String text) throws WrongValue {
    Path path = MediaPath.read(media, text);
    if (Files.isDirectory(path)) {
      throw new WrongValue("is a folder; kind: folder plays its pictures, kind: file a file");
    }
    return path;
  }

  private Path mediaFolder(String text) throws WrongValue {
    Path path = MediaPath.read(media, text);
    if (Files.isRegularFile(path)) {
      throw new WrongValue("is a file; kind: file plays it, kind: folder a folder's pictures");
    }
    return path;
  }

  private List<Rendition> renditions() {
    List<Rendition> renditions = new ArrayList<>();
    // Where it is wrong, that is noted, and the file's settings are not used.
    Section written = section.section("renditions").orElseGet(() -> new Section(mistakes));
    for (Format format : Format.values()) {
      if (!written.isOff(format.word())) {
        written.section(format.word()).map(own -> ofFormat(own, format)).ifPresent(renditions::add);
      }
    }
    for (String name : written.keys()) {
      if (Format.ofWord(name).isEmpty()) {
        further(written, name).ifPresent(renditions::add);
      }
    }
    return renditions;
  }

  /** The one that is named as its format. */
  private static Rendition ofFormat(Section section, Format format) {
    Form<Format> sameFormat =
        text -> {
          if (FORMAT.read(text) != format) {
            throw new WrongValue(
                "the rendition named " + format.word() + " has that format; choose another name");
          }
          return format;
        };
    section.value("format", sameFormat);
    return rendition(section, format.word(), format);
  }

  private Optional<Rendition> further(Section written, String name) {
    List<String> words = List.of(Format.values()).stream().map(Format::word).toList();
    String question = Nearest.question(name, words);
    if (!SourceId.isValid(name)) {
      written.refuse(name, "expected a name of 1 to 64 of a-z, 0-9 and -" + question);
      return Optional.empty();
    }
    if (written.isOff(name)) {
      written.refuse(
          name, "only " + String.join(", ", words) + " are there to switch off" + question);
      return Optional.empty();
    }
    String remedy = "expected one of " + String.join(", ", words) + question;
    return written
        .section(name)
        .flatMap(
            own ->
                own.required("format", FORMAT, remedy).map(format -> rendition(own, name, format)));
  }

  private static Rendition rendition(Section section, String name, Format format) {
    Rendition defaults = Rendition.defaultOf(format);
    Set<String> known = new LinkedHashSet<>(keys(format));
    known.add("format");
    section.refuseOthers(known, key -> elsewhere(key, format));
    // What the format does not have was refused above: reading it again would tell it twice.
    Section own = section.only(known);
    return new Rendition(
        name,
        format,
        own.value("width", WIDTH).orElse(defaults.width()),
        own.value("fps", GIF_FPS).orElse(defaults.fps()),
        own.value("quality", QUALITY).orElse(defaults.quality()),
        own.value("bitrate", BITRATE).orElse(defaults.bitsPerSecond()),
        own.value("bytesPerSecond", BYTES_PER_SECOND).orElse(defaults.bytesPerSecond()),
        own.value("encode", ENCODE).orElse(defaults.encode()));
  }

  private static List<String> keys(Format format) {
    return switch (format) {
      case GIF -> List.of("width", "fps", "bytesPerSecond");
      case MJPEG -> List.of("width", "quality");
      case MPEG1 -> List.of("width", "bitrate");
      case FMP4 -> List.of("encode", "width", "bitrate");
    };
  }

  private static Optional<String> elsewhere(String key, Format own) {
    String others =
        List.of(Format.values()).stream()
            .filter(format -> keys(format).contains(key))
            .map(Format::word)
            .collect(Collectors.joining(", "));
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "belongs to " + others + "; " + own.word() + " has " + String.join(", ", keys(own)));
  }

  private static String wordsOfKinds() {
    return words(List.of(Kind.values()));
  }

  private static String words(List<Kind> kinds) {
    return kinds.stream().map(kind -> kind.word).collect(Collectors.joining(", "));
  }
}
