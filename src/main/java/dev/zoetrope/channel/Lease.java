package dev.zoetrope.channel;

import dev.zoetrope.feed.Feed;
import dev.zoetrope.media.Fragment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One viewer's hold on a rendition: it runs as long as anybody has one, and lingers after. Must be
 * closed; {@link #close} is idempotent and for any thread.
 */
public final class Lease implements AutoCloseable {
  private final Feed<Fragment> feed;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(Feed<Fragment> feed, Runnable release) {
    this.feed = feed;
    this.release = release;
  }

  /** The rendition's fragments. */
  public Feed<Fragment> feed() {
    return feed;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
