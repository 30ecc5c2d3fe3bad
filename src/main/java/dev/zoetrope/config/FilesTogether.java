package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Several files of a home, changed as one: all drafts are on the disk before a plan is, and nothing
 * is moved before that. Without a plan all files are the old ones; with one, {@link #finish} makes
 * them the new ones at the next start, wherever the process was killed. One writer at a time.
 */
final class FilesTogether {
  private static final String PLAN = ".import-plan";
  private static final String DRAFT = ".import";
  private static final String PUT = "put ";
  private static final String DELETE = "delete ";

  private final Home home;
  private final Disk disk;

  FilesTogether(Home home, Disk disk) {
    this.home = home;
    this.disk = disk;
  }

  /**
   * What one file shall be.
   *
   * @param content empty where it shall not be there
   * @param mode of a file that is not there yet; one that is keeps its own
   */
  record Change(Path file, Optional<byte[]> content, Optional<Set<PosixFilePermission>> mode) {}

  /**
   * Makes all changes.
   *
   * @throws IOException if one of them cannot be made; then all files are as before, unless the
   *     disk fails once more while they are put back
   */
  void apply(List<Change> changes) throws IOException {
    List<Change> before = before(changes);
    try {
      for (Change change : changes) {
        if (change.content().isPresent()) {
          draft(change);
        }
      }
      draft(new Change(plan(), Optional.of(planned(changes)), Optional.empty()));
      disk.move(draftOf(plan()), plan());
      disk.forceFolder(home.folder());
      carryOut(changes);
      disk.delete(plan());
    } catch (IOException e) {
      putBack(changes, before, e);
      throw e;
    }
  }

  private static List<Change> before(List<Change> changes) throws IOException {
    List<Change> before = new ArrayList<>();
    for (Change change : changes) {
      Optional<byte[]> content;
      try {
        content = Optional.of(Files.readAllBytes(change.file()));
      } catch (NoSuchFileException e) {
        content = Optional.empty();
      }
      before.add(new Change(change.file(), content, change.mode()));
    }
    return before;
  }

  private void draft(Change change) throws IOException {
    Path target = target(change.file());
    Path draft = draftOf(target);
    boolean hasMode = Files.exists(target) && Disk.isPosix();
    disk.delete(draft);
    disk.create(
        draft, hasMode ? Optional.of(Files.getPosixFilePermissions(target)) : change.mode());
    disk.write(draft, change.content().orElseThrow());
    disk.force(draft);
  }

  /** A link stays one. */
  private static Path target(Path file) throws IOException {
    return Files.exists(file) ? file.toRealPath() : file;
  }

  private static Path draftOf(Path target) {
    return target.resolveSibling("." + target.getFileName() + DRAFT);
  }

  private Path plan() {
    return home.folder().resolve(PLAN);
  }

  private byte[] planned(List<Change> changes) {
    StringBuilder lines = new StringBuilder();
    for (Change change : changes) {
      String name = home.relative(change.file()).toString().replace('\\', '/');
      lines.append(change.content().isPresent() ? PUT : DELETE).append(name).append('\n');
    }
    return lines.toString().getBytes(UTF_8);
  }

  private void carryOut(List<Change> changes) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Change change : changes) {
      Path target = change.content().isPresent() ? target(change.file()) : change.file();
      if (change.content().isPresent()) {
        disk.move(draftOf(target), target);
      } else {
        disk.delete(target);
      }
      folders.add(target.getParent());
    }
    for (Path folder : folders) {
      disk.forceFolder(folder);
    }
  }

  /** The plan goes first: from then on the next start leaves what is there. */
  private void putBack(List<Change> changes, List<Change> before, IOException cause) {
    try {
      disk.delete(plan());
      for (Change old : before) {
        if (old.content().isEmpty()) {
          new WholeFile(disk, old.file()).delete();
        } else if (!isSame(old)) {
          new WholeFile(disk, old.file()).write(old.content().get(), old.mode());
        }
      }
      for (Change change : changes) {
        disk.delete(draftOf(target(change.file())));
      }
      disk.delete(draftOf(plan()));
    } catch (IOException again) {
      cause.addSuppressed(again);
    }
  }

  private static boolean isSame(Change old) throws IOException {
    return Files.exists(old.file())
        && Arrays.equals(Files.readAllBytes(old.file()), old.content().orElseThrow());
  }

  /**
   * Ends what a process that was killed had planned, or forgets what it had not; to be called
   * before any file is read.
   *
   * @throws IOException if it cannot be ended; the message says what to do
   */
  void finish() throws IOException {
    if (Files.exists(plan())) {
      try {
        for (String line : Files.readAllLines(plan(), UTF_8)) {
          finish(line);
        }
        disk.delete(plan());
      } catch (IOException e) {
        throw new IOException(
            "an import that was interrupted cannot be ended: "
                + Unreadable.why(e)
                + "; let this user write in "
                + home.folder()
                + ", or remove "
                + plan()
                + " to keep the files as they are",
            e);
      }
    }
    if (Files.exists(draftOf(plan()))) {
      disk.delete(draftOf(plan()));
    }
    for (Path folder : List.of(home.folder(), home.sources())) {
      forgetDrafts(folder);
    }
  }

  private void finish(String line) throws IOException {
    boolean isPut = line.startsWith(PUT);
    String name = line.substring(isPut ? PUT.length() : Math.min(line.length(), DELETE.length()));
    boolean isKnown = isPut || line.startsWith(DELETE);
    if (!isKnown || !isOurs(name)) {
      throw new IOException(plan() + " has a line that is none of ours");
    }
    Path file = home.folder().resolve(name);
    if (!isPut) {
      disk.delete(file);
      return;
    }
    Path target = target(file);
    if (Files.exists(draftOf(target))) { // else it was moved before
      disk.move(draftOf(target), target);
    }
  }

  /** A plan leads nowhere else. */
  private boolean isOurs(String name) {
    Path file = home.folder().resolve(name).normalize();
    boolean isSource =
        home.sources().equals(file.getParent())
            && name.endsWith(SourceFolder.SUFFIX)
            && SourceId.isValid(SourceFolder.stem(file));
    return isSource || Transfer.serverFiles(home).contains(file);
  }

  private void forgetDrafts(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, ".*.yaml" + DRAFT)) {
      for (Path draft : drafts) {
        disk.delete(draft);
      }
    }
  }
}
