package dev.zoetrope.media;

import java.util.List;
import java.util.Optional;

/**
 * One uninterrupted stretch of a capture or a rendition: same tracks, same init segment, same
 * clock. A restart, or a change of size in mid-stream, begins a new one. Compared by identity.
 */
public final class Run {
  private final int number;
  private final List<Track> tracks;
  private final String mime;
  private final Bytes init;

  /**
   * @param number counts the runs of one feed, from 0
   * @param tracks what is in it, by {@link Track#index}
   * @param mime media type of init segment and fragments together; empty for packets
   * @param init what a viewer needs before its first fragment; empty for packets, MJPEG, MPEG-TS
   */
  public Run(int number, List<Track> tracks, String mime, Bytes init) {
    this.number = number;
    this.tracks = List.copyOf(tracks);
    this.mime = mime;
    this.init = init;
  }

  /** Counts the runs of one feed, from 0. */
  public int number() {
    return number;
  }

  /** The tracks, by {@link Track#index}. */
  public List<Track> tracks() {
    return tracks;
  }

  /** Media type of init segment and fragments together; empty for packets. */
  public String mime() {
    return mime;
  }

  /** What a viewer needs before its first fragment; may be empty. */
  public Bytes init() {
    return init;
  }

  /** The picture track, if there is one. */
  public Optional<Track> video() {
    return tracks.stream().filter(Track::isVideo).findFirst();
  }

  /** The sound track, if there is one. */
  public Optional<Track> audio() {
    return tracks.stream().filter(track -> !track.isVideo()).findFirst();
  }

  @Override
  public String toString() {
    return "run " + number + " of " + tracks;
  }
}
