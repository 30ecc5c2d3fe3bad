package dev.zoetrope.relay;

import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.format.RelayedFragments;
import dev.zoetrope.format.RelayedFragments.Place;
import dev.zoetrope.format.TimeShift;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Rendition;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Run.Relaying;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Stretches;
import dev.zoetrope.media.Track;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The fragments of one rendition as they come from origins, put into one order: what follows on
 * what is there is taken from whoever brings it first, what is there already is dropped, and what
 * leaves a gap, or begins a run, is taken from the preferred origin only, at a join point.
 *
 * <p>While nothing comes, a local card may take its place. Thread-safe: one lock, held for one
 * fragment.
 */
final class Inflow implements Receiver {
  /**
   * Nothing that follows has come for so long: whatever the preferred origin has that is younger is
   * taken, as its runs may be counted by a clock that was set back.
   */
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Where it goes on when the time of the fragment before is not known. */
  private static final long STEP_MICROS = 40_000;

  /** Farther ahead is another clock. */
  private static final long MOST_STEP_MICROS = 10_000_000;

  /** So far apart two links' ideas of when something was captured may be. */
  private static final long MOST_DISAGREEMENT_MICROS = 20_000;

  /** What a link has said of the run whose fragments it sends. */
  private static final class Telling {
    long run = -1;
    RunDescription description; // null before the first
    long wholeSequence = -1; // of a GIF
    Bytes whole = Bytes.EMPTY;
  }

  private final Sink<Fragment> feed;
  private final LongSupplier nanoTime;

  private final Stretches stretches = new Stretches(); // written with the lock

  // Guarded by this.
  private Upstream preferred; // null while there is none
  private final Map<Upstream, Telling> tellings = new HashMap<>();
  private long written; // to the feed, of any kind: the sequence there of the next
  private int runs;
  private String maker = ""; // id of the node where the run below is made
  private long run = -1; // that the feed is in; -1 before the first
  private long next; // sequence that follows on it
  private RunDescription description; // of the run; null before the first
  private Relaying relaying; // of the run
  private long takenNanos; // when the newest was
  private long newestMicros = -1; // pts of the newest in the feed
  private long captureMicros; // of the newest
  private boolean showsCard;
  private boolean closed;

  /**
   * @param feed written by this alone
   * @param written how many fragments it has had
   */
  Inflow(Sink<Fragment> feed, long written, LongSupplier nanoTime) {
    this.feed = feed;
    this.written = written;
    this.nanoTime = nanoTime;
    takenNanos = nanoTime.getAsLong();
  }

  /** Runs and gaps are taken from this link from now on; null: from none. */
  synchronized void prefer(Upstream link) {
    preferred = link;
  }

  /** It brings nothing more. */
  synchronized void forget(Upstream link) {
    tellings.remove(link);
  }

  /** For how long nothing has been taken. */
  synchronized long silentNanos() {
    return nanoTime.getAsLong() - takenNanos;
  }

  @Override
  public void refused(Upstream from, String words) {
    forget(from); // it is asked for again
  }

  @Override
  public void received(Upstream from, RelayMessage header, long captureMicros, Bytes payload)
      throws MalformedMediaException {
    synchronized (this) {
      Telling telling = tellings.computeIfAbsent(from, link -> new Telling());
      if (closed || header.is(RelayMessage.END)) {
        return;
      }
      if (header.is(RelayMessage.INIT)) {
        telling.description = description(header, payload);
        telling.run = header.run();
      } else if (telling.description == null || telling.run != header.run()) {
        throw new MalformedMediaException("a fragment of a run that was not told of");
      } else if (header.is(RelayMessage.WHOLE)) {
        telling.wholeSequence = header.sequence();
        telling.whole = payload;
      } else {
        take(from, telling, header, captureMicros, payload);
      }
    }
  }

  private static RunDescription description(RelayMessage header, Bytes payload)
      throws MalformedMediaException {
    RunDescription told = RunDescription.read(payload);
    if (told.format().isEmpty() != header.rendition().equals(Rendition.PACKETS)) {
      throw new MalformedMediaException(
          "rendition " + header.rendition() + " as " + told.format().map(Format::word));
    }
    return told;
  }

  private void take(
      Upstream from, Telling telling, RelayMessage header, long captureMicros, Bytes payload)
      throws MalformedMediaException {
    boolean follows = isOfRun(telling) && header.sequence() == next && !showsCard;
    if (!follows) {
      if (!isEntrance(from, telling, header, captureMicros)) {
        return;
      }
      enter(from, telling, header);
    }
    write(telling, header, captureMicros, payload);
  }

  private boolean isOfRun(Telling telling) {
    return telling.run == run && telling.description.maker().equals(maker);
  }

  /** Whether it may be gone on with here, though it does not follow. */
  private boolean isEntrance(Upstream from, Telling telling, RelayMessage header, long captured) {
    if (!from.equals(preferred) || !header.is(RelayMessage.JOIN)) {
      return false;
    }
    boolean isLater =
        !telling.description.maker().equals(maker)
            || header.run() > run
            || (header.run() == run && header.sequence() >= next);
    return isLater || (silentNanos() > STUCK_NANOS && captured > captureMicros);
  }

