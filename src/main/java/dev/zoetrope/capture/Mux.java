package dev.zoetrope.capture;

import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Brings a rendition's picture and sound, which come on threads of their own, into one packager.
 *
 * <p>The packager begins when every track that is expected has announced itself; until then packets
 * are kept. Sound is not waited for longer than {@link #MOST_WAIT_NANOS}; if it comes later, the
 * packager begins anew with it, and without it when it is given up. Thread-safe: one lock, held for
 * one packet, and hardly ever wanted by two.
 */
final class Mux {
  private static final long MOST_WAIT_NANOS = 1_500_000_000;
  private static final int MOST_KEPT = 4096;
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Packager packager;
  private final LongSupplier nanoTime;

  // Guarded by this.
  private Run run; // of the capture, whose packets are taken
  private final Set<Kind> expected = EnumSet.noneOf(Kind.class);
  private final Map<Kind, Track> tracks = new EnumMap<>(Kind.class);
  private final Deque<Packet> kept = new ArrayDeque<>();
  private long keptSinceNanos; // when the first of them came
  private boolean begun;

  /** pts of the first picture: sound from before would make a player wait for it. */
  private long soundFromMicros = UNKNOWN;

  Mux(Packager packager) {
    this(packager, System::nanoTime);
  }

  Mux(Packager packager, LongSupplier nanoTime) {
    this.packager = packager;
    this.nanoTime = nanoTime;
  }

  /**
   * A run of the capture whose {@code kinds} will be brought. Later calls for it change nothing.
   */
  synchronized void expect(Run next, Set<Kind> kinds) {
    if (run == null || next.number() > run.number()) {
      run = next;
      expected.clear();
      expected.addAll(kinds);
      tracks.clear();
      kept.clear();
      begun = false;
    }
  }

  /** A track of that run has announced itself. */
  synchronized void announce(Run of, Track track) {
    if (of == run) {
      tracks.put(track.codec().kind(), track);
      if (begun || tracks.keySet().containsAll(expected)) {
        begin();
      }
    }
  }

  /** A track of that run will not come, or no more. It may be announced again. */
  synchronized void giveUp(Run of, Kind kind) {
    if (of != run) {
      return;
    }
    boolean wasExpected = expected.remove(kind);
    boolean wasThere = tracks.remove(kind) != null; // an announced track without packets stalls
    boolean isAwaited = !begun && wasExpected && tracks.keySet().containsAll(expected);
    if (isAwaited || (begun && wasThere)) {
      begin();
    }
  }

  synchronized void accept(Run of, Packet packet) {
    if (of != run) {
      return; // left over from a run that has ended
    }
    if (!begun && isWaitingTooLong()) {
      begin();
    }
    if (begun) {
      give(packet);
    } else {
      keep(packet);
    }
  }

  /** By our clock: the packets a late packager gets at first are older than they wait. */
  private boolean isWaitingTooLong() {
    return tracks.containsKey(Kind.VIDEO)
        && !kept.isEmpty()
        && nanoTime.getAsLong() - keptSinceNanos > MOST_WAIT_NANOS;
  }

  private void keep(Packet packet) {
    if (kept.isEmpty()) {
      keptSinceNanos = nanoTime.getAsLong();
    }
    if (kept.size() == MOST_KEPT) {
      kept.removeFirst(); // the oldest: a hole between packets is worse than a late start
    }
    kept.addLast(packet);
  }

  private void begin() {
    begun = true;
    List<Track> list = new ArrayList<>();
    for (Map.Entry<Kind, Track> entry : tracks.entrySet()) { // VIDEO comes first
      Track numbered = entry.getValue().withIndex(list.size());
      entry.setValue(numbered);
      list.add(numbered);
    }
    if (list.isEmpty()) {
      begun = false;
      return;
    }
    packager.begin(list);
    soundFromMicros = tracks.containsKey(Kind.VIDEO) ? UNKNOWN : Long.MIN_VALUE;
    while (!kept.isEmpty()) {
      give(kept.removeFirst());
    }
  }

  private void give(Packet packet) {
    Kind kind = packet.track().codec().kind();
    Track track = tracks.get(kind);
    if (track == null) {
      return;
    }
    if (kind == Kind.VIDEO && soundFromMicros == UNKNOWN) {
      soundFromMicros = packet.ptsMicros();
    }
    if (kind == Kind.VIDEO || packet.ptsMicros() >= soundFromMicros) {
      packager.accept(packet.of(track));
    }
  }

  /** Packs one picture outside of any run: what a first viewer sees until the encoder is there. */
  synchronized void showFirst(Packet picture) {
    if (!begun) {
      Track track = picture.track().withIndex(0);
      packager.begin(List.of(track));
      packager.accept(picture.of(track));
    }
  }
}
