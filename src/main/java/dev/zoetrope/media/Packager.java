package dev.zoetrope.media;

import java.util.List;

/**
 * Turns the packets of one rendition into its fragments. Not thread-safe: one thread at a time.
 *
 * <p>It is given its {@code Sink<Fragment>} at construction, begins a run there as soon as it knows
 * the init segment (which may be at the first keyframe), and counts the runs.
 */
public interface Packager {
  /**
   * Packets of these tracks follow, on a new clock or after a gap. Packets of {@link #accept} refer
   * to them by {@link Track#index}.
   */
  void begin(List<Track> tracks);

  /**
   * The next packet, in decoding order within its track. A packet before the first join point, or
   * one that cannot be packed, is left out and counted; it never throws for what is in the data.
   */
  void accept(Packet packet);

  /** Packets left out because they were malformed. Any thread. */
  long malformed();
}
