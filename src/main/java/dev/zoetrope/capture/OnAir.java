package dev.zoetrope.capture;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Stretches;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.function.Consumer;

/**
 * What viewers see of a capture: the packets of its present attempt, or the card while they are
 * missing. It goes from the card to the source at a keyframe, and each change begins a run.
 *
 * <p>The attempt's packets come on its reader's thread, the card on the capture's: one lock, held
 * for one packet.
 */
final class OnAir {
  /** What a card without a picture before it has. */
  static final Encoding.Size WAITING_SIZE = new Encoding.Size(640, 360);

  private final Sink<Packet> next;
  private final Consumer<Boolean> change;

  // Guarded by this.
  private Attempt attempt; // whose packets are taken; null: nobody's
  private Attempt successor; // takes its place at the first keyframe; null: there is none
  private boolean showsCard;
  private Encoding.Size size = WAITING_SIZE; // of the newest picture of the source
  private Track cardTrack; // null while no card is shown

  private final Stretches stretches = new Stretches(); // written with the lock

  OnAir(Sink<Packet> next) {
    this(next, isCard -> {});
  }

  /**
   * @param change told when the card takes the place of the source, and the source that of the
   *     card; must not block
   */
  OnAir(Sink<Packet> next, Consumer<Boolean> change) {
    this.next = next;
    this.change = change;
  }

  /** Packets of a new attempt; those of earlier ones are left out from now on. */
  synchronized Sink<Packet> take() {
    attempt = new Attempt(() -> {});
    return attempt;
  }

  /** Its packets are left out from now on. */
  synchronized void dismiss(Sink<Packet> sink) {
    if (attempt == sink) { // a successor may have taken its place
      attempt = null;
    }
  }

  /**
   * Packets of an attempt that takes the place of all others at its first keyframe; until then they
   * are left out.
   *
   * @param taken called at that moment, on the thread that gives the packet; must not block
   */
  synchronized Sink<Packet> succeed(Runnable taken) {
    successor = new Attempt(taken);
    return successor;
  }

  /** Packets of the successor are left out from now on; unless it is none any more. */
  synchronized void dismissSuccessor() {
    successor = null;
  }

  /** Whether that is whose packets are taken. */
  synchronized boolean isTaken(Sink<Packet> sink) {
    return attempt == sink;
  }

  /** The size of the newest picture of the source, or of a card where there was none. */
  synchronized Encoding.Size size() {
    return size;
  }

  /** Whether the newest that viewers were given is the card. */
  synchronized boolean showsCard() {
    return showsCard;
  }

  /**
   * When the first packet of the newest stretch of the source was captured; the largest long before
   * there was one. Any thread.
   */
  long sourceMicros() {
    return stretches.sourceMicros();
  }

  /** Whether a piece captured at that time is the source's, and not a card's. Any thread. */
  boolean isOfSource(long captureMicros) {
    return stretches.isOfSource(captureMicros);
  }

  /**
   * Shows a card from now on, or its next picture; the source's packets come again from a keyframe
   * on.
   *
   * @param rgb 3 bytes a pixel
   * @param cardSize of the picture: the source's may be another by now
   * @param nowMicros on any clock that runs on
   */
  synchronized void showCard(
      Bytes rgb, Encoding.Size cardSize, long nowMicros, long captureMicros) {
    boolean isNews = !showsCard;
    if (isNews || !isOf(cardTrack, cardSize)) {
      showsCard = true;
      stretches.go(true, captureMicros);
      cardTrack = StillPicture.track(Codec.RGB24, cardSize);
      next.begin(new Run(0, List.of(cardTrack), "", Bytes.EMPTY));
      if (attempt != null) {
        attempt.isOnAir = false;
      }
    }
    if (isNews) {
      change.accept(true);
    }
    next.accept(new Packet(cardTrack, nowMicros, nowMicros, true, captureMicros, rgb));
  }

  private static boolean isOf(Track track, Encoding.Size size) {
    return track.width() == size.width() && track.height() == size.height();
  }

  /** One attempt's way to the viewers. */
  private final class Attempt implements Sink<Packet> {
    // Guarded by the outer object.
    private Run run;
    private boolean isOnAir; // its run has begun for the viewers
    private final Runnable taken;

    Attempt(Runnable taken) {
      this.taken = taken;
    }

    @Override
    public void begin(Run begun) {
      synchronized (OnAir.this) {
        run = begun;
        isOnAir = false;
        if (attempt == this) {
          measure();
        }
      }
    }

    private void measure() {
      run.video().ifPresent(video -> size = Encoding.Size.within(video.width(), video));
    }

    @Override
    public void accept(Packet packet) {
      synchronized (OnAir.this) {
        if (attempt != this && successor != this) {
          return; // it was given up
        }
        if (!isOnAir) {
          if (run.video().isPresent() && !packet.isJoinPoint()) {
            return; // nobody could decode it
          }
          if (successor == this) {
            takeOver();
          }
          isOnAir = true;
          stretches.go(false, packet.captureMicros());
          boolean wasCard = showsCard;
          showsCard = false;
          cardTrack = null;
          next.begin(run);
          if (wasCard) {
            change.accept(false);
          }
        }
        next.accept(packet);
      }
    }

    private void takeOver() {
      attempt = this;
      successor = null;
      measure();
      taken.run();
    }
  }
}
