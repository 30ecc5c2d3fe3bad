package dev.zoetrope.config;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Sees changes of {@code secrets.yaml}. What cannot be read leaves the secrets as they were. For
 * one thread at a time; {@link #newest} is for any.
 */
final class SecretsWatch {
  private static final Logger LOG = System.getLogger(SecretsWatch.class.getName());

  private final Path file;
  private volatile Secrets newest;
  private String read; // the stamp of what was read
  private String before; // the stamp at the last look

  SecretsWatch(Path file, Secrets newest) {
    this.file = file;
    this.newest = newest;
    read = stamp();
    before = read;
  }

  Secrets newest() {
    return newest;
  }

  /** They are known to be these; what else has changed is seen as ever. */
  void take(Secrets written) {
    newest = written;
  }

  /** Reads them anew if they changed, and have not done so since the last look. */
  boolean look() {
    String now = stamp();
    boolean isSettled = now.equals(before);
    before = now;
    if (!isSettled || now.equals(read)) {
      return false;
    }
    read = now;
    MistakeList mistakes = new MistakeList(file.getFileName());
    Secrets secrets = Secrets.read(file, mistakes);
    mistakes.all().forEach(mistake -> LOG.log(Level.WARNING, mistake.toString()));
    if (secrets.adminToken().isEmpty() && newest.adminToken().isPresent()) {
      return false; // nobody takes that away on purpose
    }
    newest = secrets;
    return true;
  }

  private String stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.size() + " " + found.lastModifiedTime() + " " + found.fileKey();
    } catch (IOException e) {
      return "";
    }
  }
}
