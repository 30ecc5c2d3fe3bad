package dev.zoetrope.config;

import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that holds all that the server keeps: {@code zoetrope.yaml}, {@code sources}, {@code
 * media}.
 *
 * @param folder absolute
 */
public record Home(Path folder) {
  /** The environment variable that names the folder. */
  public static final String VARIABLE = "ZOETROPE_HOME";

  /** The system property that names the folder. */
  public static final String PROPERTY = "zoetrope.home";

  public Home {
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException("home folder " + folder + ": expected an absolute path");
    }
    folder = folder.normalize();
  }

  /**
   * Where the home folder is: as the option says, else as {@value #VARIABLE} says, else {@code
   * .zoetrope} in the user's home. Blank counts as not said; {@code ~/} is the user's home; a
   * relative path is below the working directory. Touches no file.
   *
   * @param option of the command line or the system property {@value #PROPERTY}
   * @param environment environment variables
   * @throws IllegalArgumentException if what is said cannot be a path
   */
  public static Home resolve(
      Optional<String> option, Map<String, String> environment, Path userHome) {
    return option
        .filter(text -> !text.isBlank())
        .map(text -> named("--home", text, userHome))
        .or(
            () ->
                Optional.ofNullable(environment.get(VARIABLE))
                    .filter(text -> !text.isBlank())
                    .map(text -> named(VARIABLE, text, userHome)))
        .orElseGet(() -> new Home(userHome.resolve(".zoetrope").toAbsolutePath()));
  }

  private static Home named(String where, String text, Path userHome) {
    try {
      // Shells replace the tilde, files of variables do not.
      Path path = text.startsWith("~/") ? userHome.resolve(text.substring(2)) : Path.of(text);
      return new Home(path.toAbsolutePath());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          where + ": " + Shown.text(text) + " — expected the path of a folder", e);
    }
  }

  /** The folder with a file for each source. */
  public Path sources() {
    return folder.resolve("sources");
  }

  /** The file of that source. */
  public Path sourceFile(SourceId id) {
    return sources().resolve(id + SourceFolder.SUFFIX);
  }

  /** The folder that files and pictures to be played are in. */
  public Path media() {
    return folder.resolve("media");
  }

  /** The file with the settings of the server. */
  public Path serverFile() {
    return folder.resolve("zoetrope.yaml");
  }

  /** The file with passwords, keys and passphrases. */
  public Path secretsFile() {
    return folder.resolve("secrets.yaml");
  }

  /** The file with accounts, API tokens, share links and node keys. */
  public Path accessFile() {
    return folder.resolve("access.yaml");
  }

  /** The file with the id of this node. */
  public Path nodeFile() {
    return folder.resolve("node-id");
  }

  /** The folder with what happened to the sources. */
  public Path timelines() {
    return folder.resolve("timelines");
  }

  /** The folder that tells which processes run. */
  public Path run() {
    return folder.resolve("run");
  }

  /**
   * Makes the folders that are missing. At the first start, when there is no folder of sources yet,
   * also writes the source {@code demo} and a {@code zoetrope.yaml} that says what can be set;
   * files that exist are left as they are.
   *
   * @return whether this is the first start
   * @throws IOException if a folder or file cannot be made; the message says which, why, and what
   *     to do
   */
  public boolean prepare() throws IOException {
    boolean first = Files.notExists(sources());
    for (Path each : new Path[] {folder, media(), sources(), timelines(), run()}) {
      try {
        Files.createDirectories(each);
      } catch (IOException e) {
        throw cannotMake(each, e);
      }
    }
    new FilesTogether(this, Disk.REAL).finish();
    try {
      Secrets.prepare(secretsFile());
    } catch (IOException e) {
      throw cannotMake(secretsFile(), e);
    }
    new NodeFile(nodeFile()).prepare();
    if (first) {
      write("zoetrope.yaml", serverFile());
      write("demo.yaml", sources().resolve("demo.yaml"));
    }
    return first;
  }

  private void write(String name, Path file) throws IOException {
    byte[] content;
    try (InputStream in = Home.class.getResourceAsStream(name)) {
      content = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of the program itself", e);
    }
    try {
      Files.write(file, content, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      // Somebody wrote it beforehand, which is what it is for.
    } catch (IOException e) {
      throw cannotMake(file, e);
    }
  }

  private IOException cannotMake(Path path, IOException cause) {
    return new IOException(
        "home folder "
            + folder
            + ": cannot make "
            + path
            + ": "
            + Unreadable.why(cause)
            + "; let this user write there, or choose another folder by --home or "
            + VARIABLE,
        cause);
  }

  /** As messages call it: {@code sources/gate.yaml}. */
  Path relative(Path file) {
    return folder.relativize(file);
  }
}
