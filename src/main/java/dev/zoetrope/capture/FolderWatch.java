package dev.zoetrope.capture;

import dev.zoetrope.capture.PictureFolder.Stamp;
import dev.zoetrope.media.Bytes;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Shows the newest picture of a folder, then each that is added or replaced, as soon as it is
 * whole; repeats the last once a second while none comes.
 *
 * <p>The system tells of changes where it can; since disks of other machines do not, the folder is
 * looked through as well, once a second. Confined to the reading thread.
 */
final class FolderWatch {
  private static final Logger LOG = System.getLogger(FolderWatch.class.getName());

  /** A picture that is being written is looked at again after this. */
  private static final long GROWING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The folder is looked through after this where the system tells of changes. */
  private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** And after this where it does not. */
  private static final long UNTOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How often {@link #closed} is looked at, at least. */
  private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** An empty folder is waited for so long: then people are told. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A file that is not whole and has not changed for so long is left alone until it does. */
  private static final long MOST_GROWING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PictureFolder folder;
  private final LongSupplier wallMicros;
  private final CountDownLatch closed;
  private final long start = System.nanoTime();

  private final Map<Path, Stamp> done = new HashMap<>(); // shown, passed over, or older
  private final Map<Path, Growing> growing = new HashMap<>(); // changed, not yet whole

  /** As a file was when it was last looked at, and since when it has been so. */
  private record Growing(Stamp stamp, long sinceNanos) {}

  private record Changed(Path file, Stamp stamp) {}

  /**
   * @param closed counted down when this shall end
   */
  FolderWatch(PictureFolder folder, LongSupplier wallMicros, CountDownLatch closed) {
    this.folder = folder;
    this.wallMicros = wallMicros;
    this.closed = closed;
  }

  /**
   * Shows until closed.
   *
   * @throws IOException if the folder is gone or cannot be read, or has no picture for long; the
   *     message says so
   */
  void show(Projector projector) throws IOException, InterruptedException {
    folder.files(); // says why it cannot be watched, better than the watching would
    Optional<WatchService> watching = watch();
    try {
      follow(projector, watching);
    } finally {
      if (watching.isPresent()) {
        watching.get().close();
      }
    }
  }

  /** Empty where the system has no more watches to give, or none at all. */
  private Optional<WatchService> watch() {
    try {
      WatchService service = folder.path().getFileSystem().newWatchService();
      try {
        folder
            .path()
            .register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        return Optional.of(service);
      } catch (IOException e) {
        service.close();
        throw e;
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(
          Level.INFO, "folder {0} is looked through for changes: {1}", folder.name(), e.toString());
      return Optional.empty();
    }
  }

  private void follow(Projector projector, Optional<WatchService> watching)
      throws IOException, InterruptedException {
    showNewest(projector);
    long shown = System.nanoTime();
    long searched = shown;
    while (closed.getCount() > 0) {
      Set<Path> told = changes(watching);
      long now = System.nanoTime();
      boolean isSearchDue =
          told.contains(folder.path())
              || now - searched >= (watching.isPresent() ? TOLD_NANOS : UNTOLD_NANOS);
      if (isSearchDue) {
        searched = now;
      }
      if (showChanged(isSearchDue ? search() : told, projector)) {
        shown = System.nanoTime();
      } else if (projector.hasShown() && now - shown >= REPEAT_NANOS) {
        projector.repeat(micros(now), wallMicros.getAsLong());
        shown = now;
      } else if (!projector.hasShown() && now - shown >= PATIENCE_NANOS) {
        throw new IOException("no JPEG, PNG, GIF or WebP picture in folder " + folder.name());
      }
    }
  }

  private long micros(long nanos) {
    return (nanos - start) / 1000;
  }

  /** The newest that is whole; all older ones are done with. */
  private void showNewest(Projector projector) throws IOException {
    List<Changed> newestFirst = changed(folder.files());
    newestFirst.sort(Comparator.comparing((Changed each) -> each.stamp.modified()).reversed());
    for (Changed each : newestFirst) {
      if (!projector.hasShown() && show(each, projector) == Look.NOT_WHOLE) {
        growing.put(each.file, new Growing(each.stamp, System.nanoTime()));
      } else {
        done.put(each.file, each.stamp);
      }
    }
  }

  /** What the system tells of, within a moment; the folder itself if all may have changed. */
  private Set<Path> changes(Optional<WatchService> watching)
      throws IOException, InterruptedException {
    long nanos = growing.isEmpty() ? CLOSE_NANOS : GROWING_NANOS;
    Set<Path> told = new HashSet<>();
    if (watching.isEmpty()) {
      boolean ignored = closed.await(nanos, TimeUnit.NANOSECONDS);
      return told;
    }
    WatchKey key = watching.get().poll(nanos, TimeUnit.NANOSECONDS);
    if (key == null) {
      return told;
    }
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path name) {
        told.add(folder.path().resolve(name));
      } else { // more than could be told
        told.add(folder.path());
      }
    }
    if (!key.reset()) { // also where there is another of that name by now
      throw gone();
    }
    return told;
  }

