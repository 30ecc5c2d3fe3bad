package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/** AV1: temporal delimiters, tile lists and padding are left out, the rest stays as it is. */
final class Av1Samples implements Samples {
  private final Track track;
  private final Ranges kept = new Ranges();
  private Optional<Track> configured = Optional.empty();
  private Bytes sequenceHeader = Bytes.EMPTY;
  private Bytes data = Bytes.EMPTY;

  Av1Samples(Track track) {
    this.track = track;
    try {
      configure(Av1.sequenceHeader(track.extradata()));
    } catch (MalformedMediaException e) {
      // The first keyframe brings the sequence header again: then nothing is missing.
      configured = Optional.empty();
    }
  }

  @Override
  public void read(Bytes packet, boolean isKeyframe) throws MalformedMediaException {
    data = packet;
    kept.clear();
    try {
      Bytes found = Av1.split(data, kept);
      if (isKeyframe) {
        configure(found);
      }
    } catch (MalformedMediaException e) {
      kept.clear();
      throw e;
    }
  }

  private void configure(Bytes found) throws MalformedMediaException {
    if (found.isEmpty() || found.equals(sequenceHeader)) {
      return;
    }
    Av1SequenceHeader header = Av1SequenceHeader.read(found);
    configured =
        Optional.of(
            new Track(
                0,
                track.codec(),
                track.fourcc(),
                header.toAv1C(found),
                header.width(),
                header.height(),
                0,
                0,
                track.decodeDelay()));
    sequenceHeader = Bytes.owning(found.toArray());
  }

  @Override
  public Optional<Track> configured() {
    return configured;
  }

  @Override
  public int count() {
    return kept.count() == 0 ? 0 : 1;
  }

  @Override
  public int size(int sample) {
    return kept.size();
  }

  @Override
  public void write(int sample, byte[] target, int at) {
    int to = at;
    for (int i = 0; i < kept.count(); i++) {
      data.slice(kept.from(i), kept.to(i)).copyTo(target, to);
      to += kept.to(i) - kept.from(i);
    }
  }

  @Override
  public int duration(int sample) {
    return 0;
  }
}
