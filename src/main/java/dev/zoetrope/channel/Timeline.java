package dev.zoetrope.channel;

import dev.zoetrope.capture.Incident;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * What happened to one source: the last {@value #MOST} incidents, kept in a file across restarts of
 * the server. Thread-safe; the file is written by the executor, never by who reports.
 *
 * <p>A line of the file is time, kind and text, separated by tabs; a tab, a line's end or a
 * backslash in the text has a backslash before it. A line that cannot be read, such as the last one
 * after a power cut, is left out. One server at a time may use a file.
 */
public final class Timeline {
  /** So many incidents are kept. */
  public static final int MOST = 200;

  private static final Logger LOG = System.getLogger(Timeline.class.getName());

  /** A file with so many lines is written anew. */
  private static final int MOST_LINES = 2 * MOST;

  private final Optional<Path> kept;
  private final Executor writer;

  private final Deque<Incident> incidents = new ArrayDeque<>(); // guarded by itself
  private int unwritten; // so many of the newest are not in the file; guarded by incidents

  private final Object fileLock = new Object(); // taken before that of incidents
  private final AtomicBoolean isWriteDue = new AtomicBoolean();
  private int lines; // of the file; guarded by fileLock
  private boolean hasFailed; // guarded by fileLock

  /**
   * Reads what is there.
   *
   * @param file where it is kept; empty for in memory only
   * @param writer where the file is written; may discard when the server stops
   */
  public Timeline(Optional<Path> file, Executor writer) {
    kept = file;
    this.writer = writer;
    kept.ifPresent(this::read);
  }

  private void read(Path file) {
    try {
      // what was cut within a character, or is none, spoils its own line only
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.split("\n", -1)) {
        Optional<Incident> incident = parsed(line);
        lines++;
        incident.ifPresent(this::remember);
      }
    } catch (NoSuchFileException e) {
      lines = 0; // nothing has happened yet
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} cannot be read: {1}", file.getFileName(), e.toString());
    }
  }

  private void remember(Incident incident) {
    synchronized (incidents) {
      if (incidents.size() == MOST) {
        incidents.removeFirst();
      }
      incidents.addLast(incident);
    }
  }

  /** Something happened. Any thread; does not wait for the file. */
  public void add(Incident incident) {
    synchronized (incidents) {
      remember(incident);
      unwritten++;
    }
    if (kept.isPresent() && isWriteDue.compareAndSet(false, true)) {
      writer.execute(this::write);
    }
  }

  /** The incidents, the oldest first. */
  public List<Incident> incidents() {
    synchronized (incidents) {
      return List.copyOf(incidents);
    }
  }

  /** Writes what is not written yet, also what could not be before. Any thread. */
  public void write() {
    isWriteDue.set(false); // before looking: what comes from here on is written next
    if (kept.isEmpty()) {
      return;
    }
    Path file = kept.get();
    synchronized (fileLock) {
      List<Incident> all;
      int due;
      synchronized (incidents) {
        all = List.copyOf(incidents);
        due = unwritten;
        unwritten = 0;
      }
      if (due == 0) {
        return;
      }
      try {
        writeOut(file, all, Math.min(due, all.size()));
        hasFailed = false;
      } catch (IOException e) {
        synchronized (incidents) {
          unwritten += due;
        }
        lines = MOST_LINES; // written anew the next time: a part may be there
        if (!hasFailed) { // once; the memory goes on
          LOG.log(Level.WARNING, "{0} cannot be written: {1}", file.getFileName(), e.toString());
        }
        hasFailed = true;
      }
    }
  }

  private void writeOut(Path file, List<Incident> all, int due) throws IOException {
    if (lines + due > MOST_LINES) {
      Path draft = file.resolveSibling(file.getFileName() + ".draft");
      Files.write(draft, bytes(all));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      lines = all.size();
      return;
    }
    Files.write(
        file,
        bytes(all.subList(all.size() - due, all.size())),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    lines += due;
  }

  /** Half a surrogate becomes a question mark, where a writer of text would refuse all. */
  private static byte[] bytes(List<Incident> some) {
    return some.stream()
        .map(Timeline::written)
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Begins with a line's end: what a power cut left of the line before ends there. */
  private static String written(Incident incident) {
    String text = incident.text().replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    return "\n" + incident.at() + "\t" + incident.kind() + "\t" + text + "\t.";
  }

  private static Optional<Incident> parsed(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != 4 || !parts[3].equals(".")) {
      return Optional.empty(); // of another form, or cut off
    }
    try {
      return Optional.of(
          new Incident(
              Instant.parse(parts[0]), Incident.Kind.valueOf(parts[1]), unescaped(parts[2])));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty(); // as above
    }
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        char next = text.charAt(i);
        plain.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
