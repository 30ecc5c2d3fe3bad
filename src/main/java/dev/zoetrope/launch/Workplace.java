package dev.zoetrope.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The temporary folder of one running launcher: Tomcat's libraries, the unpacked web application
 * and Tomcat's own files. Removed at the end; what a killed launcher left behind, the next one
 * removes.
 *
 * <p>A lock on a file in it says that its launcher lives. Only its owner can read it. Confined to
 * the main thread until {@link #close}, which the shutdown calls.
 */
final class Workplace implements AutoCloseable {
  private static final String PREFIX = "zoetrope-";
  private static final String LOCK = "lock";
  private static final String LIBRARIES = "WEB-INF/launcher/";
  private static final String LIBRARY_SUFFIX = ".lib";
  private static final String CLASSES = "META-INF/versions/17/";

  /** Between making a folder and locking it passes less than this. */
  private static final Duration UNLOCKED = Duration.ofMinutes(1);

  private final Path directory;
  private final FileChannel lock;

  private Workplace(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Makes a new one in the system's folder for temporary files. */
  static Workplace make() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    removeAbandoned(temporary);
    Path directory = Files.createTempDirectory(temporary, PREFIX);
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    return new Workplace(directory, lock);
  }

  Path directory() {
    return directory;
  }

  /** Unpacks Tomcat and the launcher's classes; answers the class path that holds both. */
  List<URL> unpackLauncher(Path war) throws IOException {
    List<URL> classPath = new ArrayList<>();
    Path classes = directory.resolve("classes");
    Path libraries = directory.resolve("libraries");
    unpack(war, CLASSES, name -> true, classes);
    unpack(war, LIBRARIES, name -> name.endsWith(LIBRARY_SUFFIX), libraries);
    classPath.add(url(classes));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(libraries)) {
      for (Path file : files) {
        classPath.add(url(file));
      }
    }
    return classPath;
  }

  /** Unpacks the web application from {@code war} into {@code directory}, without the launcher. */
  static void unpackApplication(Path war, Path directory) throws IOException {
    unpack(war, "", name -> !name.startsWith(CLASSES) && !name.startsWith(LIBRARIES), directory);
  }

  private static void unpack(Path war, String below, Predicate<String> wanted, Path directory)
      throws IOException {
    FileTime built = Files.getLastModifiedTime(war); // Makes ETags that outlive a restart.
    try (ZipFile zip = new ZipFile(war.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (entry.isDirectory() || !name.startsWith(below) || !wanted.test(name)) {
          continue;
        }
        Path file = directory.resolve(name.substring(below.length())).normalize();
        if (!file.startsWith(directory)) {
          throw new IOException(war + ": entry " + name + " leads out of the archive");
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
        Files.setLastModifiedTime(file, built);
      }
    }
  }

  private static URL url(Path path) throws MalformedURLException {
    return path.toUri().toURL();
  }

  private static void removeAbandoned(Path temporary) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(temporary, folder -> isAbandoned(folder))) {
      for (Path folder : folders) {
        remove(folder);
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    if (!folder.getFileName().toString().startsWith(PREFIX)
        || Files.isSymbolicLink(folder)
        || !Files.isWritable(lock)
        || isFresh(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (NoSuchFileException gone) { // Another launcher removed it, or it ended just now.
      return false;
    }
  }

  private static boolean isFresh(Path lock) throws IOException {
    try {
      Instant touched = Files.getLastModifiedTime(lock).toInstant();
      return touched.isAfter(Instant.now().minus(UNLOCKED));
    } catch (NoSuchFileException gone) { // as in isAbandoned()
      return true;
    }
  }

  /** Removes the folder. Harmless when called again. */
  @Override
  public void close() {
    try {
      remove(directory);
      lock.close();
    } catch (IOException | UncheckedIOException failure) {
      System.err.println("left behind: " + directory + " (" + failure.getMessage() + ")");
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Nothing left to remove.
    } catch (UncheckedIOException failure) { // Another launcher removes the same.
      if (!(failure.getCause() instanceof NoSuchFileException)) {
        throw failure.getCause();
      }
    }
  }
}
