package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import java.util.function.Consumer;

/**
 * The messages that one viewer gets on a WebSocket: heads and fragments are binary, and a text
 * announces each run of fMP4. Confined to the viewer's worker, but for {@link #hasBegun}.
 */
final class SocketMessages {
  private final Framing framing;
  private final boolean isAnnounced; // each run
  private final Consumer<String> texts;
  private final Consumer<Bytes> binaries;
  private volatile boolean begun;
  private Run run; // null before the first

  /**
   * @param texts takes text messages
   * @param binaries takes binary ones, none of them empty
   */
  SocketMessages(Way way, Framing framing, Consumer<String> texts, Consumer<Bytes> binaries) {
    this.framing = framing;
    isAnnounced = way == Way.FMP4;
    this.texts = texts;
    this.binaries = binaries;
  }

  /**
   * What goes before a run's fragments.
   *
   * @return whether this client can go on with the run; else it gets nothing
   */
  boolean begin(Run next, Fragment first) {
    boolean goesOn = run != null && !isAnnounced && framing.continues(run, next);
    if (run != null && !isAnnounced && !goesOn) {
      return false;
    }
    run = next;
    begun = true;
    if (!goesOn) {
      if (isAnnounced) {
        texts.accept(Announcement.of(framing, next));
      }
      send(framing.head(next, first));
    }
    return true;
  }

  void write(Fragment fragment, boolean joining) {
    send(framing.frame(fragment, joining));
  }

  private void send(Bytes message) {
    if (!message.isEmpty()) {
      binaries.accept(message);
    }
  }

  /** Whether there was a run yet. Any thread. */
  boolean hasBegun() {
    return begun;
  }
}
