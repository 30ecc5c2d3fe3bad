package dev.zoetrope.capture;

import dev.zoetrope.format.JpegHeader;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The JPEG pictures of a folder in natural order, at a given rate, again and again. A picture of
 * another size begins a new run; one that cannot be read, is not whole, or has over 64 MiB is
 * passed over.
 */
final class FolderInput implements Input {
  private static final long MAX_PICTURE_BYTES = 64L << 20;

  /** A disk, or a machine, that was away for longer is not made up for. */
  private static final long MOST_LATE_NANOS = 1_000_000_000;

  private final Folder folder;
  private final LongSupplier wallMicros;
  private final CountDownLatch closed = new CountDownLatch(1);

  // Confined to the reading thread.
  private Track track;
  private int runs;

  FolderInput(Folder folder, LongSupplier wallMicros) {
    this.folder = folder;
    this.wallMicros = wallMicros;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long due = start;
    while (true) {
      int usable = 0;
      for (Path path : pictures()) {
        if (closed.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          return;
        }
        if (show(path, (due - start) / 1000, sink)) {
          usable++;
          due += 1_000_000_000L / folder.fps();
        }
        long now = System.nanoTime();
        if (now - due > MOST_LATE_NANOS) {
          due = now;
        }
      }
      if (usable == 0) {
        throw new IOException("no JPEG picture in folder " + folder.path().getFileName());
      }
    }
  }

  private List<Path> pictures() throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files
          .filter(path -> isNamedAsJpeg(path) && Files.isRegularFile(path))
          .sorted(
              Comparator.comparing(path -> path.getFileName().toString(), NaturalOrder.INSTANCE))
          .toList();
    } catch (NoSuchFileException e) {
      throw new IOException(
          "no such folder in the media folder: " + folder.path().getFileName(), e);
    } catch (NotDirectoryException e) {
      throw new IOException("not a folder: " + folder.path().getFileName(), e);
    } catch (IOException | UncheckedIOException e) { // the latter while it is being listed
      throw new IOException("folder cannot be read: " + folder.path().getFileName(), e);
    }
  }

  private static boolean isNamedAsJpeg(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  private boolean show(Path path, long ptsMicros, Sink<Packet> sink) {
    byte[] jpeg;
    JpegHeader header;
    try {
      boolean leadsOut = !path.toRealPath().startsWith(folder.path());
      if (leadsOut || Files.size(path) > MAX_PICTURE_BYTES) {
        return false;
      }
      jpeg = Files.readAllBytes(path);
      header = JpegHeader.of(Bytes.owning(jpeg));
    } catch (IOException e) {
      return false; // deleted meanwhile, or no JPEG: the next picture is as good
    }
    if (!endsWithin(jpeg, header.samplesAt())) {
      return false; // half written
    }
    if (track == null || track.width() != header.width() || track.height() != header.height()) {
      Bytes fourcc = Bytes.owning("MJPG".getBytes(StandardCharsets.US_ASCII));
      track = Track.video(0, Codec.MJPEG, fourcc, Bytes.EMPTY, header.width(), header.height());
      sink.begin(new Run(runs++, List.of(track), "", Bytes.EMPTY));
    }
    sink.accept(
        new Packet(track, ptsMicros, ptsMicros, true, wallMicros.getAsLong(), Bytes.owning(jpeg)));
    return true;
  }

  /**
   * Whether the end-of-image marker follows the first coded sample. It may have bytes after it, as
   * some cameras leave them, and cannot occur among samples.
   *
   * @see "ITU-T T.81, B.1.1.5 (byte stuffing)"
   */
  private static boolean endsWithin(byte[] jpeg, int samplesAt) {
    for (int at = jpeg.length - 2; at >= samplesAt; at--) {
      if (jpeg[at] == (byte) 0xff && jpeg[at + 1] == (byte) 0xd9) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
