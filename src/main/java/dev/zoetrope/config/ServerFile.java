package dev.zoetrope.config;

import dev.zoetrope.access.TrustedProxies;
import dev.zoetrope.alert.Webhook;
import dev.zoetrope.capture.DeniedHosts;
import dev.zoetrope.channel.Limits;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Secret;
import dev.zoetrope.media.SourceId;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code zoetrope.yaml}, the environment and the system properties say, the later ones going
 * before the earlier ones. What is wrong in one of them counts as not said there.
 */
final class ServerFile {
  private static final List<String> LIMITS =
      List.of("viewers", "viewersPerSource", "viewersPerAddress", "sources", "logBytes", "starts");

  /** Single values outside of limits. */
  private static final List<String> VALUES =
      List.of(
          "ffmpeg",
          "rtmpPort",
          "hardware",
          "fastDoor",
          "metrics",
          "node",
          "trustedProxies",
          "logs");

  private static final int MOST_HOSTS = 1000;
  private static final String HOSTS = "[169.254.0.0/16, metadata.google.internal]";

  private static final List<String> WEBHOOK_KEYS = List.of("url", "key", "sources", "delay");
  private static final int DEFAULT_STARTS = 4;
  private static final int DEFAULT_RTMP_PORT = 1935; // RTMP 1.0, 1
  private static final Form<Integer> STARTS = Form.number(1, 64);
  private static final Form<Integer> RTMP_PORT = Form.number(0, 65535);
  private static final Form<Boolean> AUTO_OR_OFF =
      Form.choice(List.of(true, false), isWanted -> isWanted ? "auto" : "off");
  private static final Form<Boolean> PUBLIC_OR_NOT =
      Form.choice(List.of(true, false), isPublic -> isPublic ? "public" : "operator");
  private static final Form<Boolean> JSON_OR_TEXT =
      Form.choice(List.of(true, false), isJson -> isJson ? "json" : "text");
  private static final String LIMITS_PROPERTIES = "zoetrope.limits.";
  private static final Form<Integer> VIEWERS = Form.number(1, Limits.MAX_VIEWERS);
  private static final Form<Integer> SOURCES = Form.number(1, Limits.MAX_SOURCES);

  /** Where settings are, other than in a file: names for keys, and texts for names. */
  private record Place(
      Map<String, String> names, Map<String, String> texts, MistakeList mistakes) {}

  private final Section section;
  private final Section limits;
  private final Place environment;
  private final Place properties;
  private final long heapBytes;
  private final Secrets secrets;

  private ServerFile(
      Section section,
      Section limits,
      Place environment,
      Place properties,
      long heapBytes,
      Secrets secrets) {
    this.section = section;
    this.limits = limits;
    this.environment = environment;
    this.properties = properties;
    this.heapBytes = heapBytes;
    this.secrets = secrets;
  }

  /**
   * The server's settings: with every mistake noted, and defaults in the place of what is wrong.
   *
   * @param environment environment variables
   * @param properties system properties
   * @param heapBytes the most the heap can grow to: the logs must fit into three quarters of it
   */
  static ServerSettings read(
      Home home,
      Map<String, String> environment,
      Map<String, String> properties,
      long heapBytes,
      Secrets secrets,
      List<Mistake> mistakes) {
    MistakeList fileMistakes = new MistakeList(home.relative(home.serverFile()));
    Section section = section(home, fileMistakes);
    List<MistakeList> elsewhere = new ArrayList<>();
    ServerSettings settings =
        read(section, environment, properties, heapBytes, secrets, fileMistakes, elsewhere);
    mistakes.addAll(fileMistakes.all());
    elsewhere.forEach(each -> mistakes.addAll(each.all()));
    return settings;
  }

  /** What a file would say, by itself. */
  static ServerSettings parse(
      byte[] content, long heapBytes, Secrets secrets, MistakeList mistakes) {
    Section section = YamlFile.parse(content, mistakes).orElseGet(() -> new Section(mistakes));
    return read(section, Map.of(), Map.of(), heapBytes, secrets, mistakes, new ArrayList<>());
  }

  private static ServerSettings read(
      Section section,
      Map<String, String> environment,
      Map<String, String> properties,
      long heapBytes,
      Secrets secrets,
      MistakeList fileMistakes,
      List<MistakeList> elsewhere) {
    Section limits = section.section("limits").orElseGet(() -> new Section(fileMistakes));
    section.refuseOthers(known(), ServerFile::inLimits);
    limits.refuseOthers(new LinkedHashSet<>(LIMITS), key -> Optional.empty());

    Map<String, String> propertyNames = new LinkedHashMap<>();
    Map<String, String> environmentNames = new LinkedHashMap<>();
    for (String key : LIMITS) {
      propertyNames.put(key, LIMITS_PROPERTIES + key);
      environmentNames.put(key, variable(LIMITS_PROPERTIES + key));
    }
    for (String key : VALUES) {
      propertyNames.put(key, "zoetrope." + key);
      environmentNames.put(key, variable("zoetrope." + key));
    }
    Place variables =
        new Place(environmentNames, environment, new MistakeList(Path.of("environment")));
    Place options =
        new Place(propertyNames, properties, new MistakeList(Path.of("system properties")));
    refuseOthers(variables, variable(LIMITS_PROPERTIES));
    refuseOthers(options, LIMITS_PROPERTIES);

    elsewhere.addAll(List.of(variables.mistakes(), options.mistakes()));
    return new ServerFile(section, limits, variables, options, heapBytes, secrets).settings();
  }

