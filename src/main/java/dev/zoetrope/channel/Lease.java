package dev.zoetrope.channel;

import dev.zoetrope.feed.Client;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Rendition;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/**
 * One viewer's hold on a rendition: it runs as long as anybody has one, and lingers after. Must be
 * closed; {@link #close} is idempotent and for any thread.
 */
public final class Lease implements AutoCloseable {
  private final Feed<Fragment> feed;
  private final Optional<Format> format; // empty for packets
  private final long id; // of the viewer
  private final String address; // empty where nobody knows
  private final Instant since = Instant.now();
  private final LongPredicate isOfSource;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Runnable last = () -> {}; // guarded by this

  Lease(
      Feed<Fragment> feed,
      Optional<Format> format,
      long id,
      String address,
      LongPredicate isOfSource,
      Runnable release) {
    this.feed = feed;
    this.format = format;
    this.id = id;
    this.address = address;
    this.isOfSource = isOfSource;
    this.release = release;
  }

  /** The rendition's fragments. */
  public Feed<Fragment> feed() {
    return feed;
  }

  /** How those are packed; of renditions only. */
  public Format format() {
    return format.orElseThrow();
  }

  /** Whether they are the source's own packets, for another node. */
  public boolean isOfPackets() {
    return format.isEmpty();
  }

  /** What they are, in a word. */
  public String word() {
    return format.map(Format::word).orElse(Rendition.PACKETS);
  }

  /**
   * Who holds it.
   *
   * @param way the word at the end of the address that was asked for
   */
  public Client client(String way) {
    return new Client(id, way, address, since);
  }

  /** Whether the fragment shows the source, and not a card in its place. */
  public boolean isOfSource(Fragment fragment) {
    return isOfSource.test(fragment.captureMicros());
  }

  /** Has {@code action} done, once, when this is closed; at once if it is. */
  public void onClose(Runnable action) {
    boolean isLate;
    synchronized (this) {
      isLate = closed.get();
      last = isLate ? last : action;
    }
    if (isLate) {
      action.run();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
      Runnable due;
      synchronized (this) { // after closing: who comes later does it alone
        due = last;
      }
      due.run();
    }
  }
}
