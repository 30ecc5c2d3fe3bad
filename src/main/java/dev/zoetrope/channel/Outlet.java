package dev.zoetrope.channel;

import dev.zoetrope.feed.Feed;
import dev.zoetrope.feed.FeedStats;
import dev.zoetrope.media.Format;
import dev.zoetrope.media.Fragment;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what a source's renditions gave out, by format: sums that never go down, though renditions
 * come and go. Thread-safe; nothing is done here for a fragment.
 */
final class Outlet {
  // Guarded by this.
  private final Map<Feed<Fragment>, Format> running = new HashMap<>();
  private final Map<Format, FormatStats> ended = new EnumMap<>(Format.class);

  synchronized void begin(Feed<Fragment> feed, Format format) {
    running.put(feed, format);
  }

  /** Nothing more will come. Idempotent. */
  synchronized void end(Feed<Fragment> feed) {
    Format format = running.remove(feed);
    if (format != null) {
      ended.merge(format, of(feed).withoutViewers(), FormatStats::plus);
    }
  }

  /** Figures of this moment, of the formats that there have been; looks at each viewer. */
  synchronized Map<Format, FormatStats> stats() {
    Map<Format, FormatStats> all = new EnumMap<>(ended);
    running.forEach((feed, format) -> all.merge(format, of(feed), FormatStats::plus));
    return all;
  }

  private static FormatStats of(Feed<Fragment> feed) {
    FeedStats stats = feed.stats();
    return new FormatStats(
        stats.viewers(), stats.pieces(), feed.sentBytes(), stats.skipped(), stats.stalled());
  }
}
