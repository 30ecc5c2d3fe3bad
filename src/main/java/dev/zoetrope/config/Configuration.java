package dev.zoetrope.config;

import dev.zoetrope.alert.Webhook;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the operator set, read once. Immutable.
 *
 * @param secrets passwords, keys and passphrases
 * @param sources those without a mistake, by id, no more than the limit allows
 * @param mistakes all of them, by file and line
 */
public record Configuration(
    ServerSettings server, Secrets secrets, List<SourceSettings> sources, List<Mistake> mistakes) {
  private static final String SUFFIX = ".yaml";

  public Configuration {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(secrets, "secrets");
    sources = List.copyOf(sources);
    mistakes = List.copyOf(mistakes);
  }

  /** Reads with the environment and the system properties of this process. */
  public static Configuration read(Home home) {
    Map<String, String> properties = new HashMap<>();
    Properties system = System.getProperties();
    for (String name : system.stringPropertyNames()) {
      properties.put(name, system.getProperty(name));
    }
    return read(home, System.getenv(), properties, Runtime.getRuntime().maxMemory());
  }

  /**
   * Reads {@code zoetrope.yaml} and every file of {@code sources}. Never fails: what cannot be read
   * is among the mistakes, and the rest is as if it were not there.
   *
   * @param environment goes before the file: {@code ZOETROPE_LIMITS_VIEWERS}, …
   * @param properties go before the environment: {@code zoetrope.limits.viewers}, …
   * @param heapBytes the most the heap can grow to
   */
  static Configuration read(
      Home home, Map<String, String> environment, Map<String, String> properties, long heapBytes) {
    List<Mistake> mistakes = new ArrayList<>();
    MistakeList inSecrets = new MistakeList(home.relative(home.secretsFile()));
    Secrets secrets = Secrets.read(home.secretsFile(), inSecrets);
    mistakes.addAll(inSecrets.all());
    ServerSettings server =
        ServerFile.read(home, environment, properties, heapBytes, secrets, mistakes);
    SourceKind.Place place = new SourceKind.Place(home.media(), secrets);
    List<SourceSettings> sources = new ArrayList<>();
    int most = server.limits().sources();
    List<Path> files = sourceFiles(home, mistakes);
    for (Path file : files) {
      MistakeList own = new MistakeList(home.relative(file));
      Optional<SourceSettings> source =
          id(file, own).flatMap(id -> SourceFile.read(file, id, place, own));
      if (source.isPresent() && sources.size() == most) {
        own.add(
            0,
            "limits.sources",
            Integer.toString(most),
            "more sources than that; raise it in zoetrope.yaml, or remove files");
      } else {
        source.ifPresent(sources::add);
      }
      mistakes.addAll(own.all());
    }
    mistakes.addAll(togetherWrong(home, server, files, sources));
    return new Configuration(server, secrets, sources, mistakes);
  }

  /** What is right in each file, but not beside the others. */
  private static List<Mistake> togetherWrong(
      Home home, ServerSettings server, List<Path> files, List<SourceSettings> sources) {
    List<Mistake> mistakes = new ArrayList<>();
    Map<Integer, SourceSettings> ports = new HashMap<>();
    for (SourceSettings source : sources) {
      if (source.source() instanceof Source.SrtPublish srt) {
        SourceSettings first = ports.putIfAbsent(srt.port(), source);
        if (first != null) {
          Path file = home.sources().resolve(source.id() + SUFFIX);
          String port = Integer.toString(srt.port());
          String remedy = "source " + first.id() + " has this port as well; choose another";
          mistakes.add(new Mistake(home.relative(file), 0, "port", port, remedy));
        }
      }
    }
    // Also those with a mistake of their own: they are told already, and will be mended.
    Set<String> ids = files.stream().map(Configuration::stem).collect(Collectors.toSet());
    for (Webhook webhook : server.webhooks()) {
      for (SourceId id : webhook.sources()) {
        if (!ids.contains(id.value())) {
          String key = "webhooks." + webhook.name() + ".sources";
          String remedy = "there is no such source; it is told of the others";
          mistakes.add(new Mistake(home.relative(home.serverFile()), 0, key, id.value(), remedy));
        }
      }
    }
    return mistakes;
  }

  /** By name, which is by id. Other files, such as an editor's, may lie among them. */
  private static List<Path> sourceFiles(Home home, List<Mistake> mistakes) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(home.sources())) {
      for (Path file : folder) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean hidden = name.startsWith(".");
        if (!hidden && (name.endsWith(SUFFIX) || name.endsWith(".yml"))) {
          files.add(file);
        }
      }
    } catch (IOException e) {
      mistakes.add(unreadable(home, e));
    } catch (DirectoryIteratorException e) {
      mistakes.add(unreadable(home, e.getCause()));
    }
    files.sort((a, b) -> stem(a).compareTo(stem(b)));
    return files;
  }

  private static Mistake unreadable(Home home, IOException e) {
    return new Mistake(
        home.relative(home.sources()), 0, "", "", "cannot be read: " + Unreadable.why(e));
  }

  private static Optional<SourceId> id(Path file, MistakeList mistakes) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX)) {
      mistakes.add(0, "", "", "rename it to " + stem(file) + SUFFIX);
      return Optional.empty();
    }
    if (!SourceId.isValid(stem(file))) {
      mistakes.add(
          0,
          "",
          "",
          "the name is the source's id: expected 1 to 64 of a-z, 0-9 and -, beginning with a letter"
              + " or digit; rename it");
      return Optional.empty();
    }
    return Optional.of(new SourceId(stem(file)));
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }
}
