package dev.zoetrope.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The processes of this server: starts them so that none outlives it, and watches what they take.
 *
 * <p>They are started by one permanent thread: where {@code setpriv} is there, the kernel kills
 * them when that thread ends, and so also when the JVM is killed. Where it is not, or fails, the
 * next server finds them on record. Thread-safe.
 */
final class Children implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Children.class.getName());

  /** Between SIGTERM and SIGKILL. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** The same while the server stops. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(2);

  private static final int MOST_ANSWER_BYTES = 1 << 20;

  /** No business of theirs; and what they see, others may. */
  private static final String ADMIN_PASSWORD = "ZOETROPE_ADMIN_PASSWORD";

  private final List<String> guard; // in front of each command
  private final Optional<String> nice;
  private final Optional<ChildRecords> records;
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(Children::starterThread);
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> Ffmpeg.daemon("process watch", task));
  private final Set<ChildProcess> watched = ConcurrentHashMap.newKeySet();
  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet(); // and some that ended
  private volatile Duration grace = GRACE;

  /** Without a record. */
  Children(String path) {
    this(path, Optional.empty());
  }

  /**
   * @param path a list of folders with programs, as in the environment's PATH
   * @param folder where children are put on record; what an earlier server left there is killed
   */
  Children(String path, Optional<Path> folder) {
    guard =
        find(path, "setpriv")
            .map(setpriv -> List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"))
            .orElse(List.of());
    nice = find(path, "nice").map(Path::toString);
    records = folder.flatMap(Children::records);
    var unused = watch.scheduleWithFixedDelay(this::watchAll, 1, 1, TimeUnit.SECONDS);
  }

  private static Optional<ChildRecords> records(Path folder) {
    try {
      ChildRecords records = new ChildRecords(folder);
      records.reap();
      return Optional.of(records);
    } catch (IOException e) { // the second line only: sources can do without
      LOG.log(Level.WARNING, "processes are not put on record in {0}: {1}", folder, e.toString());
      return Optional.empty();
    }
  }

  /**
   * The JDK's "process reaper" threads inherit the context class loader from here. They serve the
   * whole JVM, and outlive an application that is undeployed: it must not be the application's.
   */
  private static Thread starterThread(Runnable task) {
    Thread thread = Ffmpeg.daemon("process starter", task);
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    return thread;
  }

  /** The program {@code name} in the folders of {@code path}. */
  static Optional<Path> find(String path, String name) {
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path candidate = Path.of(folder, name);
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /** Starts {@code program}; its three pipes are the caller's. */
  Process start(Path program, List<String> arguments, ProcessLimits limits) throws IOException {
    List<String> command = new ArrayList<>(guard);
    if (limits.nice() > 0 && nice.isPresent()) {
      command.addAll(List.of(nice.get(), "-n", Integer.toString(limits.nice())));
    }
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove(ADMIN_PASSWORD);
    Future<Process> started;
    try {
      started = starter.submit(() -> record(builder.start(), program));
    } catch (RejectedExecutionException e) {
      throw new IOException(
          program.getFileName() + " cannot be started: the server is stopping", e);
    }
    return await(started, program, command.get(0));
  }

  /** Not to be interrupted: it takes milliseconds, and the process must not be lost. */
  private static Process await(Future<Process> started, Path program, String executable)
      throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return started.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      // Where it lies is no business of a viewer, who may be told this.
      String why = String.valueOf(e.getCause().getMessage());
      String name = String.valueOf(Path.of(executable).getFileName());
      throw new IOException(
          program.getFileName() + " cannot be started: " + why.replace(executable, name), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** On the starter: waiting for the end may take a thread of the JDK's, too. */
  private Process record(Process process, Path program) {
    if (records.isEmpty()) {
      return process;
    }
    ProcessHandle child = process.toHandle();
    try {
      records.get().add(child, program);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "process {0} is not on record: {1}", child.pid() + "", e.toString());
    }
    var unused = child.onExit().thenAccept(records.get()::remove);
    return process;
  }

  /** How a program ended, and what it wrote to stdout and stderr. */
  record Answer(int exitCode, List<String> lines) {
    Answer {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Runs a program that ends by itself.
   *
   * @throws IOException if it cannot be started, says over 1 MiB or does not end in time
   */
  Answer ask(Path program, List<String> arguments, Duration limit) throws IOException {
    Process process = start(program, arguments, ProcessLimits.NONE);
    try {
      process.getOutputStream().close();
      CompletableFuture<String> out = readAll(process.getInputStream(), "stdout " + program);
      CompletableFuture<String> err = readAll(process.getErrorStream(), "stderr " + program);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            program.getFileName() + " did not end within " + limit.toSeconds() + " s");
      }
      String all = out.join() + err.join();
      return new Answer(process.exitValue(), all.lines().toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program.getFileName() + ": interrupted", e);
    } finally {
      process.toHandle().destroyForcibly();
    }
  }

  private static CompletableFuture<String> readAll(InputStream in, String name) {
    CompletableFuture<String> all = new CompletableFuture<>();
    Runnable reading =
        () -> {
          try {
            byte[] bytes = in.readNBytes(MOST_ANSWER_BYTES);
            all.complete(new String(bytes, StandardCharsets.UTF_8));
          } catch (IOException | UncheckedIOException e) {
            all.complete(""); // killed for taking too long
          }
        };
    Ffmpeg.daemon(name, reading).start();
    return all;
  }

  /** {@code child} has been started. */
  void running(ChildProcess child) {
    running.add(child);
  }

  /**
   * Time of the processor that the processes of some sources have used that run now, in
   * nanoseconds; without those that have none, or of which the system does not tell.
   */
  Map<String, Long> cpuNanos(Predicate<String> isWanted) {
    Map<String, Long> all = new HashMap<>();
    running.removeIf(child -> !child.isAlive());
    for (ChildProcess child : running) {
      if (isWanted.test(child.source())) {
        child.cpuTime().ifPresent(used -> all.merge(child.source(), used.toNanos(), Long::sum));
      }
    }
    return all;
  }

  /** From now on {@code child} is killed when it takes more than its limits. */
  void watch(ChildProcess child) {
    watched.add(child);
  }

  private void watchAll() {
    watched.removeIf(child -> !child.isAlive());
    watched.forEach(child -> child.checkLimits(System.nanoTime()));
  }

  /** How long a process has between SIGTERM and SIGKILL. */
  Duration grace() {
    return grace;
  }

  /** The server is about to stop: processes have less time to end. */
  void hurry() {
    grace = LAST_GRACE;
  }

  /** Ends its threads; where setpriv is there, the kernel then ends processes that still run. */
  @Override
  public void close() {
    watch.shutdownNow();
    starter.shutdown();
  }
}
