package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/** VP9: a packet is a sample; keyframes tell the configuration. */
final class Vp9Samples implements Samples {
  private final Track track;
  private Optional<Track> configured = Optional.empty();
  private Bytes data = Bytes.EMPTY;

  Vp9Samples(Track track) {
    this.track = track;
  }

  @Override
  public void read(Bytes packet, boolean isKeyframe) throws MalformedMediaException {
    data = Bytes.EMPTY;
    if (packet.isEmpty() || packet.at(0) >> 6 != Vp9Header.FRAME_MARKER) {
      throw new MalformedMediaException("VP9 packet without frame_marker: " + packet);
    }
    if (isKeyframe) {
      configure(Vp9Header.read(packet));
    }
    data = packet;
  }

  private void configure(Vp9Header header) {
    Track found =
        new Track(
            0,
            track.codec(),
            track.fourcc(),
            header.toVpcC(),
            header.width(),
            header.height(),
            0,
            0,
            track.decodeDelay());
    if (configured.isEmpty() || !configured.get().equals(found)) {
      configured = Optional.of(found);
    }
  }

  @Override
  public Optional<Track> configured() {
    return configured;
  }

  @Override
  public int count() {
    return data.isEmpty() ? 0 : 1;
  }

  @Override
  public int size(int sample) {
    return data.size();
  }

  @Override
  public void write(int sample, byte[] target, int at) {
    data.copyTo(target, at);
  }

  @Override
  public int duration(int sample) {
    return 0;
  }
}
