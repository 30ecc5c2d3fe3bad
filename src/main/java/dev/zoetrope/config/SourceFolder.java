package dev.zoetrope.config;

import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files of the folder {@code sources}, read anew only where they changed: by name, size and
 * time, so on any file system. Not thread-safe.
 */
final class SourceFolder {
  static final String SUFFIX = ".yaml";

  /** A file as young as this may change once more without another time. */
  private static final Duration COARSEST_CLOCK = Duration.ofSeconds(3);

  /**
   * What tells that a file is the same as before.
   *
   * @param key the file itself, where the file system tells; else its name
   */
  private record Stamp(long size, FileTime modified, Object key) {}

  /**
   * One file as it was read.
   *
   * @param id empty if the name is none
   * @param settings empty if there is a mistake
   * @param mistakes those of this file alone
   */
  record Page(
      Path file, Optional<SourceId> id, Optional<SourceSettings> settings, List<Mistake> mistakes) {
    Page {
      mistakes = List.copyOf(mistakes);
    }
  }

  private record Reading(Stamp stamp, boolean isFinal, Page page) {}

  private static final Comparator<Path> BY_ID = Comparator.comparing(SourceFolder::stem);

  private final Home home;
  private Map<Path, Stamp> before = Map.of();
  private final Map<Path, Reading> readings = new TreeMap<>(BY_ID.thenComparing(path -> path));

  SourceFolder(Home home) {
    this.home = home;
  }

  /** Reads all files as they are now. */
  void read(Secrets secrets) throws IOException {
    before = stamps();
    boolean unused = refresh(before, Set.of(), secrets);
  }

  /**
   * Reads those that changed and have not done so since the last look: who is still writing is left
   * to finish.
   *
   * @return whether anything was read, or is gone
   * @throws IOException if the folder cannot be listed; all is as before then
   */
  boolean look(Secrets secrets) throws IOException {
    Map<Path, Stamp> now = stamps();
    Map<Path, Stamp> settled = new TreeMap<>(now);
    settled.entrySet().removeIf(entry -> !entry.getValue().equals(before.get(entry.getKey())));
    Set<Path> unsettled = new HashSet<>(now.keySet());
    unsettled.addAll(before.keySet());
    unsettled.removeAll(settled.keySet());
    before = now;
    return refresh(settled, unsettled, secrets);
  }

  /** Reads all anew at the next look: they may mean something else now. */
  void forget() {
    readings.replaceAll((file, reading) -> new Reading(reading.stamp(), false, reading.page()));
  }

  private boolean refresh(Map<Path, Stamp> settled, Set<Path> unsettled, Secrets secrets) {
    boolean isChanged =
        readings.keySet().removeIf(file -> !settled.containsKey(file) && !unsettled.contains(file));
    for (Map.Entry<Path, Stamp> entry : settled.entrySet()) {
      Reading known = readings.get(entry.getKey());
      boolean isSame = known != null && known.stamp().equals(entry.getValue());
      if (!isSame || !known.isFinal()) {
        Page page = page(entry.getKey(), secrets);
        Instant modified = entry.getValue().modified().toInstant();
        boolean isFinal = modified.plus(COARSEST_CLOCK).isBefore(Instant.now());
        readings.put(entry.getKey(), new Reading(entry.getValue(), isFinal, page));
        isChanged |= known == null || !known.page().equals(page);
      }
    }
    return isChanged;
  }

  private Page page(Path file, Secrets secrets) {
    MistakeList mistakes = new MistakeList(home.relative(file));
    Optional<SourceId> id = id(file, mistakes);
    SourceKind.Place place = new SourceKind.Place(home, secrets);
    Optional<SourceSettings> settings =
        id.flatMap(known -> SourceFile.read(file, known, place, mistakes));
    return new Page(file, id, settings, mistakes.all());
  }

  /** Reads that file at once: it is known to be finished, or gone. */
  void readNow(Path file, Secrets secrets) {
    Map<Path, Stamp> now = new TreeMap<>(before);
    if (Files.exists(file)) {
      Stamp stamp = stamp(file);
      now.put(file, stamp);
      readings.put(file, new Reading(stamp, false, page(file, secrets)));
    } else {
      now.remove(file);
      readings.remove(file);
    }
    before = now;
  }

  /** By name, which is by id. */
  List<Page> pages() {
    return readings.values().stream().map(Reading::page).toList();
  }

  /** Other files, such as an editor's, may lie among them. */
  private Map<Path, Stamp> stamps() throws IOException {
    Map<Path, Stamp> stamps = new TreeMap<>();
    try (DirectoryStream<Path> folder = Files.newDirectoryStream(home.sources())) {
      for (Path file : folder) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean hidden = name.startsWith(".");
        if (!hidden && (name.endsWith(SUFFIX) || name.endsWith(".yml"))) {
          stamps.put(file, stamp(file));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return stamps;
  }

  private static Stamp stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = found.fileKey() == null ? file : found.fileKey();
      return new Stamp(found.size(), found.lastModifiedTime(), key);
    } catch (IOException e) { // reading it tells why
      return new Stamp(-1, FileTime.fromMillis(0), file);
    }
  }

  private static Optional<SourceId> id(Path file, MistakeList mistakes) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX)) {
      mistakes.add(0, "", "", "rename it to " + stem(file) + SUFFIX);
      return Optional.empty();
    }
    if (!SourceId.isValid(stem(file))) {
      mistakes.add(
          0,
          "",
          "",
          "the name is the source's id: expected 1 to 64 of a-z, 0-9 and -, beginning with a letter"
              + " or digit; rename it");
      return Optional.empty();
    }
    return Optional.of(new SourceId(stem(file)));
  }

  static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }
}
