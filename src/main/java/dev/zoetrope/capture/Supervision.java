package dev.zoetrope.capture;

import dev.zoetrope.capture.Diagnosis.Cause;
import java.time.Duration;

/**
 * Decides what becomes of a capture: when an attempt is given up, and when the next one is due. It
 * does nothing itself, and has no clock: {@link Attempts} tell it what happened and when.
 *
 * <pre>
 * state     | what happens                                      | next
 * ----------|---------------------------------------------------|------------------------------
 * STARTING  | a packet                                          | LIVE
 *           | an input that may wait has begun                  | WAITING, without a time
 *           | no packet for startTimeout                        | GIVE_UP; then as it ended
 * LIVE      | no packet for max(2 s, 3 usual distances)         | STALLED
 * STALLED   | a packet                                          | LIVE
 *           | none for stallTimeout - 2 s more                  | GIVE_UP; then as it ended
 * WAITING   | a packet (of an input that may wait)              | LIVE
 *           | the time of the next attempt, or "try now"        | STARTING
 * FAILED    | the time of the next attempt, or "try now"        | STARTING
 * ENDED     | "try now"                                         | STARTING
 * STARTING, | the attempt ended: to be begun anew at once       | STARTING
 * LIVE,     |   with a cause that needs somebody's hand         | FAILED, next in 60 s
 * STALLED,  |   because all was shown that was to be shown once | ENDED
 * WAITING   |   because a publisher left, or none has come      | WAITING, without a time
 *           |   else                                            | WAITING, next by back-off
 * </pre>
 *
 * IDLE is before and after all of it. Confined to one thread; times are those of {@link
 * System#nanoTime}.
 */
final class Supervision {
  /** The first picture to be missed is not missed yet. */
  static final Duration LEAST_SILENCE = Duration.ofSeconds(2);

  /** As many usual distances between packets are silence. */
  private static final int MISSED = 3;

  /** A source that was live for so long is well: the next back-off begins anew. */
  private static final Duration HEALTHY = Duration.ofSeconds(60);

  /** No time: until something happens. */
  private static final long NEVER = Long.MAX_VALUE;

  /** What has to be done now. */
  enum Order {
    NOTHING,
    /** Begin an attempt, as soon as the gate lets it in. */
    START,
    /** No packet for too long: viewers shall know. */
    TELL_STALLED,
    /** End the attempt; {@link #ended} follows when it is gone. */
    GIVE_UP
  }

  private CaptureSettings settings;
  private final Backoff backoff;

  private CaptureState state = CaptureState.STARTING;
  private boolean isAttempting; // between begun and ended
  private boolean mayWait; // this attempt, for its first packet
  private boolean isGivenUp; // this attempt
  private long begunNanos;
  private long liveNanos; // first packet of this attempt
  private long lastPacketNanos;
  private long usualNanos; // between two packets
  private long nextAttemptNanos; // where no attempt is under way

  Supervision(CaptureSettings settings, Backoff backoff, long now) {
    this.settings = settings;
    this.backoff = backoff;
    nextAttemptNanos = now;
  }

  /** Other patience from now on. */
  void adopt(CaptureSettings newSettings) {
    settings = newSettings;
  }

  CaptureState state() {
    return state;
  }

  /**
   * The attempt ordered by {@link Order#START} has begun.
   *
   * @param mayWait whether it waits for somebody to come, however long
   */
  void begun(long now, boolean mayWait) {
    isAttempting = true;
    isGivenUp = false;
    this.mayWait = mayWait;
    begunNanos = now;
    lastPacketNanos = 0;
    state = mayWait ? CaptureState.WAITING : CaptureState.STARTING;
  }

  /**
   * Packets have come in this attempt, perhaps none since the last call.
   *
   * @param atNanos when the newest did
   * @param usualNanos how far packets of this attempt usually are from each other
   */
  void packets(long atNanos, long usualNanos) {
    if (isGivenUp || atNanos == lastPacketNanos) {
      return;
    }
    if (state == CaptureState.STARTING || state == CaptureState.WAITING) {
      liveNanos = atNanos;
    }
    lastPacketNanos = atNanos;
    this.usualNanos = usualNanos;
    state = CaptureState.LIVE;
  }

  /** The attempt is over, and something about it is to be changed: begun anew at once. */
  void endedToBeginAnew(long now) {
    isAttempting = false;
    state = CaptureState.STARTING;
    nextAttemptNanos = now;
  }

  /** The attempt is over. */
  void ended(long now, Cause cause) {
    isAttempting = false;
    boolean hasWorked = state == CaptureState.LIVE || state == CaptureState.STALLED;
    boolean wasHealthy = hasWorked && lastPacketNanos - liveNanos >= HEALTHY.toNanos();
    if (wasHealthy) {
      backoff.reset();
    }
    if (cause == Cause.ENDED) {
      state = CaptureState.ENDED;
      nextAttemptNanos = NEVER;
    } else if (cause == Cause.NOBODY_PUBLISHES) {
      state = CaptureState.WAITING;
      nextAttemptNanos = NEVER;
    } else {
      state = cause.needsHand() ? CaptureState.FAILED : CaptureState.WAITING;
      nextAttemptNanos = now + wait(cause, hasWorked).toNanos();
    }
  }

  private Duration wait(Cause cause, boolean hasWorked) {
    if (cause.needsHand()) {
      return backoff.longest();
    }
    return hasWorked ? backoff.afterItWorked() : backoff.next();
  }

  /** Somebody asks not to wait any longer, or a publisher has come. */
  void tryNow(long now) {
    if (!isAttempting) {
      nextAttemptNanos = now;
    }
  }

  /** What the time demands. */
  Order check(long now) {
    if (!isAttempting) {
      if (nextAttemptNanos == NEVER || now < nextAttemptNanos) {
        return Order.NOTHING;
      }
      nextAttemptNanos = NEVER; // ordered once
      state = CaptureState.STARTING;
      return Order.START;
    }
    if (now < checkNanos()) {
      return Order.NOTHING;
    }
    if (state == CaptureState.LIVE) {
      state = CaptureState.STALLED;
      return Order.TELL_STALLED;
    }
    isGivenUp = true;
    return Order.GIVE_UP;
  }

  /** When {@link #check} has something to say at the earliest; the largest long for never. */
  long checkNanos() {
    if (!isAttempting) {
      return nextAttemptNanos;
    }
    if (isGivenUp) {
      return NEVER;
    }
    return switch (state) {
      case STARTING -> begunNanos + settings.startTimeout().toNanos();
      case LIVE -> lastPacketNanos + silenceNanos();
      case STALLED ->
          lastPacketNanos + silenceNanos() + settings.stallTimeout().minus(LEAST_SILENCE).toNanos();
      case WAITING -> NEVER; // for somebody to come
      case IDLE, FAILED, ENDED -> throw new AssertionError(state + " during an attempt");
    };
  }

  private long silenceNanos() {
    return Math.max(LEAST_SILENCE.toNanos(), MISSED * usualNanos);
  }

  /** When the next attempt begins, if that is known: less than now is at once. */
  long nextAttemptNanos() {
    return nextAttemptNanos;
  }

  /** Whether the next attempt has a time. */
  boolean hasNextAttempt() {
    return !isAttempting && nextAttemptNanos != NEVER;
  }

  /** Whether this attempt is waiting for somebody to come. */
  boolean isWaitedFor() {
    return isAttempting && mayWait && state == CaptureState.WAITING;
  }
}
