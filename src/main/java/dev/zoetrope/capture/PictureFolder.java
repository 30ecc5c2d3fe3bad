package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pictures in a folder: JPEG, PNG, GIF, WebP by their names' endings. A file that is a link out
 * of the folder is none. Stateless.
 *
 * @param path absolute, canonical
 */
record PictureFolder(Path path) {
  private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".gif", ".webp");

  private static final Comparator<Path> BY_NAME =
      Comparator.comparing(file -> file.getFileName().toString(), NaturalOrder.INSTANCE);

  /**
   * What changes when a file is written or replaced.
   *
   * @param identity of the file on its disk; absent where disks have none
   */
  record Stamp(FileTime modified, long size, Optional<Object> identity) {
    /** Empty if it is not there, or no file. */
    static Optional<Stamp> of(Path file) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.isRegularFile()
            ? Optional.of(
                new Stamp(
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    Optional.ofNullable(attributes.fileKey())))
            : Optional.empty();
      } catch (IOException e) {
        return Optional.empty(); // deleted, or not ours to read
      }
    }
  }

  /** Whether a file of that name may be a picture. */
  static boolean isNamedAsPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  /** Its name, for messages: where it lies is no business of a viewer. */
  Path name() {
    return path.getFileName();
  }

  /**
   * The files of this moment, in natural order of their names.
   *
   * @throws IOException if the folder cannot be read; the message says why, for people
   */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> isNamedAsPicture(file) && Files.isRegularFile(file))
          .sorted(BY_NAME)
          .toList();
    } catch (NoSuchFileException e) {
      throw new IOException("no such folder in the media folder: " + name(), e);
    } catch (NotDirectoryException e) {
      throw new IOException("not a folder: " + name(), e);
    } catch (IOException | UncheckedIOException e) { // the latter while it is being listed
      throw new IOException("folder cannot be read: " + name(), e);
    }
  }

  /** The bytes of a picture that is whole; empty if it is not, or is none, is large or is gone. */
  Optional<Bytes> whole(Path file) {
    try {
      boolean leadsOut = !file.toRealPath().startsWith(path);
      if (leadsOut || Files.size(file) > Picture.MAX_BYTES) {
        return Optional.empty();
      }
      Bytes bytes = Bytes.owning(Files.readAllBytes(file));
      return Picture.isWhole(bytes) ? Optional.of(bytes) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // deleted meanwhile
    }
  }

  /** As {@link #whole}, ready to be shown; empty also where it is damaged. */
  Optional<Picture> picture(Path file) {
    return whole(file).flatMap(PictureFolder::decoded);
  }

  static Optional<Picture> decoded(Bytes bytes) {
    try {
      return Optional.of(Picture.of(bytes));
    } catch (MalformedMediaException e) {
      return Optional.empty(); // the next one is as good
    }
  }
}
