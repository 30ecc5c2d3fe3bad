package dev.zoetrope.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Paths that sources may name: those below the media folder, links followed. */
final class MediaPath {
  private static final String REMEDY =
      "expected a path below the media folder, such as clips/a.mp4";

  private MediaPath() {}

  /**
   * The canonical path that {@code text} names below {@code media}. It need not exist yet; what
   * exists of it is followed through links, and must stay below the folder, which may itself be a
   * link.
   */
  static Path read(Path media, String text) throws WrongValue {
    if (text.isBlank() || text.codePoints().anyMatch(Character::isISOControl)) {
      throw new WrongValue(REMEDY);
    }
    Path root;
    try {
      root = media.toRealPath();
    } catch (IOException e) {
      throw new WrongValue("the media folder cannot be read: " + Unreadable.why(e));
    }
    Path written;
    try {
      written = Path.of(text);
    } catch (InvalidPathException e) {
      throw new WrongValue(REMEDY);
    }
    if (written.isAbsolute()) {
      throw new WrongValue(REMEDY + ", not an absolute one");
    }
    Path path = root.resolve(written).normalize();
    if (!path.startsWith(root)) {
      throw new WrongValue(REMEDY + "; this one leads out of it");
    }
    return followed(root, path);
  }

  private static Path followed(Path root, Path path) throws WrongValue {
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
          "cannot be followed below the media folder: "
              + root.relativize(existing)
              + " "
              + Unreadable.why(e));
    }
    if (!real.startsWith(root)) {
      throw new WrongValue(REMEDY + "; this one leads out of it by a link");
    }
    return real.resolve(existing.relativize(path)).normalize();
  }
}
