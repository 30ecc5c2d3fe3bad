package dev.zoetrope.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line of {@code java -jar zoetrope.war} asks for.
 *
 * @param wish serve, or only answer
 * @param port 0 to 65535; 0 is any free port
 * @param host the one address to listen on; empty is every address of this machine
 * @param home where the server keeps what it must remember, absolute
 * @param ffmpeg the program to use; empty is the first on the PATH
 */
record LauncherOptions(
    Wish wish, int port, Optional<String> host, Path home, Optional<Path> ffmpeg, Tls tls) {

  private static final int HTTP_PORT = 8080;
  private static final int HTTPS_PORT = 8443;
  private static final int MAX_PORT = 65535;

  static final String HELP =
      """
      Zoetrope: live video for browsers.

      usage: java -jar zoetrope.war [option ...]

        --port N           listen on this port (default 8080, with https 8443; 0: any free port)
        --host ADDRESS     listen on this address only (default: all)
        --home DIR         keep sources and settings here (else ZOETROPE_HOME, else ~/.zoetrope)
        --ffmpeg PATH      use this ffmpeg (default: the first on the PATH)
        --https            serve https, with a certificate made once and kept in the home
        --https-cert FILE  serve https with this certificate chain (PEM); needs --https-key
        --https-key FILE   the private key of that certificate (PEM, no pass phrase)
        --version          print the version
        --help             print this

      Ctrl-C ends it.
      """;

  enum Wish {
    SERVE,
    HELP,
    VERSION
  }

  /** How connections are protected. */
  sealed interface Tls {
    /** Plain http. */
    record Plain() implements Tls {}

    /** A certificate that the launcher makes once, below the home. */
    record SelfSigned() implements Tls {}

    /** The operator's own certificate chain and private key, both PEM. */
    record Pem(Path certificate, Path key) implements Tls {}

    default boolean isHttps() {
      return !(this instanceof Plain);
    }
  }

  private enum Option {
    PORT("--port", true),
    HOST("--host", true),
    HOME("--home", true),
    FFMPEG("--ffmpeg", true),
    HTTPS("--https", false),
    HTTPS_CERT("--https-cert", true),
    HTTPS_KEY("--https-key", true),
    VERSION("--version", false),
    HELP("--help", false);

    final String text;
    final boolean takesValue;

    Option(String text, boolean takesValue) {
      this.text = text;
      this.takesValue = takesValue;
    }

    static Optional<Option> named(String text) {
      for (Option option : values()) {
        if (option.text.equals(text)) {
          return Optional.of(option);
        }
      }
      return Optional.empty();
    }

    static Option nearest(String text) {
      return List.of(values()).stream()
          .min(Comparator.comparingInt(option -> distance(option.text, text)))
          .orElseThrow();
    }
  }

  /**
   * Reads a command line: {@code --name value} or {@code --name=value}; of an option given twice
   * the last counts.
   *
   * @throws UsageException naming every mistake, a line each
   */
  static LauncherOptions parse(List<String> arguments) throws UsageException {
    List<String> mistakes = new ArrayList<>();
    Map<Option, String> given = read(arguments, mistakes);
    Tls tls = tls(given, mistakes);
    LauncherOptions options =
        new LauncherOptions(
            wish(given),
            port(given.get(Option.PORT), tls, mistakes),
            Optional.ofNullable(given.get(Option.HOST)),
            home(given.get(Option.HOME)),
            ffmpeg(given.get(Option.FFMPEG), mistakes),
            tls);
    if (!mistakes.isEmpty() && options.wish == Wish.SERVE) {
      throw new UsageException(String.join("\n", mistakes));
    }
    return options;
  }

  /** As the web application finds it where it is deployed elsewhere. */
  private static Path home(String given) {
    String variable = System.getenv("ZOETROPE_HOME");
    Path home;
    if (given != null) {
      home = Path.of(given);
    } else if (variable != null && !variable.isBlank()) {
      home = // shells replace the tilde, files of variables do not
          variable.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), variable.substring(2))
              : Path.of(variable);
    } else {
      home = Path.of(System.getProperty("user.home"), ".zoetrope");
    }
    return home.toAbsolutePath().normalize();
  }

  private static Map<Option, String> read(List<String> arguments, List<String> mistakes) {
    Map<Option, String> given = new EnumMap<>(Option.class);
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Optional<Option> known = Option.named(name);
      if (known.isEmpty()) {
        mistakes.add(
            "unknown option " + name + ": did you mean " + Option.nearest(name).text + "?");
        continue;
      }
      Option option = known.get();
      if (!option.takesValue) {
        given.put(option, "");
        if (equals >= 0) {
          mistakes.add(option.text + " takes no value");
        }
        continue;
      }
      String value =
          equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
      if (value.isEmpty()) {
        mistakes.add(option.text + " needs a value");
      } else {
        given.put(option, value);
      }
    }
    return given;
  }

  private static Wish wish(Map<Option, String> given) {
    if (given.containsKey(Option.HELP)) {
      return Wish.HELP;
    }
    return given.containsKey(Option.VERSION) ? Wish.VERSION : Wish.SERVE;
  }

  private static int port(String value, Tls tls, List<String> mistakes) {
    if (value == null) {
      return tls.isHttps() ? HTTPS_PORT : HTTP_PORT;
    }
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, like a number out of range.
    }
    mistakes.add("--port " + value + ": expected a number from 0 to " + MAX_PORT);
    return 0;
  }

  private static Optional<Path> ffmpeg(String value, List<String> mistakes) {
    if (value == null) {
      return Optional.empty();
    }
    Path program = Path.of(value).toAbsolutePath().normalize();
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      mistakes.add("--ffmpeg " + value + ": expected a program that may be run");
    }
    return Optional.of(program);
  }

  private static Tls tls(Map<Option, String> given, List<String> mistakes) {
    String certificate = given.get(Option.HTTPS_CERT);
    String key = given.get(Option.HTTPS_KEY);
    if (certificate == null && key == null) {
      return given.containsKey(Option.HTTPS) ? new Tls.SelfSigned() : new Tls.Plain();
    }
    if (certificate == null || key == null) {
      mistakes.add("--https-cert and --https-key belong together: give both");
      return new Tls.SelfSigned();
    }
    return new Tls.Pem(
        readable(Option.HTTPS_CERT, certificate, mistakes),
        readable(Option.HTTPS_KEY, key, mistakes));
  }

  private static Path readable(Option option, String value, List<String> mistakes) {
    Path file = Path.of(value).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      mistakes.add(option.text + " " + value + ": expected a file that may be read");
    }
    return file;
  }

  /** How many letters to add, drop or change to make one text of the other (Levenshtein). */
  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      previous[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      int[] current = new int[right.length() + 1];
      current[0] = row;
      for (int column = 1; column <= right.length(); column++) {
        int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                previous[column - 1] + change, 1 + Math.min(previous[column], current[column - 1]));
      }
      previous = current;
    }
    return previous[right.length()];
  }
}
