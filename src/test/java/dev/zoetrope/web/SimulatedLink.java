package dev.zoetrope.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongUnaryOperator;

/**
 * A server that sends as {@link Pace} lets it, a link of some rate and delay without any loss, and
 * a client that shows what arrives and acknowledges it each 100 ms; all on a clock of its own. A
 * step is a millisecond.
 */
final class SimulatedLink {
  private static final long BOUND_MILLIS = 1000;
  private static final long ACKNOWLEDGE_MILLIS = 100;
  private static final int FRAME_MILLIS = 40;
  private static final int FRAMES_PER_KEY = 25;

  /** A frame of one tile. */
  private static final class Frame {
    final Tile tile;
    final int sequence;
    final long captured;
    final int size;
    double left; // bytes that have not passed the link
    long arrives;

    Frame(Tile tile, int sequence, long captured, int size) {
      this.tile = tile;
      this.sequence = sequence;
      this.captured = captured;
      this.size = size;
      left = size;
    }
  }

  private record Acknowledgement(long arrives, Tile tile, int sequence) {}

  /** One subscription, and what became of its frames. */
  final class Tile {
    private final Pace.Share share = pace.share();
    private final int keyBytes;
    private final int deltaBytes;
    private long next; // frame to send
    private int newest; // sequence that has arrived
    private int told;
    boolean acknowledges = true;
    int skipped;
    int shown;
    long bytes; // of what was shown
    long oldest; // age in milliseconds of what was shown, at most, since forget()
    long longestGap; // between two that were shown
    private long shownMillis;

    Tile(int keyBytes, int deltaBytes) {
      this.keyBytes = keyBytes;
      this.deltaBytes = deltaBytes;
      share.begin();
      shownMillis = millis;
    }

    /** What was counted until now does not count. */
    void forget() {
      skipped = 0;
      shown = 0;
      bytes = 0;
      oldest = 0;
      longestGap = 0;
    }

    private long age(long frame) {
      return millis - frame * FRAME_MILLIS;
    }

    private boolean isStale(long frame) {
      return age(frame) + pace.delayMicros() / 1000 > BOUND_MILLIS;
    }

    private void advance() {
      while (next * FRAME_MILLIS <= millis && share.hasRoom()) {
        long newestKey = millis / FRAME_MILLIS / FRAMES_PER_KEY * FRAMES_PER_KEY;
        if (isStale(next) && newestKey > next && !isStale(newestKey)) {
          skipped += (int) (newestKey - next);
          next = newestKey;
        } else if (isStale(next) && pace.delayMicros() > 0) {
          return; // as Viewer: the next key is due
        }
        int size = next % FRAMES_PER_KEY == 0 ? keyBytes : deltaBytes;
        queue.addLast(new Frame(this, share.send(size), next * FRAME_MILLIS, size));
        onTheWay += size;
        next++;
      }
    }

    private void show(Frame frame) {
      newest = frame.sequence;
      shown++;
      bytes += frame.size;
      oldest = Math.max(oldest, millis - frame.captured);
      longestGap = Math.max(longestGap, millis - shownMillis);
      shownMillis = millis;
    }
  }

  private final LongToDoubleFunction bytesPerSecond; // at a millisecond
  private final LongUnaryOperator delay; // the same, in milliseconds, each way
  private final Deque<Frame> queue = new ArrayDeque<>();
  private final Deque<Frame> flying = new ArrayDeque<>();
  private final Deque<Acknowledgement> answers = new ArrayDeque<>();
  private final List<Tile> tiles = new ArrayList<>();
  private long millis;
  private long onTheWay;
  long mostOnTheWay;
  final Pace pace = new Pace(() -> millis * 1_000_000);

  SimulatedLink(LongToDoubleFunction bytesPerSecond, LongUnaryOperator delay) {
    this.bytesPerSecond = bytesPerSecond;
    this.delay = delay;
  }

  /** One more subscription, to a source with a key each second. */
  Tile tile(int keyBytes, int deltaBytes) {
    Tile tile = new Tile(keyBytes, deltaBytes);
    tile.next = millis / FRAME_MILLIS;
    tiles.add(tile);
    return tile;
  }

  void passSeconds(int seconds) {
    for (int i = 0; i < seconds * 1000; i++) {
      step();
    }
  }

  private void step() {
    millis++;
    int turn = (int) (millis % Math.max(1, tiles.size()));
    for (int i = 0; i < tiles.size(); i++) {
      tiles.get((i + turn) % tiles.size()).advance();
    }
    mostOnTheWay = Math.max(mostOnTheWay, onTheWay);
    carry(bytesPerSecond.applyAsDouble(millis) / 1000);
    while (!flying.isEmpty() && flying.peek().arrives <= millis) {
      Frame arrived = flying.remove();
      onTheWay -= arrived.size;
      arrived.tile.show(arrived);
    }
    if (millis % ACKNOWLEDGE_MILLIS == 0) {
      acknowledge();
    }
    boolean isTold = false;
    while (!answers.isEmpty() && answers.peek().arrives <= millis) {
      Acknowledgement answer = answers.remove();
      answer.tile.share.show(answer.sequence);
      isTold = true;
    }
    if (isTold) {
      pace.reckon();
    }
  }

  private void carry(double bytes) {
    double left = bytes;
    while (!queue.isEmpty() && left > 0) {
      Frame first = queue.peek();
      double now = Math.min(left, first.left);
      first.left -= now;
      left -= now;
      if (first.left <= 0) {
        queue.remove();
        long soonest = flying.isEmpty() ? 0 : flying.peekLast().arrives;
        first.arrives = Math.max(soonest, millis + delay.applyAsLong(millis));
        flying.add(first);
      }
    }
  }

  private void acknowledge() {
    for (Tile tile : tiles) {
      if (tile.acknowledges && tile.newest != tile.told) {
        tile.told = tile.newest;
        long soonest = answers.isEmpty() ? 0 : answers.peekLast().arrives;
        long arrives = Math.max(soonest, millis + delay.applyAsLong(millis));
        answers.add(new Acknowledgement(arrives, tile, tile.newest));
      }
    }
  }
}
