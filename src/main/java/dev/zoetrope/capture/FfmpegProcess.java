package dev.zoetrope.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One running ffmpeg: packets on stdout, perhaps packets on stdin, the tail of stderr kept. */
final class FfmpegProcess implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FfmpegProcess.class.getName());

  private static final Duration GRACE = Duration.ofSeconds(2); // between SIGTERM and SIGKILL

  private final Process process;
  private final StderrTail stderr;
  private final Thread stderrReader;

  /**
   * @param name for the thread that reads stderr: {@code gate/mjpeg}
   * @throws IOException if it cannot be started
   */
  FfmpegProcess(Ffmpeg ffmpeg, List<String> arguments, String name) throws IOException {
    process = ffmpeg.start(arguments);
    stderr = new StderrTail(process.getErrorStream());
    stderrReader = Ffmpeg.daemon("stderr " + name, stderr);
    stderrReader.start();
  }

  InputStream stdout() {
    return process.getInputStream();
  }

  OutputStream stdin() {
    return process.getOutputStream();
  }

  List<String> tail() {
    return stderr.lines();
  }

  /** The last line of stderr once the process has ended; waits a moment for it. */
  Optional<String> lastWords() {
    try {
      stderrReader.join(GRACE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then what is there has to do
    }
    return stderr.last();
  }

  /** SIGTERM, two seconds, SIGKILL; returns when it is gone. Idempotent, any thread. */
  @Override
  public void close() {
    // Not Process.destroy: it closes stdin too, and waits there for a writer that is blocked.
    process.toHandle().destroy();
    if (!isGoneInTime()) {
      kill();
    }
  }

  /** SIGKILL, for what has nothing to say good-bye to; returns when it is gone. Idempotent. */
  void kill() {
    process.toHandle().destroyForcibly();
    if (!isGoneInTime()) {
      LOG.log(Level.WARNING, "ffmpeg process {0} does not end", String.valueOf(process.pid()));
    }
  }

  private boolean isGoneInTime() {
    try {
      return process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) { // whoever interrupts us is in a hurry
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
