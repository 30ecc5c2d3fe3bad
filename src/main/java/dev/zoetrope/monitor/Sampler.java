package dev.zoetrope.monitor;

import dev.zoetrope.media.SourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads the figures of all sources, to be called about once a second. {@link #tick} belongs to one
 * thread at a time, the figures to any.
 *
 * <p>What processes take is asked of a fifth of the sources each time: it is a look into the system
 * for each process.
 */
final class Sampler {
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(History.STEP_SECONDS);
  private static final long HALF_A_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int CPU_SHARES = 5;

  private final Supplier<List<Reading>> sources;
  private final Function<Predicate<String>, Map<String, Long>> cpuNanos;
  private final History history;
  private final long startNanos;

  // Confined to who ticks.
  private final Map<SourceId, Meter> meters = new HashMap<>();
  private long ticks;
  private long points;

  private volatile List<Reading> readings = List.of();
  private volatile Map<SourceId, Sample> samples = Map.of();

  /**
   * @param sources all there are, in order
   * @param cpuNanos what the processes of those sources have used so far
   * @param history gets a point every {@value History#STEP_SECONDS} s
   */
  Sampler(
      Supplier<List<Reading>> sources,
      Function<Predicate<String>, Map<String, Long>> cpuNanos,
      History history,
      long startNanos) {
    this.sources = sources;
    this.cpuNanos = cpuNanos;
    this.history = history;
    this.startNanos = startNanos;
  }

  void tick(long nanoTime, Instant now) {
    List<Reading> newest = List.copyOf(sources.get());
    Map<SourceId, Sample> taken = new LinkedHashMap<>();
    newest.forEach(reading -> meters.computeIfAbsent(reading.id(), id -> new Meter()));
    meters.keySet().retainAll(newest.stream().map(Reading::id).collect(Collectors.toSet()));
    askForCpu(nanoTime);
    for (Reading reading : newest) {
      taken.put(reading.id(), meters.get(reading.id()).take(reading, nanoTime));
    }
    readings = newest;
    samples = taken;
    addPoints(nanoTime, now);
    ticks++;
  }

  private void askForCpu(long nanoTime) {
    Map<String, Meter> asked = new HashMap<>();
    meters.forEach(
        (id, meter) -> {
          if (Math.floorMod(id.hashCode(), CPU_SHARES) == ticks % CPU_SHARES) {
            asked.put(id.value(), meter);
          }
        });
    Map<String, Long> used = cpuNanos.apply(asked::containsKey);
    asked.forEach(
        (id, meter) -> {
          Long nanos = used.get(id);
          meter.cpu(nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos), nanoTime);
        });
  }

  private void addPoints(long nanoTime, Instant now) {
    long due = (nanoTime - startNanos + HALF_A_TICK_NANOS) / STEP_NANOS;
    if (due <= points) {
      return;
    }
    history.skip(due - points - 1);
    Map<SourceId, Point> newest = new HashMap<>();
    meters.forEach((id, meter) -> newest.put(id, meter.point(nanoTime)));
    history.add(newest, now);
    points = due;
  }

  /** As of the last tick, in order. */
  List<Reading> readings() {
    return readings;
  }

  /** As of the last tick, in order. */
  List<Sample> samples() {
    return new ArrayList<>(samples.values());
  }
}
