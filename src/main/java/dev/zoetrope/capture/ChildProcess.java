package dev.zoetrope.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One running program: packets on stdout, perhaps packets on stdin, the tail of stderr kept. It is
 * killed when it takes more than its limits.
 */
final class ChildProcess implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ChildProcess.class.getName());

  private static final Duration AFTER_SIGKILL = Duration.ofSeconds(2);
  private static final Duration GRACE_OF_HANGING = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final long LOOK_MILLIS = 100; // whether the server stops meanwhile

  private final Children children;
  private final Process process;
  private final String program;
  private final String name;
  private final StderrTail stderr;
  private final Thread stderrReader;
  private final ProcessMeter meter; // confined to the watching thread
  private volatile String excess; // why it was killed; null if it was not

  /**
   * @param name for the thread that reads stderr, and for the log: {@code gate/mjpeg}
   * @throws IOException if it cannot be started
   */
  ChildProcess(
      Children children, Path program, List<String> arguments, String name, ProcessLimits limits)
      throws IOException {
    this(children, program, arguments, name, limits, line -> {});
  }

  /**
   * @param listener hears of each line of stderr, on the thread that reads it
   */
  ChildProcess(
      Children children,
      Path program,
      List<String> arguments,
      String name,
      ProcessLimits limits,
      Consumer<String> listener)
      throws IOException {
    this.children = children;
    this.name = name;
    this.program = String.valueOf(program.getFileName());
    process = children.start(program, arguments, limits);
    stderr = new StderrTail(process.getErrorStream(), listener);
    stderrReader = Ffmpeg.daemon("stderr " + name, stderr);
    stderrReader.start();
    children.running(this);
    meter = new ProcessMeter(process.toHandle(), this.program, limits);
    if (ProcessMeter.hasCeiling(limits)) {
      children.watch(this);
    }
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

  /** What it wrote until now did not end it. */
  void survive() {
    stderr.survive();
  }

  /** What it wrote since then, or ever. */
  List<String> complaints() {
    return stderr.complaints();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The source it works for: what its name begins with. */
  String source() {
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  /** Time of the processor that it has used; empty where the system does not tell. */
  Optional<Duration> cpuTime() {
    return process.info().totalCpuDuration();
  }

  /** Kills it if it takes too much. On the watching thread. */
  void checkLimits(long nanoTime) {
    Optional<String> found = excess == null ? meter.excess(nanoTime) : Optional.empty();
    if (found.isPresent()) {
      excess = found.get(); // before it ends: whoever waits for its end asks why
      LOG.log(Level.WARNING, "{0}: {1}", name, excess);
      process.toHandle().destroyForcibly();
    }
  }

  /** Why we killed it, if it took more than its limits. */
  Optional<String> excess() {
    return Optional.ofNullable(excess);
  }

  /** Why it ended: our reason, else its last complaint, for which it waits a moment. */
  Optional<String> lastWords() {
    try {
      stderrReader.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then what is there has to do
    }
    return excess().or(stderr::last);
  }

  /** The exit code, if it ends by itself within {@code limit}. */
  OptionalInt exitCode(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /**
   * SIGTERM, five seconds, SIGKILL; two while the server stops. Returns when it is gone.
   * Idempotent, any thread.
   */
  @Override
  public void close() {
    endWithin(children.grace());
  }

  /** The same for one that hangs, and would hardly heed SIGTERM: one second. */
  void giveUp() {
    endWithin(GRACE_OF_HANGING);
  }

  private void endWithin(Duration grace) {
    // Not Process.destroy: it closes stdin too, and waits there for a writer that is blocked.
    process.toHandle().destroy();
    long start = System.nanoTime();
    while (!isGoneWithin(LOOK_MILLIS)) {
      if (System.nanoTime() - start > Math.min(grace.toNanos(), children.grace().toNanos())) {
        kill();
        return;
      }
    }
  }

  /** SIGKILL, for what has nothing to say good-bye to; returns when it is gone. Idempotent. */
  void kill() {
    process.toHandle().destroyForcibly();
    if (!isGoneWithin(AFTER_SIGKILL.toMillis())) {
      LOG.log(Level.WARNING, "{0} process {1} does not end", program, process.pid() + "");
    }
  }

  private boolean isGoneWithin(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) { // whoever interrupts us is in a hurry
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
