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
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last lines that a process wrote to stderr, without user, password and query of any address in
 * them, and without the places in memory that would make equal messages differ. Thread-safe.
 */
final class StderrTail implements Runnable {
  private static final int MAX_LINES = 50;
  private static final int MAX_LINE_LENGTH = 400;

  /** What ffmpeg puts before a component's message: {@code [rtsp @ 0x55f1c0ffee00] }. */
  private static final Pattern COMPONENT = Pattern.compile("^\\[([^\\]]{1,60}) @ 0x[0-9a-f]+\\] ?");

  private static final Pattern USER_INFO = Pattern.compile("(\\w://)[^\\s/'\"]*@");
  private static final Pattern QUERY =
      Pattern.compile("(\\w://[^\\s?'\"]*)\\?[^\\s'\"]*[^\\s'\":]");

  /** Stands behind "Stream map '0:v:0' matches no streams.", which is the cause. */
  private static final String ADVICE = "To ignore this, add a trailing";

  private final InputStream stderr;
  private final Consumer<String> listener;

  // Guarded by lines.
  private final Deque<String> lines = new ArrayDeque<>();
  private int survived; // so many of them, the oldest, tell nothing of the end

  StderrTail(InputStream stderr) {
    this(stderr, line -> {});
  }

  /**
   * @param listener hears of each line, without credentials, on the reading thread
   */
  StderrTail(InputStream stderr, Consumer<String> listener) {
    this.stderr = stderr;
    this.listener = listener;
  }

  /** Reads until the process closes its stderr. */
  @Override
  public void run() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stderr, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(stderr ended: " + e.getMessage() + ")");
    }
  }

  private void add(String written) {
    String line = fitToShow(written);
    synchronized (lines) {
      if (lines.size() == MAX_LINES) {
        lines.removeFirst();
        survived = Math.max(0, survived - 1);
      }
      lines.addLast(line);
    }
    listener.accept(line);
  }

  /** Before anything is cut off: half a password is still a secret. */
  private static String fitToShow(String written) {
    String named = COMPONENT.matcher(written).replaceFirst("$1: ");
    String line = QUERY.matcher(USER_INFO.matcher(named).replaceAll("$1")).replaceAll("$1");
    return line.length() > MAX_LINE_LENGTH ? line.substring(0, MAX_LINE_LENGTH) + "…" : line;
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** The process has got over what it wrote until now. */
  void survive() {
    synchronized (lines) {
      survived = lines.size();
    }
  }

  /** Those that it has not got over. */
  List<String> complaints() {
    synchronized (lines) {
      return lines.stream().skip(survived).toList();
    }
  }

  /** The last of these that says something: not empty, and no advice on the command line. */
  Optional<String> last() {
    return last(complaints());
  }

  /** The same of lines that a program wrote, fit to be shown. */
  static Optional<String> lastOf(List<String> written) {
    return last(written.stream().map(StderrTail::fitToShow).toList());
  }

  private static Optional<String> last(List<String> all) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (!all.get(i).isBlank() && !all.get(i).startsWith(ADVICE)) {
        return Optional.of(all.get(i).strip());
      }
    }
    return Optional.empty();
  }
}
