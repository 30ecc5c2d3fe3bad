package dev.zoetrope.channel;

import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Rendition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A rendition that runs, or the source's own packets for other nodes, and how many hold it. What
 * makes it is changed with the channel's lock; holds go up with the lock only, and all else is for
 * any thread.
 */
final class Running {
  /** What makes its fragments. */
  interface Maker extends AutoCloseable {
    /** Whether what was captured at that time is of the source, and not a card. Any thread. */
    boolean isOfSource(long captureMicros);

    @Override
    void close();
  }

  private final Feed<Fragment> feed;
  private final AtomicInteger leases = new AtomicInteger();
  private final AtomicBoolean isCheckDue = new AtomicBoolean(); // whether it is used still
  private volatile long unusedSinceNanos; // where leases went down to 0

  // Changed with the channel's lock.
  private Optional<Rendition> rendition;
  private volatile Maker maker;

  /**
   * @param rendition empty for the source's own packets
   */
  Running(Optional<Rendition> rendition, Maker maker, Feed<Fragment> feed) {
    this.rendition = rendition;
    this.maker = maker;
    this.feed = feed;
  }

  Feed<Fragment> feed() {
    return feed;
  }

  /** Empty for the source's own packets. */
  Optional<Rendition> rendition() {
    return rendition;
  }

  String name() {
    return rendition.map(Rendition::name).orElse(Rendition.PACKETS);
  }

  /** Ends what makes its fragments; {@link #goOnWith} follows, or {@link #close}. */
  void halt() {
    maker.close();
  }

  void goOnWith(Rendition other, Maker next) {
    rendition = Optional.of(other);
    maker = next;
  }

  void close() {
    maker.close();
    feed.close();
  }

  /** Whether what was captured at that time is of the source, and not a card. */
  boolean isOfSource(long captureMicros) {
    return maker.isOfSource(captureMicros);
  }

  /** Its newest fragment where a decoder can start. */
  Optional<Fragment> newest() {
    return feed.newestJoinPoint().map(Entry::piece);
  }

  void hold() {
    leases.incrementAndGet();
  }

  /** Ends one {@link #hold}; says whether it was the last. */
  boolean release() {
    touch();
    return leases.decrementAndGet() == 0;
  }

  /** It lingers from now on, if nobody holds it. */
  void touch() {
    unusedSinceNanos = System.nanoTime();
  }

  boolean isHeld() {
    return leases.get() > 0;
  }

  /** Whether anybody holds it, or may have a moment ago. */
  boolean isUsed() {
    return isHeld() || isCheckDue.get();
  }

  /** Whether the caller is to have it checked, as nobody else will. */
  boolean claimCheck() {
    return isCheckDue.compareAndSet(false, true);
  }

  /** The claimed check begins: before looking, so that a release from here on claims another. */
  void beginCheck() {
    isCheckDue.set(false);
  }

  /** For how long it has yet to linger, in nanoseconds; 0 or less if it is due to stop. */
  long restNanos(Duration linger) {
    return linger.toNanos() - (System.nanoTime() - unusedSinceNanos);
  }
}