  private void enter(Upstream from, Telling telling, RelayMessage header) {
    boolean isGap = isOfRun(telling) && header.sequence() > next;
    if (isGap) {
      from.countLost(header.sequence() - next);
    }
    maker = telling.description.maker();
    run = header.run();
    description = telling.description;
    showsCard = false;
    relaying = new Relaying(maker, run, header.sequence() - written, later(header.ptsMicros()));
    feed.begin(
        new Run(runs++, description.tracks(), description.mime(), description.init(), relaying));
  }

  /** By how much times have to be moved, so that they go on from what is in the feed. */
  private long later(long ptsMicros) {
    long before = relaying == null ? 0 : relaying.laterMicros();
    long step = ptsMicros + before - newestMicros;
    if (newestMicros < 0 || (step > 0 && step < MOST_STEP_MICROS)) {
      return before;
    }
    long passed = Math.max(STEP_MICROS, silentNanos() / 1000);
    return newestMicros + passed - ptsMicros;
  }

  private void write(Telling telling, RelayMessage header, long captureMicros, Bytes payload)
      throws MalformedMediaException {
    Fragment fragment = fragment(telling, header, inOrder(captureMicros), payload);
    next = header.sequence() + 1;
    takenNanos = nanoTime.getAsLong();
    append(fragment, header.is(RelayMessage.CARD));
  }

  /** Each link has its own idea of how far clocks are apart. */
  private long inOrder(long micros) {
    boolean isBack = micros < captureMicros && micros > captureMicros - MOST_DISAGREEMENT_MICROS;
    captureMicros = isBack ? captureMicros : micros;
    return captureMicros;
  }

  private void append(Fragment fragment, boolean showsNoSource) {
    stretches.go(showsNoSource, fragment.captureMicros());
    written++;
    newestMicros = Math.max(newestMicros, fragment.ptsMicros());
    feed.accept(fragment);
  }

  private Fragment fragment(Telling telling, RelayMessage header, long captureMicros, Bytes payload)
      throws MalformedMediaException {
    long later = relaying.laterMicros();
    if (description.format().isEmpty()) {
      return packet(header, captureMicros, later, payload);
    }
    Format format = description.format().get();
    Place place =
        new Place(
            header.is(RelayMessage.SOUND) ? Kind.AUDIO : Kind.VIDEO,
            header.ptsMicros() + later,
            captureMicros,
            header.is(RelayMessage.JOIN));
    if (format == Format.GIF) {
      boolean isWhole = telling.wholeSequence == header.sequence();
      return RelayedFragments.ofGif(place, payload, isWhole ? telling.whole : Bytes.EMPTY);
    }
    Bytes moved =
        later == 0 ? payload : TimeShift.later(format, description.tracks(), payload, later);
    return RelayedFragments.of(format, picture(), place, moved);
  }

  private Track picture() {
    return track(Kind.VIDEO).orElseGet(() -> description.tracks().get(0));
  }

  private Optional<Track> track(Kind kind) {
    return description.tracks().stream().filter(track -> track.codec().kind() == kind).findFirst();
  }

  private Fragment packet(RelayMessage header, long captureMicros, long later, Bytes payload)
      throws MalformedMediaException {
    boolean isSound = header.is(RelayMessage.SOUND);
    Optional<Track> track = track(isSound ? Kind.AUDIO : Kind.VIDEO);
    if (track.isEmpty() || payload.isEmpty() || !PacketFragment.isLead(header.leadMicros())) {
      throw new MalformedMediaException(
          "expected a packet of one of "
              + description.tracks()
              + ", got "
              + payload
              + " with flags "
              + header.flags()
              + ", decoded "
              + header.leadMicros()
              + " microseconds early");
    }
    boolean isJoin = header.is(RelayMessage.JOIN);
    long pts = header.ptsMicros() + later;
    return new PacketFragment(
        new Packet(
            track.get(), pts, pts - header.leadMicros(), isJoin || isSound, captureMicros, payload),
        isJoin);
  }

  /** Whether what was captured at that time is of the source, and not a card. Any thread. */
  boolean isOfSource(long captureMicros) {
    return stretches.isOfSource(captureMicros);
  }

  // The card.

  /**
   * Where the fragments of a local card go: they are shown from {@link #showCard} on until
   * something comes from an origin.
   */
  Sink<Fragment> cards() {
    return new Sink<>() {
      private boolean isBegun;
      private Run begun;

      @Override
      public void begin(Run next) {
        begun = next;
        isBegun = false;
      }

      @Override
      public void accept(Fragment fragment) {
        synchronized (Inflow.this) {
          if (!showsCard || closed) {
            isBegun = false;
            return;
          }
          if (!isBegun) {
            if (!fragment.isJoinPoint()) {
              return;
            }
            isBegun = true;
            Relaying local = Relaying.LOCAL;
            feed.begin(new Run(runs++, begun.tracks(), begun.mime(), begun.init(), local));
          }
          append(fragment, true);
        }
      }
    };
  }

  /** A local card is shown until something comes. */
  synchronized void showCard() {
    showsCard = true;
  }

  /** Whether a local card is shown. */
  synchronized boolean showsCard() {
    return showsCard;
  }

  /** Nothing is written any more. */
  synchronized void close() {
    closed = true;
  }
}
