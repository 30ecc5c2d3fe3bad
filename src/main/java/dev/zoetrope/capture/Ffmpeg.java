package dev.zoetrope.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * The ffmpeg program of this machine: starts its processes, so that none outlives the server.
 *
 * <p>Children are started by one permanent thread: where {@code setpriv} is there, the kernel kills
 * them when that thread ends, and so also when the JVM is killed. Thread-safe.
 */
public final class Ffmpeg implements AutoCloseable {
  private final Path program;
  private final List<String> prefix;
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(task -> daemon("ffmpeg starter", task));
  private final String h264Encoder;

  /** The program found on {@code path}, a list of folders as in the environment's PATH. */
  public static Optional<Path> find(String path) {
    return findOnPath(path, "ffmpeg");
  }

  private static Optional<Path> findOnPath(String path, String name) {
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

  /**
   * @param program ffmpeg 5.1 or later
   * @throws IOException if it does not run, or has no H.264 encoder
   */
  public Ffmpeg(Path program) throws IOException {
    this.program = program;
    prefix =
        findOnPath(System.getenv().getOrDefault("PATH", ""), "setpriv")
            .map(setpriv -> List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"))
            .orElse(List.of());
    try {
      h264Encoder = findH264Encoder();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private String findH264Encoder() throws IOException {
    Process process = start(List.of("-nostdin", "-hide_banner", "-v", "error", "-encoders"));
    process.getOutputStream().close();
    String encoders = "";
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      encoders = reader.lines().reduce("", (all, line) -> all + line + "\n");
    }
    for (String candidate : List.of("libx264", "libopenh264")) {
      if (encoders.contains(" " + candidate + " ")) {
        return candidate;
      }
    }
    throw new IOException(
        program + ": expected an ffmpeg with libx264 or libopenh264, found no H.264 encoder");
  }

  /** ffmpeg's name of the H.264 encoder to use: libx264, else libopenh264. */
  public String h264Encoder() {
    return h264Encoder;
  }

  /** Where the program is. */
  public Path program() {
    return program;
  }

  /** Starts it with {@code arguments}; its three pipes are the caller's. */
  Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(program.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Future<Process> started;
    try {
      started = starter.submit(builder::start);
    } catch (RejectedExecutionException e) {
      throw new IOException("ffmpeg cannot be started: the server is stopping", e);
    }
    return await(started, command.get(0));
  }

  /** Not to be interrupted: it takes milliseconds, and the process must not be lost. */
  private static Process await(Future<Process> started, String executable) throws IOException {
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
      throw new IOException("ffmpeg cannot be started: " + why.replace(executable, name), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for the end of a thread that was told to end; less long if we are interrupted. */
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the starting thread; the kernel then ends processes that still run. */
  @Override
  public void close() {
    starter.shutdown();
  }
}
