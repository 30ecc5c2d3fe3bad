package dev.zoetrope.config;

import dev.zoetrope.alert.Webhook;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.NodeIdentity;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the operator set, read once. Immutable.
 *
 * @param identity who this node is
 * @param secrets passwords, keys and passphrases
 * @param sources those without a mistake, by id, no more than the limit allows
 * @param mistakes all of them, by file and line
 */
public record Configuration(
    ServerSettings server,
    NodeIdentity identity,
    Secrets secrets,
    List<SourceSettings> sources,
    List<Mistake> mistakes) {
  public Configuration {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(identity, "identity");
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
    MistakeList inNode = new MistakeList(home.relative(home.nodeFile()));
    NodeIdentity identity =
        new NodeFile(home.nodeFile()).identity(server.node(), environment, inNode);
    mistakes.addAll(inNode.all());
    SourceFolder folder = new SourceFolder(home);
    try {
      folder.read(secrets);
    } catch (IOException e) {
      String why = "cannot be read: " + Unreadable.why(e);
      mistakes.add(new Mistake(home.relative(home.sources()), 0, "", "", why));
    }
    List<SourceSettings> sources = new ArrayList<>();
    int most = server.limits().sources();
    for (SourceFolder.Page page : folder.pages()) {
      mistakes.addAll(page.mistakes());
      if (page.settings().isPresent() && sources.size() == most) {
        mistakes.add(tooMany(home.relative(page.file()), most));
      } else {
        page.settings().ifPresent(sources::add);
      }
    }
    mistakes.addAll(portsTwice(home, sources));
    mistakes.addAll(webhooksOfNone(home, server, folder));
    return new Configuration(server, identity, secrets, sources, mistakes);
  }

  static Mistake tooMany(Path file, int most) {
    return new Mistake(
        file,
        0,
        "limits.sources",
        Integer.toString(most),
        "more sources than that; raise it in zoetrope.yaml, or remove files");
  }

  /** What is right in each file, but not beside the others. */
  static List<Mistake> portsTwice(Home home, List<SourceSettings> sources) {
    List<Mistake> mistakes = new ArrayList<>();
    Map<Integer, SourceSettings> ports = new HashMap<>();
    for (SourceSettings source : sources) {
      if (source.source() instanceof Source.SrtPublish srt) {
        SourceSettings first = ports.putIfAbsent(srt.port(), source);
        if (first != null) {
          String port = Integer.toString(srt.port());
          String remedy = "source " + first.id() + " has this port as well; choose another";
          Path file = home.relative(home.sourceFile(source.id()));
          mistakes.add(new Mistake(file, 0, "port", port, remedy));
        }
      }
    }
    return mistakes;
  }

  private static List<Mistake> webhooksOfNone(
      Home home, ServerSettings server, SourceFolder folder) {
    List<Mistake> mistakes = new ArrayList<>();
    // Also those with a mistake of their own: they are told already, and will be mended.
    Set<String> ids =
        folder.pages().stream()
            .map(page -> SourceFolder.stem(page.file()))
            .collect(Collectors.toSet());
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
}
