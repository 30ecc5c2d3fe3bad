package dev.zoetrope.capture;

import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Source.MediaFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Media files one after the other, each a run of its own, in real time.
 *
 * <p>ffmpeg hands a file over as fast as we take it, and we take each packet when it is due: so the
 * next file's process is started while the last packets of the former are still in the pipe, and
 * hardly a gap is seen. A file that cannot be played is passed over; if none can, it fails. Once
 * through a list that is not a loop, it ends with a {@link SourceEndedException}.
 */
final class PlaylistInput implements Input {
  private static final Logger LOG = System.getLogger(PlaylistInput.class.getName());

  /** A step further than this is none of the file's; a machine that was away is not made up for. */
  private static final long MOST_STEP_NANOS = 10_000_000_000L;

  private static final long MOST_LATE_NANOS = 1_000_000_000;

  private final Inputs inputs;
  private final MediaFiles files;
  private final String name;
  private final Handover handover;
  private final ProcessLimits limits;
  private final LongSupplier wallMicros;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile FfmpegInput playing; // null before the first
  private volatile FfmpegInput prepared; // the next file's, started early; null if it is not

  // Confined to the reading thread.
  private int number; // of the file that is played
  private int runs;

  PlaylistInput(
      Inputs inputs,
      MediaFiles files,
      String name,
      Handover handover,
      ProcessLimits limits,
      LongSupplier wallMicros) {
    this.inputs = inputs;
    this.files = files;
    this.name = name;
    this.handover = handover;
    this.limits = limits;
    this.wallMicros = wallMicros;
  }

  @Override
  public void read(Sink<Packet> sink) throws IOException, InterruptedException {
    Paced paced = new Paced(sink);
    do {
      IOException failure = null;
      int played = 0;
      for (number = 0; number < files.paths().size() && !isClosed(); number++) {
        try {
          play(paced);
          played++;
        } catch (IOException e) {
          failure = e;
          if (!isClosed() && files.paths().size() > 1) {
            LOG.log(Level.WARNING, "{0}: {1}", name, passedOver(files.paths().get(number), e));
          }
        }
      }
      if (played == 0 && failure != null && !isClosed()) {
        throw failure;
      }
    } while (files.loop() && !isClosed());
    if (!isClosed()) {
      throw new SourceEndedException("played to its end");
    }
  }

  /** What people are told; ffmpeg's words begin with the file's whole path. */
  static String passedOver(Path path, IOException failure) {
    String file = String.valueOf(path.getFileName());
    String words = String.valueOf(failure.getMessage());
    String why = words.replace("file:" + path + ": ", "").replace(path.toString(), file);
    return file + " is passed over: " + why;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Plays one file; what NUT cannot carry of it is found out and left out. */
  private void play(Paced paced) throws IOException, InterruptedException {
    Handover tried = handover;
    while (true) {
      try {
        playOnce(paced, tried);
        return;
      } catch (IOException e) {
        tried = tried.after(e).orElseThrow(() -> e);
      }
    }
  }

  private void playOnce(Paced paced, Handover tried) throws IOException, InterruptedException {
    FfmpegInput input = prepared;
    prepared = null;
    if (input == null) {
      input = open(number, tried);
    }
    playing = input;
    try (FfmpegInput reading = input) {
      if (isClosed()) {
        return;
      }
      paced.hasPacket = false;
      reading.read(paced);
    } catch (IOException e) {
      if (isClosed() || (input.hasEndedWell() && paced.hasPacket)) {
        return; // as every file ends
      }
      throw e;
    } catch (Interrupted e) {
      throw (InterruptedException) new InterruptedException().initCause(e);
    }
  }

  private FfmpegInput open(int index, Handover tried) throws IOException {
    Path path = files.paths().get(index);
    Inputs.checkIsStillCanonical(path);
    List<String> arguments = CaptureCommand.wholeFile(path, tried);
    return inputs.ffmpeg(arguments, name, FfmpegInput.Beginning.BY_ITSELF, limits);
  }

  /** Once the former process has handed over its last packet: the rest of it is in the pipe. */
  private void prepareNext() {
    int next = number + 1 < files.paths().size() ? number + 1 : 0;
    if (prepared != null || isClosed() || (next == 0 && !files.loop())) {
      return;
    }
    try {
      prepared = open(next, handover);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0}: {1}", name, e.getMessage()); // told when its turn comes
    }
    if (isClosed()) { // close() may have come before it could see it
      closeIfThere(prepared);
    }
  }

  @Override
  public void giveUp() {
    closed.countDown();
    FfmpegInput hanging = playing;
    if (hanging != null) {
      hanging.giveUp();
    }
    closeIfThere(prepared);
  }

  @Override
  public void close() {
    closed.countDown();
    closeIfThere(playing);
    closeIfThere(prepared);
  }

  private static void closeIfThere(FfmpegInput input) {
    if (input != null) {
      input.close();
    }
  }

  /** Carries an interruption through the reader, which knows none. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interrupted(InterruptedException cause) {
      super(cause);
    }
  }

  /** Holds each packet until it is due. Confined to the reading thread. */
  private final class Paced implements Sink<Packet> {
    private final Sink<Packet> next;
    private boolean hasPacket; // of this file
    private boolean isSet; // the zero of this file
    private long zeroNanos; // when its time 0 is due
    private long newestMicros;

    Paced(Sink<Packet> next) {
      this.next = next;
    }

    @Override
    public void begin(Run run) {
      isSet = false;
      next.begin(new Run(runs++, run.tracks(), run.mime(), run.init()));
    }

    @Override
    public void accept(Packet packet) {
      long now = System.nanoTime();
      long micros = packet.dtsMicros();
      boolean isJump = Math.abs(micros - newestMicros) * 1000 > MOST_STEP_NANOS;
      if (!isSet || isJump || now - due(micros) > MOST_LATE_NANOS) {
        isSet = true;
        zeroNanos = now - micros * 1000;
      }
      newestMicros = micros;
      waitUntil(due(micros));
      hasPacket = true;
      if (!isClosed()) {
        next.accept(packet.capturedAt(wallMicros.getAsLong()));
      }
    }

    private long due(long micros) {
      return zeroNanos + micros * 1000;
    }

    private void waitUntil(long dueNanos) {
      FfmpegInput current = playing;
      if (!current.isRunning()) {
        prepareNext();
      }
      try {
        boolean ended =
            closed.await(Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (ended) {
          return; // close() was called: the rest is not shown
        }
      } catch (InterruptedException e) {
        throw new Interrupted(e);
      }
    }
  }
}