  /** All files; those that are gone are forgotten. */
  private List<Path> search() throws IOException {
    if (!Files.isDirectory(folder.path())) {
      throw gone();
    }
    List<Path> files = folder.files();
    done.keySet().retainAll(new HashSet<>(files));
    return files;
  }

  private IOException gone() {
    return new IOException("the folder is gone: " + folder.name());
  }

  /** Whether any was shown. */
  private boolean showChanged(Collection<Path> candidates, Projector projector) {
    Set<Path> all = new HashSet<>(candidates);
    all.addAll(growing.keySet());
    boolean isAnyShown = false;
    List<Changed> oldestFirst = changed(all);
    oldestFirst.sort(
        Comparator.comparing((Changed each) -> each.stamp.modified())
            .thenComparing(each -> each.file.getFileName().toString(), NaturalOrder.INSTANCE));
    for (Changed each : oldestFirst) {
      Look look = show(each, projector);
      if (look == Look.NOT_WHOLE) {
        wait(each);
      } else {
        isAnyShown |= look == Look.SHOWN;
        growing.remove(each.file);
        done.put(each.file, each.stamp);
      }
    }
    growing.keySet().removeIf(file -> Stamp.of(file).isEmpty());
    return isAnyShown;
  }

  private List<Changed> changed(Collection<Path> files) {
    List<Changed> changed = new ArrayList<>();
    for (Path file : files) {
      if (PictureFolder.isNamedAsPicture(file)) {
        Stamp.of(file)
            .filter(stamp -> !stamp.equals(done.get(file)))
            .ifPresent(stamp -> changed.add(new Changed(file, stamp)));
      }
    }
    return changed;
  }

  /** What was done with a file. */
  private enum Look {
    SHOWN,
    /** It is whole, but no picture. */
    PASSED_OVER,
    NOT_WHOLE
  }

  private Look show(Changed changed, Projector projector) {
    long captureMicros = wallMicros.getAsLong();
    Optional<Bytes> whole = folder.whole(changed.file);
    if (whole.isEmpty() || !Stamp.of(changed.file).equals(Optional.of(changed.stamp))) {
      return Look.NOT_WHOLE; // or it changed while it was read
    }
    Optional<Picture> picture = PictureFolder.decoded(whole.get());
    picture.ifPresent(shown -> projector.show(shown, micros(System.nanoTime()), captureMicros));
    return picture.isPresent() ? Look.SHOWN : Look.PASSED_OVER;
  }

  private void wait(Changed changed) {
    long now = System.nanoTime();
    Growing before = growing.get(changed.file);
    if (before == null || !before.stamp.equals(changed.stamp)) {
      growing.put(changed.file, new Growing(changed.stamp, now));
    } else if (now - before.sinceNanos > MOST_GROWING_NANOS) {
      growing.remove(changed.file);
      done.put(changed.file, changed.stamp);
    }
  }
}
