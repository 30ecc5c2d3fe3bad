package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/** Opus: a packet is a sample; its first byte tells how long it sounds. */
final class OpusSamples implements Samples {
  private final Optional<Track> configured;
  private Bytes data = Bytes.EMPTY;
  private int duration;

  OpusSamples(Track track) {
    configured = configure(track, track.extradata()).or(() -> configure(track, Bytes.EMPTY));
  }

  private static Optional<Track> configure(Track track, Bytes opusHead) {
    try {
      Bytes dops = Opus.toDops(opusHead, track.channels());
      return Optional.of(
          Track.audio(0, track.codec(), track.fourcc(), dops, Opus.RATE, dops.at(1)));
    } catch (MalformedMediaException e) {
      // Broken OpusHead is as good as none; without one, over two channels cannot be told apart.
      return Optional.empty();
    }
  }

  @Override
  public void read(Bytes packet, boolean isKeyframe) throws MalformedMediaException {
    data = Bytes.EMPTY;
    duration = Opus.samples(packet);
    data = packet;
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
    return duration;
  }
}
