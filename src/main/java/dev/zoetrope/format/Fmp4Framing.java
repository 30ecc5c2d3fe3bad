package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Track;
import java.util.List;

/**
 * Which tracks of fragmented MP4 a client gets. Stateless.
 *
 * <p>A client that asks for a track that the run does not have gets nothing: {@link #head} and
 * {@link #frame} are empty, {@link #contentType} is the empty string.
 */
public enum Fmp4Framing implements Framing {
  /** Picture and sound, whichever there are. */
  BOTH,
  /** The picture alone. */
  VIDEO,
  /** The sound alone. */
  AUDIO;

  /** The init segment of this client's tracks; made anew for {@link #VIDEO} and {@link #AUDIO}. */
  @Override
  public Bytes head(Run run, Fragment first) {
    return init(run);
  }

  private Bytes init(Run run) {
    if (hasAll(run)) {
      return run.init();
    }
    List<Track> tracks = tracks(run);
    return tracks.isEmpty() ? Bytes.EMPTY : InitSegment.of(tracks).bytes();
  }

  @Override
  public Bytes frame(Fragment fragment, boolean joining) {
    return takes(fragment.kind()) ? fragment.bytes() : Bytes.EMPTY;
  }

  /**
   * Whether the init segments are the same; the fragments' times are then taken to go on, as those
   * of a capture do over its restarts.
   */
  @Override
  public boolean continues(Run before, Run after) {
    return init(before).equals(init(after));
  }

  @Override
  public String contentType(Run run) {
    if (hasAll(run)) {
      return run.mime();
    }
    List<Track> tracks = tracks(run);
    return tracks.isEmpty() ? "" : InitSegment.of(tracks).mime();
  }

  private boolean takes(Codec.Kind kind) {
    return switch (this) {
      case BOTH -> true;
      case VIDEO -> kind == Codec.Kind.VIDEO;
      case AUDIO -> kind == Codec.Kind.AUDIO;
    };
  }

  private boolean hasAll(Run run) {
    return tracks(run).size() == run.tracks().size();
  }

  private List<Track> tracks(Run run) {
    return run.tracks().stream().filter(track -> takes(track.codec().kind())).toList();
  }
}
