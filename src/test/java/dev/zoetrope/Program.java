package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that a test runs: to its end, or beside the test until it is closed. */
final class Program implements AutoCloseable {
  private static final int LIMIT_SECONDS = 60;
  private static final int GRACE_SECONDS = 3;

  private final Process process;
  private final CompletableFuture<byte[]> out;
  private final CompletableFuture<byte[]> err;

  private Program(List<String> command) throws IOException {
    process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    out = read(process.getInputStream());
    err = read(process.getErrorStream());
  }

  /** Starts it; its output is kept. */
  static Program start(String... command) throws IOException {
    return new Program(List.of(command));
  }

  /** Runs it to its end, which must be a good one within a minute, and answers its stdout. */
  static String run(String... command) throws IOException {
    try (Program program = start(command)) {
      Ended ended = program.await();
      if (ended.exitCode != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + ended);
      }
      return ended.out;
    }
  }

  /** How a program ended, and what it said. */
  record Ended(int exitCode, String out, String err) {}

  /** Waits for its end, at most a minute. */
  Ended await() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        close();
        throw new AssertionError("not ended in time: " + new String(err.get(), UTF_8));
      }
      return new Ended(
          process.exitValue(), new String(out.get(), UTF_8), new String(err.get(), UTF_8));
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM, three seconds, SIGKILL. Idempotent. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      process.toHandle().onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException tooLate) {
      process.destroyForcibly();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static CompletableFuture<byte[]> read(InputStream stream) {
    CompletableFuture<byte[]> all = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (stream) {
                all.complete(stream.readAllBytes());
              } catch (IOException closed) { // by destroy(): nobody reads on
                all.completeExceptionally(new UncheckedIOException(closed));
              }
            },
            "program output");
    reader.setDaemon(true);
    reader.start();
    return all;
  }
}
