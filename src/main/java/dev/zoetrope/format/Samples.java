package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/**
 * Turns the packets of one track, one at a time, into MP4 samples, and learns from them what the
 * sample entry must say. One thread at a time.
 */
interface Samples {
  /** For the packets of {@code track}; broken extradata is as good as none. */
  static Samples of(Track track) {
    return switch (track.codec()) {
      case H264 -> new NalSamples(track, NalSyntax.H264);
      case HEVC -> new NalSamples(track, NalSyntax.HEVC);
      case AV1 -> new Av1Samples(track);
      case VP9 -> new Vp9Samples(track);
      case AAC -> new AacSamples(track);
      case OPUS -> new OpusSamples(track);
      default -> throw new IllegalArgumentException("fMP4 does not carry " + track.codec());
    };
  }

  /**
   * Reads the next packet; the samples of the one before are gone. A packet that is refused changes
   * nothing but them.
   */
  void read(Bytes data, boolean isKeyframe) throws MalformedMediaException;

  /**
   * The track as the samples read so far have it: extradata is what {@link SampleEntry} takes.
   * Empty until known; the same object until it changes.
   */
  Optional<Track> configured();

  /** How many samples are in the packet: 0 where it only configures. */
  int count();

  /** Bytes of a sample. */
  int size(int sample);

  /** Writes a sample into {@code target} from {@code at} on. */
  void write(int sample, byte[] target, int at);

  /** How long a sample sounds, in units of the sample rate; 0 for pictures. */
  int duration(int sample);
}
