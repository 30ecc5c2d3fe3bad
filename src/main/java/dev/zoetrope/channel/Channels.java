package dev.zoetrope.channel;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.media.SourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** All sources of this node. Thread-safe. */
public final class Channels implements AutoCloseable {
  private final Map<SourceId, Channel> channels = new TreeMap<>();
  private final Node node;
  private final NodeLoad load;

  /** Starts those that run also without viewers. */
  public Channels(List<SourceSettings> sources, Node node) {
    this.node = node;
    load = new NodeLoad(node);
    for (SourceSettings source : sources) {
      channels.put(source.id(), new Channel(source, node, load));
    }
    channels.values().forEach(Channel::start);
  }

  /** The channel of that name. */
  public Optional<Channel> channel(SourceId id) {
    return Optional.ofNullable(channels.get(id));
  }

  /** All channels, ordered by id. */
  public List<Channel> all() {
    return List.copyOf(channels.values());
  }

  /** How many viewers were refused for a limit so far. */
  public long refused() {
    return load.refused();
  }

  /** For what doors wait for; its tasks may block for a few seconds. */
  public ScheduledExecutorService timer() {
    return node.timer();
  }

  /** For what publishers bring. */
  public Ffmpeg ffmpeg() {
    return node.workshop().ffmpeg();
  }

  /** The time, in microseconds since 1970, UTC. */
  public LongSupplier wallMicros() {
    return node.workshop().wallMicros();
  }

  /** Stops all at the same time; returns when their processes are gone. Idempotent. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    for (Channel channel : channels.values()) {
      closing.add(
          CompletableFuture.runAsync(
              channel::close, task -> new Thread(task, "stop " + channel.id()).start()));
    }
    closing.forEach(CompletableFuture::join);
  }
}
