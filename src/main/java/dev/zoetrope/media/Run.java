package dev.zoetrope.media;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One uninterrupted stretch of a capture or a rendition: same tracks, same init segment, same
 * clock. A restart, or a change of size in mid-stream, begins a new one. Compared by identity.
 */
public final class Run {
  /** Of the newest run of this process; they shall differ however coarse the clock is. */
  private static final AtomicLong NEWEST_ID = new AtomicLong();

  private final int number;
  private final List<Track> tracks;
  private final String mime;
  private final Bytes init;
  private final Relaying relaying;

  /**
   * How a run stands to that of the node where it was made. The other end of a relay knows a
   * fragment by that node's words, whichever way it came.
   *
   * @param maker id of that node; empty for this one
   * @param id when it began there, microseconds since 1970: grows from run to run
   * @param ahead how much more the sequence of a piece is there than in the feed here
   * @param laterMicros how much later its times are here than there
   */
  public record Relaying(String maker, long id, long ahead, long laterMicros) {
    /** Of what no other node is given: each shows a card of its own. */
    public static final Relaying LOCAL = new Relaying("", -1, 0, 0);
  }

  /**
   * One that is made here.
   *
   * @param number counts the runs of one feed, from 0
   * @param tracks what is in it, by {@link Track#index}
   * @param mime media type of init segment and fragments together; empty for packets
   * @param init what a viewer needs before its first fragment; empty for packets, MJPEG, MPEG-TS
   */
  public Run(int number, List<Track> tracks, String mime, Bytes init) {
    this(number, tracks, mime, init, new Relaying("", nextId(), 0, 0));
  }

  /** One that another node has made, or a stretch of it. */
  public Run(int number, List<Track> tracks, String mime, Bytes init, Relaying relaying) {
    this.number = number;
    this.tracks = List.copyOf(tracks);
    this.mime = mime;
    this.init = init;
    this.relaying = relaying;
  }

  private static long nextId() {
    long now = System.currentTimeMillis() * 1000;
    return NEWEST_ID.updateAndGet(newest -> Math.max(newest + 1, now));
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

  /** How it stands to that of the node where it was made. */
  public Relaying relaying() {
    return relaying;
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
