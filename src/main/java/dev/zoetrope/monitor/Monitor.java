package dev.zoetrope.monitor;

import dev.zoetrope.channel.Channels;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What is known of the sources: figures of this second, the last hour, incidents; and of the server
 * itself. {@link #tick} belongs to one thread at a time, all else to any.
 */
public final class Monitor {
  private final Incidents incidents;
  private final History history = new History();
  private final Sampler sampler;
  private final Pulse pulse;

  /**
   * @param workers where viewers advance
   */
  public Monitor(Channels channels, Incidents incidents, List<? extends Executor> workers) {
    this.incidents = incidents;
    sampler =
        new Sampler(
            () -> channels.all().stream().map(Reading::of).toList(),
            channels.ffmpeg()::cpuNanos,
            history,
            System.nanoTime());
    pulse = new Pulse(System::nanoTime, workers);
  }

  /** To be called about once a second. */
  public void tick() {
    pulse.beat();
    sampler.tick(System.nanoTime(), Instant.now());
  }

  /** The server is about to stop. */
  public void stop() {
    pulse.stop();
  }

  /** Counters of all sources as of the last tick, in order. */
  public List<Reading> readings() {
    return sampler.readings();
  }

  /** How all sources were at the last tick, in order. */
  public List<Sample> samples() {
    return sampler.samples();
  }

  /** The last hour. */
  public History history() {
    return history;
  }

  /** What happened lately. */
  public Incidents incidents() {
    return incidents;
  }

  /** Whether the server runs as it should. */
  public Pulse pulse() {
    return pulse;
  }
}
