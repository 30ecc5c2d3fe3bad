package dev.zoetrope.channel;

import dev.zoetrope.capture.Workshop;
import dev.zoetrope.relay.Relays;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What a server gives to its channels.
 *
 * @param workshop what captures and encoders work with
 * @param workers where viewers advance; each runs one task at a time
 * @param timer for lingering; its tasks may block for a few seconds
 * @param limits how much is taken on
 * @param listener hears what happens to the sources
 * @param timelines the folder where that is kept; empty for in memory only
 * @param relays sources of other nodes; empty where none are taken
 */
public record Node(
    Workshop workshop,
    List<? extends Executor> workers,
    ScheduledExecutorService timer,
    Limits limits,
    SourceListener listener,
    Optional<Path> timelines,
    Optional<Relays> relays) {
  /** Without other nodes. */
  public Node(
      Workshop workshop,
      List<? extends Executor> workers,
      ScheduledExecutorService timer,
      Limits limits,
      SourceListener listener,
      Optional<Path> timelines) {
    this(workshop, workers, timer, limits, listener, timelines, Optional.empty());
  }

  public Node {
    workers = List.copyOf(workers);
  }
}
