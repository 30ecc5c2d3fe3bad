package dev.zoetrope.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is the old one or the new one at any moment, never a part: written beside it, forced
 * to the disk, then moved to its place. What a crash leaves beside it is hidden, and overwritten
 * the next time. One writer at a time.
 */
final class WholeFile {
  private final Disk disk;
  private final Path file;

  WholeFile(Disk disk, Path file) {
    this.disk = disk;
    this.file = file;
  }

  /**
   * @param mode of a file that is not there yet; one that is keeps its own
   * @throws IOException if anything fails; the old file is there still, unless the last step did
   */
  void write(byte[] content, Optional<Set<PosixFilePermission>> mode) throws IOException {
    boolean isThere = Files.exists(file);
    Path target = isThere ? file.toRealPath() : file; // a link stays one
    Path draft = target.resolveSibling("." + target.getFileName() + ".draft");
    disk.delete(draft);
    try {
      disk.create(draft, isThere && Disk.isPosix() ? Optional.of(modeOf(target)) : mode);
      disk.write(draft, content);
      disk.force(draft);
      disk.move(draft, target);
    } catch (IOException e) {
      try {
        disk.delete(draft);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    disk.forceFolder(target.getParent());
  }

  private static Set<PosixFilePermission> modeOf(Path target) throws IOException {
    return Files.getPosixFilePermissions(target);
  }

  /** Without effect if there is none. */
  void delete() throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      disk.delete(file);
      disk.forceFolder(file.toAbsolutePath().getParent());
    }
  }
}
