package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.zoetrope.media.NodeIdentity;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code node-id}, by which other nodes know this one again, whatever it is called. Where
 * it cannot be written or read, the node has another id after each start.
 */
final class NodeFile {
  private static final Logger LOG = System.getLogger(NodeFile.class.getName());

  /** Where shells and containers tell the machine's name. */
  private static final List<String> HOST_VARIABLES = List.of("HOSTNAME", "COMPUTERNAME");

  /** Where Linux tells it, which asks no name server. */
  private static final Path KERNELS_NAME = Path.of("/proc/sys/kernel/hostname");

  private final Path file;

  NodeFile(Path file) {
    this.file = file;
  }

  /** Makes the file if it is missing. Where that fails, it is logged, and the node goes on. */
  void prepare() {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      new WholeFile(Disk.REAL, file).write((newId() + "\n").getBytes(US_ASCII), Optional.empty());
    } catch (IOException e) {
      String why = Unreadable.why(e);
      LOG.log(
          Level.WARNING,
          "{0} cannot be made: {1}; this node has another id after each start",
          file,
          why);
    }
  }

  private static String newId() {
    return String.format("n-%016x", new SecureRandom().nextLong());
  }

  /**
   * Who this node is.
   *
   * @param name as it is set; without it, the machine's
   * @param environment environment variables
   * @param mistakes where it is noted if the file cannot be read
   */
  NodeIdentity identity(
      Optional<String> name, Map<String, String> environment, MistakeList mistakes) {
    String id = id(mistakes);
    return new NodeIdentity(id, name.or(() -> hostName(environment)).orElse(id));
  }

  private String id(MistakeList mistakes) {
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      return newId(); // prepare() has told why
    }
    Optional<String> text =
        YamlFile.content(file, mistakes)
            .flatMap(content -> YamlFile.text(content, mistakes))
            .map(String::strip);
    if (text.isPresent() && !NodeIdentity.isId(text.get())) {
      mistakes.add(
          0,
          "",
          Shown.text(text.get()),
          "expected the id of this node, 1 to 64 of a-z, 0-9 and -; remove the file, and the next"
              + " start makes one");
    }
    return text.filter(NodeIdentity::isId).orElseGet(NodeFile::newId);
  }

  private static Optional<String> hostName(Map<String, String> environment) {
    return HOST_VARIABLES.stream()
        .map(variable -> environment.getOrDefault(variable, ""))
        .filter(NodeIdentity::isName)
        .findFirst()
        .or(NodeFile::ownHostName)
        .filter(NodeIdentity::isName);
  }

  private static Optional<String> ownHostName() {
    try {
      if (Files.isReadable(KERNELS_NAME)) {
        return Optional.of(Files.readString(KERNELS_NAME).strip());
      }
      return Optional.of(InetAddress.getLocalHost().getHostName());
    } catch (IOException e) {
      return Optional.empty(); // no name that leads anywhere: the id has to do
    }
  }
}
