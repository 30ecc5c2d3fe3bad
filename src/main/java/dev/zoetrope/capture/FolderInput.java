package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Folder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The pictures of a folder: in natural order, at a given rate, again and again; or the newest, as
 * {@link FolderWatch} sees them. A picture of another size begins a new run; one that cannot be
 * read, is not whole, or is too large for a {@link Picture} is passed over.
 */
final class FolderInput implements Input {
  /** A disk, or a machine, that was away for longer is not made up for. */
  private static final long MOST_LATE_NANOS = 1_000_000_000;

  private final Folder source;
  private final PictureFolder folder;
  private final KeptPictures pictures;
  private final LongSupplier wallMicros;
  private final CountDownLatch closed = new CountDownLatch(1);

  FolderInput(Folder source, LongSupplier wallMicros) {
    this.source = source;
    this.wallMicros = wallMicros;
    folder = new PictureFolder(source.path());
    pictures = new KeptPictures(folder, wallMicros);
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    switch (source.mode()) {
      case LOOP -> loop(new Projector(sink));
      case WATCH -> new FolderWatch(folder, wallMicros, closed).show(new Projector(sink));
    }
  }

  private void loop(Projector projector) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long due = start;
    while (true) {
      int usable = 0;
      List<Path> files = folder.files();
      pictures.retain(files);
      for (Path file : files) {
        if (closed.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          return;
        }
        Optional<Picture> picture = pictures.picture(file);
        if (picture.isPresent()) {
          projector.show(picture.get(), (due - start) / 1000, wallMicros.getAsLong());
          usable++;
          due += 1_000_000_000L / source.fps();
        }
        long now = System.nanoTime();
        if (now - due > MOST_LATE_NANOS) {
          due = now;
        }
      }
      if (usable == 0) {
        throw new IOException("no JPEG, PNG, GIF or WebP picture in folder " + folder.name());
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
