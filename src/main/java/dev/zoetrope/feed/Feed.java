package dev.zoetrope.feed;

import dev.zoetrope.media.Piece;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The live pieces of one rendition, or the packets of one capture: a bounded log with one writer
 * and any number of readers.
 *
 * <p>The writer never waits. A reader that the log overtakes loses pieces and goes on at a join
 * point; that is normal operation, not an error.
 *
 * <p>{@link #begin} and {@link #accept} belong to one thread at a time, all else to any thread.
 *
 * @param <T> packets or fragments
 */
public final class Feed<T extends Piece> implements Sink<T>, AutoCloseable {
  /** A reader further behind than this goes on at a join point, if keyframes are no rarer. */
  private static final long LEAST_AGE_BOUND_MICROS = 1_000_000;

  /** A worker has work for half of its time with so many, at 25 pieces a second. */
  private static final int PER_NODE = 4000;

  /** With many cores, viewers are spread early: the last one gets its piece the sooner. */
  private static final int LEAST_PER_STRIPE = 250;

  private final Bounds bounds;
  private final LongSupplier wallMicros;
  private final LongSupplier nanoTime;
  private final AtomicReferenceArray<Entry<T>> slots;
  private final int mask;
  private final List<Runnable> readers = new CopyOnWriteArrayList<>(); // to wake on each append
  private final List<Stripe> stripes = new ArrayList<>();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong stalled = new AtomicLong();

  // Written by the writer only; readers look at newest first, then at the slot.
  private volatile long newest = -1;
  private volatile long joinPoint = -1;
  private volatile long ageBoundMicros = LEAST_AGE_BOUND_MICROS;
  private final AtomicLong totalBytes = new AtomicLong();
  private final AtomicLong heldBytes = new AtomicLong();

  private volatile boolean closed;

  // Confined to the writer.
  private Run run;
  private long oldest;
  private boolean hasJoinPoint; // in this run, whether still held or not
  private long joinPointCaptureMicros;

  /**
   * @param bounds how much it holds
   * @param wallMicros the clock of {@link Piece#captureMicros}
   * @param workers where viewers advance, each viewer always in the same one, the first ones first;
   *     each must run one task at a time, in order
   */
  public Feed(Bounds bounds, LongSupplier wallMicros, List<? extends Executor> workers) {
    this(bounds, wallMicros, System::nanoTime, workers);
  }

  Feed(
      Bounds bounds,
      LongSupplier wallMicros,
      LongSupplier nanoTime,
      List<? extends Executor> workers) {
    this.bounds = bounds;
    this.wallMicros = wallMicros;
    this.nanoTime = nanoTime;
    slots = new AtomicReferenceArray<>(bounds.entries());
    mask = bounds.entries() - 1;
    for (Executor worker : workers) {
      Stripe stripe = new Stripe(worker);
      stripes.add(stripe);
      readers.add(stripe::wake);
    }
  }

  @Override
  public void begin(Run run) {
    this.run = run;
    hasJoinPoint = false;
    joinPoint = -1;
  }

  @Override
  public void accept(T piece) {
    if (run == null) {
      throw new IllegalStateException("a piece before the first run");
    }
    long sequence = newest + 1;
    if (sequence - oldest == bounds.entries()) {
      dropOldest();
    }
    slots.set(slot(sequence), new Entry<>(sequence, run, piece));
    totalBytes.addAndGet(piece.size());
    heldBytes.addAndGet(piece.size());
    newest = sequence; // after the slot: readers look at newest first
    if (piece.isJoinPoint(run)) {
      markJoinPoint(sequence, piece.captureMicros());
    }
    trim(piece.captureMicros());
    if (piece.supersedes()) {
      dropSuperseded();
    }
    for (Runnable reader : readers) {
      reader.run();
    }
  }

  private void markJoinPoint(long sequence, long captureMicros) {
    if (hasJoinPoint) {
      long interval = captureMicros - joinPointCaptureMicros;
      ageBoundMicros = Math.max(LEAST_AGE_BOUND_MICROS, interval);
    }
    hasJoinPoint = true;
    joinPointCaptureMicros = captureMicros;
    joinPoint = sequence;
  }

  private void trim(long nowMicros) {
    long ageMicros = bounds.age().toNanos() / 1000;
    while (oldest < newest) {
      boolean tooMuch = heldBytes.get() > bounds.bytes();
      boolean tooOld =
          nowMicros - slots.get(slot(oldest)).piece().captureMicros() > ageMicros
              && (joinPoint < 0 || oldest < joinPoint);
      if (!tooMuch && !tooOld) {
        return;
      }
      dropOldest();
    }
  }

  /** All but the newest two: a reader may be about to take the one before. */
  private void dropSuperseded() {
    while (newest - oldest > 1) {
      dropOldest();
    }
  }

  private void dropOldest() {
    if (joinPoint == oldest) {
      joinPoint = -1; // a GOP larger than the log: joining has to wait for the next keyframe
    }
    int slot = slot(oldest);
    heldBytes.addAndGet(-slots.get(slot).piece().size());
    slots.set(
        slot, null); // after joinPoint: a reader that misses the entry finds it gone there too
    oldest++;
  }

  private int slot(long sequence) {
    return (int) sequence & mask;
  }

  /**
   * The stripe of the next viewer: the emptiest of as many as there is work for. Waking one worker
   * is cheaper than waking all, and leaves the other cores to those who receive.
   */
  Stripe nextStripe() {
    int most = Math.max(LEAST_PER_STRIPE, PER_NODE / stripes.size());
    int open = Math.min(stripes.size(), 1 + viewers() / most);
    return Collections.min(stripes.subList(0, open), Comparator.comparingInt(Stripe::size));
  }

  /** A blocking reader from the newest join point on, for one thread of the caller's. */
  public Cursor<T> read() {
    return read(entry -> false);
  }

  /**
   * The same, sparing the thread.
   *
   * @param quick does what is to be done with an entry and returns true, if that is quick and never
   *     waits; called by whoever appends, never at the same time as the reading thread has an entry
   */
  public Cursor<T> read(Predicate<Entry<T>> quick) {
    Cursor<T> cursor = new Cursor<>(this, quick);
    readers.add(cursor);
    return cursor;
  }

  void leave(Cursor<T> cursor) {
    readers.remove(cursor);
  }

  /**
   * Nothing will be appended any more: viewers are ended and cursors come to their end, after what
   * they can take at once. Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    for (Runnable reader : readers) {
      reader.run();
    }
  }

  /** Whether nothing will be appended any more. */
  public boolean isClosed() {
    return closed;
  }

  /** Sequence of the newest piece a decoder can start at in the current run; -1: none is held. */
  long joinPoint() {
    return joinPoint;
  }

  /** Sequence of the newest piece; -1 before the first. */
  long newest() {
    return newest;
  }

  /** The entry; null if it has been dropped. Only for sequences up to {@link #newest}. */
  Entry<T> at(long sequence) {
    Entry<T> entry = slots.get(slot(sequence));
    return entry != null && entry.sequence() == sequence ? entry : null;
  }

  /** The newest join point's entry, if one is held. */
  public Optional<Entry<T>> newestJoinPoint() {
    long sequence = joinPoint;
    return sequence < 0 ? Optional.empty() : Optional.ofNullable(at(sequence));
  }

  /** The newest held piece that fits, if there is one. */
  public Optional<T> newest(Predicate<? super T> fits) {
    for (long sequence = newest; sequence >= 0; sequence--) {
      Entry<T> entry = at(sequence);
      if (entry == null) {
        break; // dropped, and so are all before it
      }
      if (fits.test(entry.piece())) {
        return Optional.of(entry.piece());
      }
    }
    return Optional.empty();
  }

  /** All held pieces that fit, the newest first. */
  public List<T> held(Predicate<? super T> fits) {
    List<T> pieces = new ArrayList<>();
    for (long sequence = newest; sequence >= 0; sequence--) {
      Entry<T> entry = at(sequence);
      if (entry == null) {
        break; // dropped, and so are all before it
      }
      if (fits.test(entry.piece())) {
        pieces.add(entry.piece());
      }
    }
    return pieces;
  }

  /**
   * Whether {@code piece} is older than a reader's picture may be, when it arrives.
   *
   * @param delayMicros until then
   */
  boolean isStale(Piece piece, long delayMicros) {
    return wallMicros.getAsLong() + delayMicros - piece.captureMicros() > ageBoundMicros;
  }

  long wallMicros() {
    return wallMicros.getAsLong();
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  void countStalled() {
    stalled.incrementAndGet();
  }

  void countSkipped(long pieces) {
    skipped.addAndGet(pieces);
  }

  /** Viewers connected now. */
  public int viewers() {
    int sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.size();
    }
    return sum;
  }

  /** Figures of each viewer connected now, in no order. */
  public List<ViewerStats> viewerStats() {
    List<ViewerStats> stats = new ArrayList<>();
    for (Stripe stripe : stripes) {
      stripe.viewers().forEach(viewer -> stats.add(viewer.stats()));
    }
    return stats;
  }

  /** Bytes that all viewers have got so far, also those that have left; looks at each viewer. */
  public long sentBytes() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.bytes();
    }
    return sum;
  }

  /**
   * Ends a viewer.
   *
   * @param id of its client
   * @return whether it was there
   */
  public boolean cut(long id) {
    for (Stripe stripe : stripes) {
      for (Viewer viewer : stripe.viewers()) {
        if (viewer.client().id() == id) {
          viewer.cut();
          return true;
        }
      }
    }
    return false;
  }

  /** Figures of this moment. */
  public FeedStats stats() {
    return new FeedStats(
        viewers(), newest + 1, totalBytes.get(), heldBytes.get(), skipped.get(), stalled.get());
  }
}
