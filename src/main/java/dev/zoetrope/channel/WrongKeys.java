package dev.zoetrope.channel;

import dev.zoetrope.access.KeyGuesses;
import dev.zoetrope.capture.Guesses;
import dev.zoetrope.capture.Incident;
import dev.zoetrope.media.SourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Publishers of one source who were refused for their key: slowed down, counted, and told in its
 * timeline at most once a minute. Thread-safe.
 */
final class WrongKeys implements Guesses {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private final SourceId source;
  private final KeyGuesses guesses;
  private final Timeline timeline;
  private final ScheduledExecutorService timer;
  private final LongSupplier wallMicros;
  private final Duration between;

  // Guarded by this.
  private long count;
  private long untold;
  private boolean isResting; // one was told less than that ago

  /**
   * @param guesses of all sources
   * @param wallMicros microseconds since 1970, UTC
   */
  WrongKeys(
      SourceId source,
      KeyGuesses guesses,
      Timeline timeline,
      ScheduledExecutorService timer,
      LongSupplier wallMicros) {
    this(source, guesses, timeline, timer, wallMicros, BETWEEN);
  }

  WrongKeys(
      SourceId source,
      KeyGuesses guesses,
      Timeline timeline,
      ScheduledExecutorService timer,
      LongSupplier wallMicros,
      Duration between) {
    this.source = source;
    this.guesses = guesses;
    this.timeline = timeline;
    this.timer = timer;
    this.wallMicros = wallMicros;
    this.between = between;
  }

  @Override
  public Duration patience(String address) {
    return guesses.patience(source.value(), address);
  }

  @Override
  public void wrong(String address) {
    guesses.wrong(source.value(), address);
    refused();
  }

  @Override
  public synchronized void refused() {
    count++;
    untold++;
    if (!isResting) {
      tell();
    }
  }

  /** All of them so far. */
  synchronized long count() {
    return count;
  }

  private synchronized void tell() {
    isResting = untold > 0;
    if (untold == 0) {
      return;
    }
    Instant now = Instant.EPOCH.plus(wallMicros.getAsLong(), ChronoUnit.MICROS);
    String text =
        untold == 1
            ? "a publisher with a wrong key, or without one"
            : untold + " publishers with a wrong key, or without one";
    timeline.add(new Incident(now, Incident.Kind.REFUSED, text));
    untold = 0;
    var unused = timer.schedule(this::tell, between.toMillis(), TimeUnit.MILLISECONDS);
  }
}
