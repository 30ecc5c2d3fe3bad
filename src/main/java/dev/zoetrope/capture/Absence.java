package dev.zoetrope.capture;

import static dev.zoetrope.capture.CaptureReport.seconds;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Incident.Kind;
import dev.zoetrope.media.SourceId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * While a source is not there: how long it has been gone, when its viewers see a card, and when
 * people hear that it is lost, and live again. Confined to the capture's thread.
 */
final class Absence {
  private static final Logger LOG = System.getLogger(Absence.class.getName());

  /** A source that was live and is not there again after so long shows a card; most are. */
  private static final Duration QUICK_RETURN = Duration.ofSeconds(2);

  /** The same at first, of one that is tried again: the first try may fail for a trifle. */
  private static final Duration QUICK_SECOND_TRY = Duration.ofSeconds(5);

  /** The same at first, of one that starts: a card would come before its first keyframe. */
  private static final Duration QUICK_START = Duration.ofSeconds(8);

  private final SourceId id;
  private final OnAir onAir;
  private final CardShow cards;
  private final CaptureReport report;

  private long goneNanos; // when there was something to see last, or the start
  private boolean wasLive; // ever
  private boolean isTold; // that it is lost

  Absence(SourceId id, OnAir onAir, CardShow cards, CaptureReport report, long now) {
    this.id = id;
    this.onAir = onAir;
    this.cards = cards;
    this.report = report;
    goneNanos = now;
  }

  /** How people call the source, from the next card on. */
  void retitle(String title) {
    cards.retitle(title);
  }

  /** Somebody watches from now on. */
  void hurry(long now) {
    cards.hurry(now);
  }

  /** There was something to see until then. */
  void since(long nanos) {
    goneNanos = nanos;
  }

  /** Packets come. */
  void live() {
    if (!wasLive) {
      wasLive = true;
      if (!isTold) {
        report.happened(Kind.FIRST_FRAME, "");
      }
    }
  }

  /** Looks whether a source that is live has taken the place of the card, or of nothing. */
  void observe(long now) {
    boolean isAwaited =
        cards.isOn() || isTold; // a loss at the start may end before its card is due
    if (!isAwaited || onAir.showsCard()) {
      return;
    }
    cards.end();
    if (isTold) {
      isTold = false;
      report.happened(Kind.RECOVERED, "after " + seconds(now - goneNanos));
      LOG.log(Level.INFO, "{0}: live again", id);
    }
  }

  /** Shows and tells what is due. */
  void show(CaptureState state, long now) {
    if (isLost(state) && !isTold) {
      isTold = true;
      report.happened(Kind.LOST, report.why().map(Diagnosis::words).orElse(""));
    }
    if (now >= cardDueNanos(state)) {
      cards.begin(words(state), goneNanos, now);
    }
    cards.goOn(now);
  }

  /** When {@link #show} has something to do; the largest long for never. */
  long nextNanos(CaptureState state, long now) {
    return cards.isOn() ? cards.nextNanos(now) : cardDueNanos(state);
  }

  /** When a card is due that is not shown yet. */
  private long cardDueNanos(CaptureState state) {
    return switch (state) {
      case LIVE, IDLE -> Long.MAX_VALUE;
      case STARTING -> goneNanos + (wasLive ? QUICK_RETURN : QUICK_START).toNanos();
      case WAITING, FAILED ->
          wasLive || isForPublisher() ? Long.MIN_VALUE : goneNanos + QUICK_SECOND_TRY.toNanos();
      case STALLED, ENDED -> Long.MIN_VALUE;
    };
  }

  private boolean isLost(CaptureState state) {
    return switch (state) {
      case STALLED, FAILED -> true;
      case WAITING -> wasLive || !isForPublisher(); // nobody misses one who never came
      case IDLE, STARTING, LIVE, ENDED -> false;
    };
  }

  private boolean isForPublisher() {
    return report.why().map(reason -> reason.cause() == Cause.NOBODY_PUBLISHES).orElse(false);
  }

  private String words(CaptureState state) {
    if (state == CaptureState.ENDED) {
      return "THE END";
    }
    return wasLive ? "SIGNAL LOST" : "WAITING FOR THE PICTURE";
  }
}
