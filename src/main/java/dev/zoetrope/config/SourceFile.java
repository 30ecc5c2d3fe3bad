package dev.zoetrope.config;

import dev.zoetrope.capture.CaptureSettings;
import dev.zoetrope.capture.ProcessLimits;
import dev.zoetrope.channel.Audience;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one file of the folder {@code sources} says. */
final class SourceFile {
  private static final List<String> KEYS_OF_EVERY_KIND =
      List.of(
          "title",
          "kind",
          "enabled",
          "keepRunning",
          "linger",
          "renditions",
          "startTimeout",
          "stallTimeout",
          "process",
          "access",
          "origins");

  private static final List<String> PROCESS_KEYS = List.of("nice", "cpu", "memory", "threads");

  private static final Form<SourceKind> KIND =
      Form.choice(List.of(SourceKind.values()), SourceKind::word);
  private static final Form<Format> FORMAT = Form.choice(List.of(Format.values()), Format::word);
  private static final Form<Rendition.Encode> ENCODE =
      Form.choice(
          List.of(Rendition.Encode.values()), encode -> encode.name().toLowerCase(Locale.ROOT));
  private static final Form<Integer> WIDTH = Form.evenNumber(16, 3840);
  // A GIF counts in hundredths of a second, and browsers slow down what is below two of them.
  private static final Form<Integer> GIF_FPS = Form.number(1, 50);
  private static final Form<Integer> QUALITY = Form.number(2, 31);
  private static final Form<Long> BITRATE = Form.bitrate(32_000, 100_000_000);
  private static final Form<Long> BYTES_PER_SECOND = Form.bytes(1 << 10, 100 << 20);

  private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);
  private static final Form<Integer> NICE = Form.number(0, 19);
  private static final Form<Integer> CPU = Form.number(1, 6400);
  private static final Form<Long> MEMORY = Form.bytes(ProcessLimits.LEAST_MEMORY_BYTES, 1L << 38);
  private static final Form<Integer> THREADS = Form.number(1, ProcessLimits.MOST_THREADS);

  private final SourceKind.Place place;
  private final Section section;
  private final MistakeList mistakes;

  private SourceFile(SourceKind.Place place, Section section, MistakeList mistakes) {
    this.place = place;
    this.section = section;
    this.mistakes = mistakes;
  }

  /**
   * The settings of the source {@code id}; empty, with mistakes noted, if anything is wrong.
   *
   * @param place where paths and secrets are looked up
   */
  static Optional<SourceSettings> read(
      Path file, SourceId id, SourceKind.Place place, MistakeList mistakes) {
    return YamlFile.content(file, mistakes).flatMap(content -> parse(content, id, place, mistakes));
  }

  /** The same of what a file holds. */
  static Optional<SourceSettings> parse(
      byte[] content, SourceId id, SourceKind.Place place, MistakeList mistakes) {
    return YamlFile.parse(content, mistakes)
        .flatMap(section -> new SourceFile(place, section, mistakes).settings(id));
  }

  private Optional<SourceSettings> settings(SourceId id) {
    if (section.isEmpty() && mistakes.isEmpty()) {
      mistakes.add(0, "kind", "", "empty; expected at least kind: " + wordsOfKinds());
      return Optional.empty();
    }
    String title = section.value("title", SourceFile::title).orElse(id.value());
    boolean enabled = section.value("enabled", Form.yesOrNo()).orElse(true);
    boolean keepRunning = section.value("keepRunning", Form.yesOrNo()).orElse(false);
    var linger =
        section
            .value("linger", Form.duration(SourceSettings.MAX_LINGER))
            .orElse(SourceSettings.DEFAULT_LINGER);
    Optional<Source> source = source(id);
    List<Rendition> renditions = renditions();
    CaptureSettings capture = capture();
    Audience audience = AudienceKeys.read(section);
    if (!mistakes.isEmpty() || source.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourceSettings(
            id, title, source.get(), keepRunning, linger, renditions, capture, enabled, audience));
  }

  /** Every key that a file may have at its first level. */
  static Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>(KEYS_OF_EVERY_KIND);
    List.of(SourceKind.values()).forEach(kind -> keys.addAll(kind.keys()));
    return keys;
  }

  private static String title(String text) throws WrongValue {
    if (!SourceSettings.isTitle(text)) {
      throw new WrongValue("expected 1 to " + SourceSettings.MAX_TITLE_LENGTH + " characters");
    }
    return text;
  }

  private Optional<Source> source(SourceId id) {
    Optional<SourceKind> kind = section.required("kind", KIND, "expected one of " + wordsOfKinds());
    Set<String> known = new LinkedHashSet<>(KEYS_OF_EVERY_KIND);
    // Without a kind, only what belongs to none of them can be called wrong.
    List.of(SourceKind.values()).stream()
        .filter(each -> kind.isEmpty() || each == kind.get())
        .forEach(each -> known.addAll(each.keys()));
    section.refuseOthers(known, key -> kind.flatMap(own -> elsewhere(key, own)));
    return kind.flatMap(own -> own.source(id, section, place));
  }

  private static Optional<String> elsewhere(String key, SourceKind own) {
    List<SourceKind> others =
        List.of(SourceKind.values()).stream().filter(kind -> kind.keys().contains(key)).toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "belongs to kind: "
            + words(others)
            + "; this one is kind: "
            + own.word()
            + ", which has "
            + String.join(", ", own.keys()));
  }

  private CaptureSettings capture() {
    CaptureSettings defaults = CaptureSettings.DEFAULT;
    Section process = section.section("process").orElseGet(() -> new Section(mistakes));
    process.refuseOthers(new LinkedHashSet<>(PROCESS_KEYS), key -> Optional.empty());
    return new CaptureSettings(
        section
            .value("startTimeout", Form.duration(Duration.ofSeconds(1), MOST_PATIENCE))
            .orElse(defaults.startTimeout()),
        section
            .value("stallTimeout", Form.duration(CaptureSettings.LEAST_STALL, MOST_PATIENCE))
            .orElse(defaults.stallTimeout()),
        new ProcessLimits(
            process.value("nice", NICE).orElse(0),
            process.value("cpu", CPU).orElse(0),
            process.value("memory", MEMORY).orElse(0L),
            process.value("threads", THREADS).orElse(1)));
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
    if (Rendition.RESERVED.contains(name)) {
      written.refuse(
          name, "the name is taken: other nodes ask by it for something else; choose another");
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
    return words(List.of(SourceKind.values()));
  }

  private static String words(List<SourceKind> kinds) {
    return kinds.stream().map(SourceKind::word).collect(Collectors.joining(", "));
  }
}
