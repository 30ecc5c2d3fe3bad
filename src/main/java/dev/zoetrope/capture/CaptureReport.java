package dev.zoetrope.capture;

import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What is told of a capture: incidents to its owner, failures to the server's log, figures to
 * whoever asks. Confined to the capture's thread, but for {@link #stats} and {@link #log}.
 */
final class CaptureReport {
  private static final Logger LOG = System.getLogger(CaptureReport.class.getName());

  private final SourceId id;
  private final CaptureOwner owner;
  private final LongSupplier wallMicros;

  private volatile CaptureStats stats;
  private volatile List<String> log = List.of(); // of the newest attempt that ended and has one

  private long restarts;
  private Optional<Diagnosis> why = Optional.empty(); // it is not live
  private String logged = ""; // the failure that was logged since it was live

  CaptureReport(SourceId id, CaptureOwner owner, LongSupplier wallMicros) {
    this.id = id;
    this.owner = owner;
    this.wallMicros = wallMicros;
    stats =
        new CaptureStats(
            CaptureState.STARTING, wall(), 0, Optional.empty(), Optional.empty(), false);
  }

  private Instant wall() {
    return Instant.EPOCH.plus(wallMicros.getAsLong(), ChronoUnit.MICROS);
  }

  /**
   * @param text for people; may be empty
   */
  void happened(Kind kind, String text) {
    owner.happened(new Incident(wall(), kind, text), why);
  }

  /** What keeps it from being live, if that is known. */
  Optional<Diagnosis> why() {
    return why;
  }

  /** That keeps it from being live. */
  void because(Diagnosis cause) {
    why = Optional.of(cause);
  }

  /** It is live, or another source. */
  void clear() {
    why = Optional.empty();
    logged = "";
  }

  /** An attempt failed. */
  void failed(Diagnosis cause) {
    restarts++;
    because(cause);
  }

  /** There will be another attempt after it failed; the same failure is logged once. */
  void again(Diagnosis cause, long waitNanos) {
    String wait = seconds(waitNanos);
    happened(Kind.BACK_OFF, "next attempt in " + wait);
    if (!cause.words().equals(logged)) {
      LOG.log(Level.WARNING, "{0}: {1}; again in {2}", id, cause.words(), wait);
    }
    logged = cause.words();
  }

  /** For people. */
  static String seconds(long nanos) {
    return nanos < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
        : Math.round(nanos / 1e9) + " s";
  }

  /**
   * What anybody may ask.
   *
   * @param nextAttemptNanos in how many nanoseconds it is tried again, if that is known
   */
  void tell(CaptureState state, Optional<Long> nextAttemptNanos, boolean isWithoutKeyframes) {
    Instant since = state == stats.state() ? stats.since() : wall();
    Optional<Instant> next = nextAttemptNanos.map(nanos -> wall().plusNanos(Math.max(0, nanos)));
    stats = new CaptureStats(state, since, restarts, why, next, isWithoutKeyframes);
  }

  /** Nobody wants it any more. */
  void stopped() {
    happened(Kind.STOPPED, "");
    stats = CaptureStats.idle(wall(), restarts);
  }

  /** What it is doing. Any thread. */
  CaptureStats stats() {
    return stats;
  }

  /** What an attempt that has ended wrote; empty where it has no log. */
  void wrote(List<String> lines) {
    log = lines.isEmpty() ? log : lines;
  }

  /** What the newest attempt wrote that has ended and has a log. Any thread. */
  List<String> log() {
    return log;
  }
}
