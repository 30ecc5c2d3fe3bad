package dev.zoetrope.capture;

import dev.zoetrope.feed.Cursor;
import dev.zoetrope.feed.Entry;
import dev.zoetrope.feed.Feed;
import dev.zoetrope.format.PacketFragment;
import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Codec.Kind;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The packets of a source as fragments, for other nodes that make renditions of their own: picture
 * and sound, as a {@link Pipeline} would get them, but no cards.
 *
 * <p>It lives over all runs of the capture. Its thread, {@code packets <source>}, only waits: while
 * it does, whoever appends to the source's feed hands on.
 */
public final class SourcePackets implements AutoCloseable {
  private final Cursor<Packet> cursor;
  private final Sink<Fragment> sink;
  private final Thread thread;

  // Confined to who has the cursor's turn.
  private final Map<Kind, Track> tracks = new EnumMap<>(Kind.class); // as they are handed on
  private Run run; // of the capture; null before the first
  private int runs;

  /**
   * Follows nothing before {@link #start}.
   *
   * @param name of the source, for the thread
   * @param source packets of the capture, all its runs
   * @param sink gets the fragments
   */
  public SourcePackets(String name, Feed<Packet> source, Sink<Fragment> sink) {
    this.sink = sink;
    cursor = source.read(this::handOn);
    thread = Ffmpeg.daemon("packets " + name, this::follow);
  }

  /** Begins to follow the source. */
  public void start() {
    thread.start();
  }

  private void follow() {
    try {
      for (Optional<Entry<Packet>> next = cursor.next(); next.isPresent(); next = cursor.next()) {
        handOn(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts us wants the end
    }
  }

  private boolean handOn(Entry<Packet> entry) {
    if (entry.run() != run) {
      enter(entry.run());
    }
    Packet packet = entry.piece();
    Track track = tracks.get(packet.track().codec().kind());
    if (track == null || !isOfRun(packet)) {
      return true;
    }
    PacketFragment fragment = new PacketFragment(packet.of(track), packet.isJoinPoint(entry.run()));
    if (PacketFragment.isLead(fragment.leadMicros())) {
      sink.accept(fragment);
    }
    return true;
  }

  private boolean isOfRun(Packet packet) {
    Optional<Track> first = packet.track().isVideo() ? run.video() : run.audio();
    return first.map(Track::index).equals(Optional.of(packet.track().index()));
  }

  private void enter(Run next) {
    run = next;
    tracks.clear();
    List<Track> list = new ArrayList<>();
    boolean isCard = next.video().map(video -> video.codec() == Codec.RGB24).orElse(false);
    if (isCard) {
      return;
    }
    next.video().ifPresent(video -> list.add(video.withIndex(list.size())));
    next.audio().ifPresent(audio -> list.add(audio.withIndex(list.size())));
    list.forEach(track -> tracks.put(track.codec().kind(), track));
    sink.begin(new Run(runs++, list, "", Bytes.EMPTY));
  }

  /** Ends it. Idempotent, any thread but its own. */
  @Override
  public void close() {
    cursor.close();
    Ffmpeg.join(thread);
  }
}
