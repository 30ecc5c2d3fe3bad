package dev.zoetrope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A home folder as an operator fills it: sources, media, settings. */
final class TestHome {
  private final Path folder;

  TestHome(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("sources"));
    Files.createDirectories(folder.resolve("media"));
  }

  Path folder() {
    return folder;
  }

  /** Writes {@code sources/<id>.yaml}. */
  TestHome source(String id, String... lines) throws IOException {
    Files.write(folder.resolve("sources").resolve(id + ".yaml"), List.of(lines));
    return this;
  }

  /** Writes {@code zoetrope.yaml}. */
  TestHome settings(String... lines) throws IOException {
    Files.write(folder.resolve("zoetrope.yaml"), List.of(lines));
    return this;
  }

  /** Writes {@code secrets.yaml}, for its owner alone. */
  TestHome secrets(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("secrets.yaml"), List.of(lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return this;
  }

  /** Copies the clips of that name, files or folders of files, into the media folder. */
  TestHome media(String... names) throws IOException {
    for (String name : names) {
      copy(LiveClips.folder().resolve(name), folder.resolve("media").resolve(name));
    }
    return this;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to);
    if (Files.isDirectory(from)) {
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.toList()) {
          copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }
}
