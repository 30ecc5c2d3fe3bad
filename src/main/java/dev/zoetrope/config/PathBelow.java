package dev.zoetrope.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The form of paths that sources may name: those below a folder, links followed.
 *
 * @param folder may itself be a link
 * @param name as messages call it: {@code media folder}
 * @param example such a path
 */
record PathBelow(Path folder, String name, String example) implements Form<Path> {

  /** Below the folder with files and pictures to be played. */
  static PathBelow media(Home home) {
    return new PathBelow(home.media(), "media folder", "clips/a.mp4");
  }

  /**
   * The canonical path that {@code text} names. It need not exist yet; what exists of it is
   * followed through links, and must stay below the folder.
   */
  @Override
  public Path read(String text) throws WrongValue {
    if (text.isBlank() || text.codePoints().anyMatch(Character::isISOControl)) {
      throw new WrongValue(remedy());
    }
    Path root;
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      throw new WrongValue("the " + name + " cannot be read: " + Unreadable.why(e));
    }
    Path written;
    try {
      written = Path.of(text);
    } catch (InvalidPathException e) {
      throw new WrongValue(remedy());
    }
    if (written.isAbsolute()) {
      throw new WrongValue(remedy() + ", not an absolute one");
    }
    Path path = root.resolve(written).normalize();
    if (!path.startsWith(root)) {
      throw new WrongValue(remedy() + "; this one leads out of it");
    }
    return followed(root, path);
  }

  private String remedy() {
    return "expected a path below the " + name + ", such as " + example;
  }

  private Path followed(Path root, Path path) throws WrongValue {
    Path existing = path;
    // Ends at the latest at the root, which exists.
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && !existing.equals(root)) {
      existing = existing.getParent();
    }
    Path real;
    try {
      real = existing.toRealPath();
    } catch (IOException e) {
      throw new WrongValue(
          "cannot be followed below the "
              + name
              + ": "
              + root.relativize(existing)
              + " "
              + Unreadable.why(e));
    }
    if (!real.startsWith(root)) {
      throw new WrongValue(remedy() + "; this one leads out of it by a link");
    }
    return real.resolve(existing.relativize(path)).normalize();
  }
}
