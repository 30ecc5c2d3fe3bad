package dev.zoetrope.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The last lines that a process wrote to stderr. Thread-safe. */
final class StderrTail implements Runnable {
  private static final int MAX_LINES = 50;
  private static final int MAX_LINE_LENGTH = 400;

  /** Stands behind "Stream map '0:v:0' matches no streams.", which is the cause. */
  private static final String ADVICE = "To ignore this, add a trailing";

  private final InputStream stderr;
  private final Deque<String> lines = new ArrayDeque<>(); // guarded by itself

  StderrTail(InputStream stderr) {
    this.stderr = stderr;
  }

  /** Reads until the process closes its stderr. */
  @Override
  public void run() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stderr, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line.length() > MAX_LINE_LENGTH ? line.substring(0, MAX_LINE_LENGTH) + "…" : line);
      }
    } catch (IOException e) {
      add("(stderr ended: " + e.getMessage() + ")");
    }
  }

  private void add(String line) {
    synchronized (lines) {
      if (lines.size() == MAX_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The last line that says something: not empty, and no advice on the command line. */
  Optional<String> last() {
    List<String> all = lines();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (!all.get(i).isBlank() && !all.get(i).startsWith(ADVICE)) {
        return Optional.of(all.get(i).strip());
      }
    }
    return Optional.empty();
  }
}
