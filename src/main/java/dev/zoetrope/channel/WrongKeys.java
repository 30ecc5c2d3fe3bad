package dev.zoetrope.channel;

import dev.zoetrope.capture.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Publishers of one source who were refused for their key: counted, and told in its timeline at
 * most once a minute. Thread-safe.
 */
final class WrongKeys {
  private static final Duration BETWEEN = Duration.ofMinutes(1);

  private final Timeline timeline;
  private final ScheduledExecutorService timer;
  private final LongSupplier wallMicros;
  private final Duration between;

  // Guarded by this.
  private long count;
  private long untold;
  private boolean isResting; // one was told less than that ago

  /**
   * @param wallMicros microseconds since 1970, UTC
   */
  WrongKeys(Timeline timeline, ScheduledExecutorService timer, LongSupplier wallMicros) {
    this(timeline, timer, wallMicros, BETWEEN);
  }

  WrongKeys(
      Timeline timeline,
      ScheduledExecutorService timer,
      LongSupplier wallMicros,
      Duration between) {
    this.timeline = timeline;
    this.timer = timer;
    this.wallMicros = wallMicros;
    this.between = between;
  }

  /** One more. */
  synchronized void add() {
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
