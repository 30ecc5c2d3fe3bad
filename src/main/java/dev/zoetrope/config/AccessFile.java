package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.access.Kept;
import dev.zoetrope.access.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code access.yaml}: accounts, tokens, links and node keys. A file with a mistake is told, and
 * never overwritten; nor is one that somebody has just changed by hand.
 */
public final class AccessFile implements Store {
  private static final Logger LOG = System.getLogger(AccessFile.class.getName());
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int MOST_TOLD = 8;

  private final Disk disk;
  private final Path file;
  private String known = ""; // the stamp of what was read or written
  private String before = ""; // the stamp at the last look
  private boolean isBroken;

  /** That of the home folder. */
  public AccessFile(Home home) {
    this(Disk.REAL, home.accessFile());
  }

  AccessFile(Disk disk, Path file) {
    this.disk = disk;
    this.file = file;
  }

  @Override
  public Optional<Kept> read() throws IOException {
    known = stamp();
    before = known;
    isBroken = true;
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      isBroken = false;
      return Optional.empty();
    }
    warnOfMode();
    MistakeList mistakes = new MistakeList(file.getFileName());
    Optional<Kept> kept =
        YamlFile.read(file, mistakes).map(section -> new AccessSection(section).kept());
    if (!mistakes.isEmpty() || kept.isEmpty()) {
      throw new IOException(
          "accounts, tokens, links and node keys cannot be read, and nobody gets in by them: "
              + told(mistakes.all())
              + "; mend that, or remove the file to begin anew");
    }
    isBroken = false;
    return kept;
  }

  /** What is written there is shown to nobody. */
  private static String told(List<Mistake> mistakes) {
    return mistakes.stream()
        .limit(MOST_TOLD)
        .map(
            mistake ->
                new Mistake(
                    mistake.file(),
                    mistake.line(),
                    mistake.key(),
                    "",
                    mistake.remedy().startsWith("not YAML") ? "not YAML" : mistake.remedy()))
        .map(Mistake::toString)
        .collect(Collectors.joining("; "));
  }

  private void warnOfMode() throws IOException {
    if (Disk.isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      LOG.log(
          Level.WARNING, "others may read or write {0}; type chmod 600 {0}", file.getFileName());
    }
  }

  @Override
  public void write(Kept kept) throws IOException {
    if (isBroken) {
      throw new IOException(file.getFileName() + " has a mistake, which the log tells: mend it");
    }
    String now = stamp();
    if (!now.isEmpty() && !now.equals(known)) {
      throw new IOException(
          file.getFileName() + " was changed by hand at this moment: try again in two seconds");
    }
    byte[] content = AccessSection.written(kept).getBytes(UTF_8);
    if (content.length > YamlFile.MAX_BYTES) {
      throw new IOException(
          file.getFileName()
              + " would become larger than 1 MiB: remove tokens, links or node keys");
    }
    MistakeList mistakes = new MistakeList(file.getFileName());
    var unused =
        YamlFile.parse(content, mistakes).map(section -> new AccessSection(section).kept());
    if (!mistakes.isEmpty()) {
      throw new IllegalStateException("would be written unreadable: " + told(mistakes.all()));
    }
    try {
      new WholeFile(disk, file).write(content, Optional.of(OWNER_ONLY));
    } catch (IOException e) {
      String why = Unreadable.why(e);
      throw new IOException(file.getFileName() + " cannot be written: " + why, e);
    }
    known = stamp();
    before = known;
  }

  @Override
  public boolean look() {
    String now = stamp();
    boolean isSettled = now.equals(before);
    before = now;
    return isSettled && !now.isEmpty() && !now.equals(known);
  }

  /** Empty if there is none: who removes it while the server runs, finds it again. */
  private String stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.size() + " " + found.lastModifiedTime() + " " + found.fileKey();
    } catch (IOException e) {
      return "";
    }
  }
}
