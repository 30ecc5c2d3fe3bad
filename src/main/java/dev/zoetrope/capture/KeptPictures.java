package dev.zoetrope.capture;

import dev.zoetrope.capture.PictureFolder.Stamp;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The pictures of a folder that is shown again and again, those that did not change without reading
 * them again: as many as fit into {@value #MOST_BYTES} bytes. Confined to the reading thread.
 */
final class KeptPictures {
  private static final int MOST_BYTES = 16 << 20;

  /**
   * A file may change twice within one step of its disk's clock: the stamp of a new one is vague.
   */
  private static final long SETTLED_MICROS = 2_000_000;

  private record Kept(Stamp stamp, Picture picture) {}

  private final PictureFolder folder;
  private final LongSupplier wallMicros;
  private final Map<Path, Kept> kept = new HashMap<>();
  private long bytes;

  KeptPictures(PictureFolder folder, LongSupplier wallMicros) {
    this.folder = folder;
    this.wallMicros = wallMicros;
  }

  /** As {@link PictureFolder#picture}. */
  Optional<Picture> picture(Path file) {
    Optional<Stamp> stamp = Stamp.of(file);
    Kept before = kept.get(file);
    if (before != null) {
      if (stamp.isPresent() && stamp.get().equals(before.stamp())) {
        return Optional.of(before.picture());
      }
      forget(file);
    }
    Optional<Picture> picture = folder.picture(file);
    if (picture.isPresent() && stamp.isPresent() && isSettled(stamp.get())) {
      keep(file, new Kept(stamp.get(), picture.get()));
    }
    return picture;
  }

  private boolean isSettled(Stamp stamp) {
    return wallMicros.getAsLong() - stamp.modified().to(TimeUnit.MICROSECONDS) > SETTLED_MICROS;
  }

  /** Forgets all others. */
  void retain(Collection<Path> files) {
    Set<Path> gone = new HashSet<>(kept.keySet());
    files.forEach(gone::remove);
    gone.forEach(this::forget);
  }

  private void keep(Path file, Kept picture) {
    int size = picture.picture().jpeg().size();
    if (bytes + size <= MOST_BYTES) {
      kept.put(file, picture);
      bytes += size;
    }
  }

  private void forget(Path file) {
    bytes -= kept.remove(file).picture().jpeg().size();
  }
}
