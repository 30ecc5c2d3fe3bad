package dev.zoetrope.capture;

import dev.zoetrope.capture.FfmpegCommand.PictureForm;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.Folder;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps one source running from construction to {@link #close}: starts it, reads its packets into a
 * sink, starts it again with back-off when it ends.
 *
 * <p>It owns the thread {@code capture <source>}; the sink is called on that thread only.
 */
public final class Capture implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Capture.class.getName());

  /** A source that gave packets for this long was a success: the next back-off starts anew. */
  private static final Duration HEALTHY = Duration.ofSeconds(10);

  /** How long a source plays without its sound, when sound hindered its start, before a new try. */
  private static final Duration WITHOUT_SOUND = Duration.ofMinutes(1);

  /** That time doubles with each try in vain, up to this. */
  private static final Duration MOST_WITHOUT_SOUND = Duration.ofHours(1);

  private final SourceId id;
  private final Source source;
  private final Optional<PublishPoint> publishPoint;
  private final Ffmpeg ffmpeg;
  private final LongSupplier wallMicros;
  private final Watch sink;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile CaptureState state = CaptureState.STARTING;
  private volatile String cause = "";
  private volatile Input input;
  private final AtomicLong restarts = new AtomicLong();

  // Confined to the capture thread.
  private final Backoff backoff = new Backoff();
  private String said = ""; // the failure that was logged since it was live
  private long soundFromNanos = System.nanoTime(); // before, sound is left out
  private Duration withoutSound; // the next time
  private boolean withSound; // this run is captured with it
  private PictureForm pictureForm = PictureForm.COPIED;

  /** Starts at once. */
  public Capture(
      SourceId id,
      Source source,
      Optional<PublishPoint> publishPoint,
      Ffmpeg ffmpeg,
      LongSupplier wallMicros,
      Sink<Packet> sink) {
    this(id, source, publishPoint, ffmpeg, wallMicros, sink, WITHOUT_SOUND);
  }

  Capture(
      SourceId id,
      Source source,
      Optional<PublishPoint> publishPoint,
      Ffmpeg ffmpeg,
      LongSupplier wallMicros,
      Sink<Packet> sink,
      Duration withoutSound) {
    this.id = id;
    this.source = source;
    this.publishPoint = publishPoint;
    this.ffmpeg = ffmpeg;
    this.wallMicros = wallMicros;
    this.withoutSound = withoutSound;
    this.sink = new Watch(new SteadyClock(sink, System::nanoTime));
    thread = Ffmpeg.daemon("capture " + id, this::keepRunning);
    thread.start();
  }

  private void keepRunning() {
    try {
      while (!isClosed()) {
        state = CaptureState.STARTING;
        sink.forgetPackets();
        withSound = isSoundDue();
        Optional<IOException> failure = readOnce();
        if (!withSound && isSoundDue() && sink.hasPacket()) {
          LOG.log(Level.INFO, "{0}: looking for its sound", id);
        } else if (failure.isPresent() && !isClosed()) {
          restarts.incrementAndGet();
          recover(failure.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // close() wants us to end
    } finally {
      state = CaptureState.IDLE;
    }
  }

  private boolean isSoundDue() {
    return System.nanoTime() - soundFromNanos >= 0;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Reads the source until it ends; why it did, or empty if we were closed before it began. */
  private Optional<IOException> readOnce() throws InterruptedException {
    try (Input opened = open()) {
      input = opened;
      if (isClosed()) { // close() may have come before it could see the input
        return Optional.empty();
      }
      opened.read(sink);
      return Optional.of(new IOException("the source ended"));
    } catch (IOException e) {
      return Optional.of(e);
    } catch (RuntimeException e) { // ours: this source suffers, the others go on
      LOG.log(Level.ERROR, "capture " + id + " broke an invariant", e);
      return Optional.of(new IOException("an error of the server, see its log", e));
    }
  }

  private Input open() throws IOException {
    if (publishPoint.isPresent()) {
      return new PublishedInput(publishPoint.get());
    }
    if (source instanceof Folder folder) {
      checkIsStillCanonical(folder.path());
      return new FolderInput(folder, wallMicros);
    }
    if (source instanceof MediaFiles files) {
      checkIsStillCanonical(files.paths().get(0));
    }
    return new FfmpegInput(
        ffmpeg,
        FfmpegCommand.capture(source, pictureForm, withSound, ffmpeg.h264Encoder()),
        id.value(),
        wallMicros);
  }

  /**
   * When it was configured it was, and below the media folder: a link put there later leads out.
   */
  private static void checkIsStillCanonical(Path path) throws IOException {
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException("not in the media folder: " + path.getFileName(), e);
    }
    if (!real.equals(path)) {
      throw new IOException(path.getFileName() + " is a link, or below one, that came later");
    }
  }

  private void recover(IOException failure) throws InterruptedException {
    if (withSound && !sink.hasPacket() && failure instanceof SoundMissingException) {
      soundFromNanos = System.nanoTime() + withoutSound.toNanos();
      Duration doubled = withoutSound.multipliedBy(2);
      withoutSound = doubled.compareTo(MOST_WITHOUT_SOUND) > 0 ? MOST_WITHOUT_SOUND : doubled;
      LOG.log(Level.INFO, "{0}: its sound has not begun; captured without it", id);
      return; // at once: the next try cannot fail for this
    }
    if (pictureForm == PictureForm.COPIED && failure instanceof UncopiablePictureException) {
      pictureForm = PictureForm.AS_JPEG;
      LOG.log(Level.INFO, "{0}: its pictures cannot be copied; captured as JPEG", id);
      return; // at once, as well
    }
    if (sink.wasHealthy()) {
      backoff.reset();
    }
    Duration wait = backoff.next();
    String why = fitToShow(String.valueOf(failure.getMessage()));
    if (!why.equals(said)) { // repeated failures once
      LOG.log(Level.WARNING, "{0}: {1}; again in {2} s", id, why, wait.toSeconds());
    }
    said = why;
    cause = why;
    state = CaptureState.WAITING;
    closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Without credentials, and without where files lie: viewers are told it too. */
  private String fitToShow(String message) {
    if (source instanceof Url url) {
      return url.maskedIn(message);
    }
    if (source instanceof MediaFiles files) {
      return withNameOnly(message, files.paths().get(0));
    }
    return source instanceof Folder folder ? withNameOnly(message, folder.path()) : message;
  }

  private static String withNameOnly(String message, Path path) {
    String name = String.valueOf(path.getFileName());
    return message.replace("file:" + path, name).replace(path.toString(), name);
  }

  /** What it is doing. Any thread. */
  public CaptureStats stats() {
    return new CaptureStats(state, restarts.get(), cause);
  }

  /** Stops the source; returns when its process is gone. Idempotent, any thread but its own. */
  @Override
  public void close() {
    closed.countDown();
    Input open = input;
    if (open != null) {
      open.close();
    }
    Ffmpeg.join(thread);
  }

  /** Sees that packets arrive. Confined to the capture thread. */
  private final class Watch implements Sink<Packet> {
    private final Sink<Packet> next;
    private long firstNanos; // meaningless until hasPacket
    private boolean hasPacket;

    Watch(Sink<Packet> next) {
      this.next = next;
    }

    void forgetPackets() {
      hasPacket = false;
    }

    boolean hasPacket() {
      return hasPacket;
    }

    boolean wasHealthy() {
      return hasPacket && System.nanoTime() - firstNanos > HEALTHY.toNanos();
    }

    @Override
    public void begin(Run run) {
      next.begin(run);
    }

    @Override
    public void accept(Packet packet) {
      if (!hasPacket) {
        hasPacket = true;
        firstNanos = System.nanoTime();
        state = CaptureState.LIVE;
        if (!said.isEmpty()) {
          LOG.log(Level.INFO, "{0}: live again", id);
          said = "";
        }
      }
      next.accept(packet);
      if (!withSound && isSoundDue()) {
        input.close(); // a new run begins, perhaps with sound
      }
    }
  }
}
