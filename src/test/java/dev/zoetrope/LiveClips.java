package dev.zoetrope;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The clips of the integration tests, made by {@code src/test/clips/live} where they are missing.
 */
final class LiveClips {
  private static final Path FOLDER = Path.of("target/clips/live").toAbsolutePath();

  private LiveClips() {}

  /** The folder with all of them. */
  static Path folder() throws IOException {
    Program.run("src/test/clips/live", FOLDER.toString());
    return FOLDER;
  }
}
