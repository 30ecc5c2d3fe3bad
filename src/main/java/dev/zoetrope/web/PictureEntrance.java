package dev.zoetrope.web;

import dev.zoetrope.capture.Input;
import dev.zoetrope.capture.Picture;
import dev.zoetrope.capture.PicturesInput;
import dev.zoetrope.capture.PicturesInput.Bringer;
import dev.zoetrope.capture.PublishPoint;
import dev.zoetrope.capture.PublisherRefusedException;
import dev.zoetrope.capture.PublisherRefusedException.Reason;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Where one publisher's pictures go in at a source. Thread-safe. */
final class PictureEntrance {
  /** An input that is over is let go of within microseconds; a loaded machine may take longer. */
  private static final int MOST_TRIES = 100;

  private static final long BETWEEN_TRIES_MILLIS = 10;

  private final PublishPoint point;
  private final String key;
  private final String address;
  private final Duration lostAfter;
  private final LongSupplier wallMicros;

  /**
   * @param address where the publisher comes from
   */
  PictureEntrance(
      PublishPoint point, String key, String address, Duration lostAfter, LongSupplier wallMicros) {
    this.point = point;
    this.key = key;
    this.address = address;
    this.lostAfter = lostAfter;
    this.wallMicros = wallMicros;
  }

  /** Checks the publisher of a single picture, before the picture is read. */
  void checkForOne() throws PublisherRefusedException {
    if (ofAnybody().isPresent()) {
      point.checkKey(key, address);
    } else {
      point.check(key, address);
    }
  }

  /** Checks the publisher of many, before they are read. */
  void checkForMany() throws PublisherRefusedException {
    point.check(key, address);
  }

  private Optional<PicturesInput> ofAnybody() {
    Optional<Input> publisher = point.publisher();
    return publisher.isPresent()
            && publisher.get() instanceof PicturesInput pictures
            && pictures.bringer() == Bringer.ANYBODY
        ? Optional.of(pictures)
        : Optional.empty();
  }

  /**
   * Shows a single picture, among those of others who bring single ones.
   *
   * @param captureMicros when it came in
   */
  void showOne(Picture picture, long captureMicros) throws OutcomeException, InterruptedException {
    for (int tries = 1; ; tries++) {
      Optional<PicturesInput> running = ofAnybody();
      if (running.isPresent() && running.get().show(picture, captureMicros)) {
        return;
      }
      PicturesInput next = new PicturesInput(Bringer.ANYBODY, lostAfter, wallMicros);
      boolean unused = next.show(picture, captureMicros);
      try {
        point.admit(key, next);
        return;
      } catch (PublisherRefusedException e) {
        boolean passes = e.reason() == Reason.OCCUPIED && ofAnybody().isPresent();
        if (!passes || tries == MOST_TRIES) {
          throw refused(e);
        }
        TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
      }
    }
  }

  /** Lets in one who brings many, with the first of them. */
  PicturesInput admit(Picture first, long captureMicros) throws OutcomeException {
    PicturesInput input = new PicturesInput(Bringer.ONE_CONNECTION, lostAfter, wallMicros);
    boolean unused = input.show(first, captureMicros);
    try {
      point.admit(key, input);
    } catch (PublisherRefusedException e) {
      throw refused(e);
    }
    return input;
  }

  /** Why {@code input} was closed by the server. */
  OutcomeException closed(Input input) {
    return closed(point, input);
  }

  static OutcomeException closed(PublishPoint point, Input input) {
    boolean isReplaced = point.publisher().filter(publisher -> publisher != input).isPresent();
    return isReplaced
        ? new OutcomeException(Outcome.OCCUPIED, "another publisher took over")
        : new OutcomeException(Outcome.STOPPED, "the server stopped reading");
  }

  /** The time, in microseconds since 1970, UTC. */
  long nowMicros() {
    return wallMicros.getAsLong();
  }

  static OutcomeException refused(PublisherRefusedException refusal) {
    Outcome outcome =
        switch (refusal.reason()) {
          case WRONG_KEY -> Outcome.KEY_NEEDED;
          case TOO_SOON -> Outcome.TOO_MANY;
          case OCCUPIED -> Outcome.OCCUPIED;
          case STOPPING -> Outcome.STOPPED;
        };
    return refusal.patience().isZero()
        ? new OutcomeException(outcome, refusal.getMessage())
        : new OutcomeException(outcome, refusal.getMessage(), refusal.patience().toSeconds());
  }

  /** The bytes that a client sent as a picture. */
  static Picture picture(Bytes bytes) throws OutcomeException {
    try {
      return Picture.of(bytes);
    } catch (MalformedMediaException e) {
      Outcome outcome = Picture.isKnown(bytes) ? Outcome.BAD_REQUEST : Outcome.UNKNOWN_MEDIA;
      throw new OutcomeException(outcome, e.getMessage());
    }
  }
}
