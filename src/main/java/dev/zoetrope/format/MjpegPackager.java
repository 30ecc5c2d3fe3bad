package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Packager;
import dev.zoetrope.media.Packet;
import dev.zoetrope.media.Run;
import dev.zoetrope.media.Sink;
import dev.zoetrope.media.Track;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a {@link JpegFragment} of each MJPEG packet, at once.
 *
 * <p>Takes the first MJPEG track; packets of others are left out. A run begins with {@link #begin},
 * if there is such a track. One thread at a time, but for {@link #malformed}.
 *
 * @see "ITU-T T.81"
 */
public final class MjpegPackager implements Packager {
  private final Sink<Fragment> sink;
  private final AtomicLong malformed = new AtomicLong();

  // Confined to the thread that begins and accepts.
  private Optional<Track> pictures = Optional.empty();
  private int runs;

  public MjpegPackager(Sink<Fragment> sink) {
    this.sink = sink;
  }

  @Override
  public void begin(List<Track> tracks) {
    pictures = tracks.stream().filter(track -> track.codec() == Codec.MJPEG).findFirst();
    pictures.ifPresent(
        track ->
            sink.begin(
                new Run(runs++, List.of(track.withIndex(0)), MultipartJpeg.MIME, Bytes.EMPTY)));
  }

  @Override
  public void accept(Packet packet) {
    if (pictures.isEmpty() || packet.track().index() != pictures.get().index()) {
      return;
    }
    JpegFragment fragment;
    try {
      fragment = JpegFragment.of(packet);
    } catch (MalformedMediaException e) {
      malformed.incrementAndGet(); // the next picture does not depend on this one
      return;
    }
    sink.accept(fragment);
  }

  @Override
  public long malformed() {
    return malformed.get();
  }
}
