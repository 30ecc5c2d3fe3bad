package dev.zoetrope.monitor;

import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last {@value #MOST} incidents of all sources, numbered. Thread-safe. */
public final class Incidents {
  /** So many are kept. */
  public static final int MOST = 200;

  // Guarded by this.
  private final Deque<Numbered> newest = new ArrayDeque<>();
  private long last;

  /**
   * Something that happened.
   *
   * @param number one more than that of the incident before
   */
  public record Numbered(long number, SourceId source, Incident incident) {}

  /**
   * @param last the number before the first. Milliseconds since 1970 give numbers that go on
   *     growing when the server starts again
   */
  public Incidents(long last) {
    this.last = last;
  }

  /** Something happened. Never waits for long. */
  public synchronized void add(SourceId source, Incident incident) {
    if (newest.size() == MOST) {
      newest.removeFirst();
    }
    last++;
    newest.addLast(new Numbered(last, source, incident));
  }

  /** The number of the newest; of the one before the first, if there was none. */
  public synchronized long last() {
    return last;
  }

  /** Those after that number, the oldest first; all, if the number is not one of ours. */
  public synchronized List<Numbered> after(long number) {
    return newest.stream().filter(one -> one.number() > number || number > last).toList();
  }
}