  /** Every key with its name as a system property, and that as an environment variable. */
  static Map<String, List<String>> names() {
    Map<String, List<String>> names = new LinkedHashMap<>();
    LIMITS.forEach(key -> names.put("limits." + key, names(LIMITS_PROPERTIES + key)));
    VALUES.forEach(key -> names.put(key, names("zoetrope." + key)));
    return names;
  }

  private static List<String> names(String property) {
    return List.of(property, variable(property));
  }

  private static Section section(Home home, MistakeList mistakes) {
    if (Files.notExists(home.serverFile())) {
      Path misnamed = home.folder().resolve("zoetrope.yml");
      if (Files.exists(misnamed)) {
        mistakes.add(0, "", "", "rename zoetrope.yml to zoetrope.yaml");
      }
      return new Section(mistakes);
    }
    return YamlFile.read(home.serverFile(), mistakes).orElseGet(() -> new Section(mistakes));
  }

  private static Optional<String> inLimits(String key) {
    return LIMITS.contains(key) ? Optional.of("belongs under limits:") : Optional.empty();
  }

  /**
   * {@code zoetrope.limits.viewersPerSource} as {@code ZOETROPE_LIMITS_VIEWERS_PER_SOURCE}, the
   * form that shells take.
   */
  private static String variable(String property) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < property.length(); i++) {
      char c = property.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_');
      }
      name.append(c == '.' ? '_' : c);
    }
    return name.toString().toUpperCase(Locale.ROOT);
  }

  /**
   * Only names that begin as those of limits do: other ones with ZOETROPE_ may be set by whoever
   * runs the container, as Kubernetes does with ZOETROPE_PORT for a service named zoetrope.
   */
  private static void refuseOthers(Place place, String prefix) {
    for (String name : new TreeSet<>(place.texts().keySet())) {
      if (name.startsWith(prefix) && !place.names().containsValue(name)) {
        String question = Nearest.question(name, place.names().values());
        place
            .mistakes()
            .add(
                0,
                name,
                Shown.value(name, place.texts().get(name)),
                "unknown name"
                    + (question.isEmpty()
                        ? "; known: " + String.join(", ", place.names().values())
                        : question));
      }
    }
  }

  private ServerSettings settings() {
    Limits defaults = Limits.defaultsFor(heapBytes);
    long mostLogBytes =
        Math.min(Limits.MAX_LOG_BYTES, Math.max(Limits.MIN_LOG_BYTES, heapBytes / 4 * 3));
    Form<Long> logBytes =
        text -> {
          long bytes = Form.bytes(Limits.MIN_LOG_BYTES, Limits.MAX_LOG_BYTES).read(text);
          if (bytes > mostLogBytes) {
            throw new WrongValue(
                "expected at most three quarters of the heap, "
                    + (mostLogBytes >> 20)
                    + "m; java -Xmx makes it larger");
          }
          return bytes;
        };
    return new ServerSettings(
        new Limits(
            value(limits, "viewers", VIEWERS).orElse(defaults.viewersPerNode()),
            value(limits, "viewersPerSource", VIEWERS).orElse(defaults.viewersPerSource()),
            value(limits, "viewersPerAddress", VIEWERS).orElse(defaults.viewersPerAddress()),
            value(limits, "sources", SOURCES).orElse(defaults.sources()),
            value(limits, "logBytes", logBytes).orElse(defaults.logBytesPerNode())),
        value(limits, "starts", STARTS).orElse(DEFAULT_STARTS),
        value(section, "rtmpPort", RTMP_PORT).orElse(DEFAULT_RTMP_PORT),
        value(section, "hardware", AUTO_OR_OFF).orElse(true),
        value(section, "fastDoor", AUTO_OR_OFF).orElse(true),
        value(section, "metrics", PUBLIC_OR_NOT).orElse(false),
        webhooks(),
        denyHosts(),
        value(section, "ffmpeg", ServerFile::program),
        value(section, "node", ServerFile::nodeName),
        value(section, "trustedProxies", ServerFile::proxies).orElse(TrustedProxies.NONE),
        value(section, "logs", JSON_OR_TEXT).orElse(false));
  }

  private DeniedHosts denyHosts() {
    if (!section.has("denyHosts")) {
      return DeniedHosts.usual();
    }
    if (section.isOff("denyHosts")) {
      return DeniedHosts.of(List.of());
    }
    Optional<List<String>> texts =
        section.values("denyHosts", ServerFile::host, "expected off, or a list such as " + HOSTS);
    if (texts.isPresent() && texts.get().size() > MOST_HOSTS) {
      section.refuse("denyHosts", "expected at most " + MOST_HOSTS);
      return DeniedHosts.usual();
    }
    return texts.map(DeniedHosts::of).orElseGet(DeniedHosts::usual);
  }

  private static String host(String text) throws WrongValue {
    try {
      var unused = DeniedHosts.of(List.of(text));
      return text;
    } catch (IllegalArgumentException e) {
      throw new WrongValue("expected an address, a block of them, or a name, such as " + HOSTS);
    }
  }

  private List<Webhook> webhooks() {
    Optional<Section> all = section.section("webhooks");
    List<Webhook> webhooks = new ArrayList<>();
    for (String name : all.map(Section::keys).orElse(Set.of())) {
      if (SourceId.isValid(name)) {
        all.get().section(name).flatMap(own -> webhook(name, own)).ifPresent(webhooks::add);
      } else {
        all.get().refuse(name, "expected a name of 1 to 64 of a-z, 0-9 and -");
      }
    }
    return webhooks;
  }

  private Optional<Webhook> webhook(String name, Section own) {
    own.refuseOthers(new LinkedHashSet<>(WEBHOOK_KEYS), key -> Optional.empty());
    Optional<URI> url = own.required("url", ServerFile::webAddress, "who is told");
    Optional<Secret> key = own.value("key", secrets.form());
    Duration delay = own.value("delay", Form.duration(Webhook.MOST_DELAY)).orElse(Duration.ZERO);
    Optional<List<SourceId>> sources =
        own.has("sources")
            ? own.values("sources", ServerFile::sourceId, "expected a list such as [gate, yard]")
            : Optional.of(List.of());
    boolean isWhole =
        url.isPresent() && sources.isPresent() && (key.isPresent() || !own.has("key"));
    return isWhole
        ? Optional.of(new Webhook(name, url.get(), key, Set.copyOf(sources.get()), delay))
        : Optional.empty();
  }

  private static URI webAddress(String text) throws WrongValue {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new WrongValue("expected an address such as https://example.com/told");
    }
    boolean isWeb =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!isWeb || uri.getHost() == null) {
      throw new WrongValue("expected an address such as https://example.com/told");
    }
    if (uri.getRawUserInfo() != null) {
      throw new WrongValue("expected an address without user and password; a key signs messages");
    }
    return uri;
  }

  private static SourceId sourceId(String text) throws WrongValue {
    if (!SourceId.isValid(text)) {
      throw new WrongValue("expected the id of a source");
    }
    return new SourceId(text);
  }

  private static Set<String> known() {
    Set<String> known = new LinkedHashSet<>(List.of("limits", "webhooks", "denyHosts"));
    known.addAll(VALUES);
    return known;
  }

  /** All three places are read, so that a mistake is told even where it has no effect. */
  private <T> Optional<T> value(Section section, String key, Form<T> form) {
    Optional<T> inFile = section.value(key, form);
    Optional<T> inEnvironment = value(environment, key, form);
    Optional<T> inProperties = value(properties, key, form);
    return inProperties.or(() -> inEnvironment).or(() -> inFile);
  }

  private static <T> Optional<T> value(Place place, String key, Form<T> form) {
    String name = place.names().get(key);
    String text = place.texts().getOrDefault(name, "");
    // Blank is not set: a container's file often lists every variable.
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(form.read(text.strip()));
    } catch (WrongValue e) {
      place.mistakes().add(0, name, Shown.value(name, text), e.getMessage());
      return Optional.empty();
    }
  }

  private static String nodeName(String text) throws WrongValue {
    if (!NodeIdentity.isName(text)) {
      throw new WrongValue("expected the name of this node, 1 to 64 characters");
    }
    return text;
  }

  private static TrustedProxies proxies(String text) throws WrongValue {
    try {
      return TrustedProxies.of(text);
    } catch (IllegalArgumentException e) {
      throw new WrongValue("expected addresses or blocks of them: 127.0.0.1, 10.0.0.0/8, ::1");
    }
  }

  private static Path program(String text) throws WrongValue {
    String remedy = "expected the absolute path of the program ffmpeg";
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new WrongValue(remedy);
    }
    if (!path.isAbsolute()) {
      throw new WrongValue(remedy + "; without this key, the PATH is searched");
    }
    if (Files.notExists(path)) {
      throw new WrongValue(remedy + "; this one does not exist");
    }
    if (!Files.isRegularFile(path) || !Files.isExecutable(path)) {
      throw new WrongValue(remedy + "; this one cannot be executed");
    }
    return path.normalize();
  }
}
