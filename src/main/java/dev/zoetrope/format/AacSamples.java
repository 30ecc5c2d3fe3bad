package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/**
 * AAC: a packet is one frame, or ADTS frames one after the other, whose headers are stripped and
 * tell the configuration.
 *
 * <p>Until a packet tells otherwise, a track without AudioSpecificConfig is taken for AAC-LC at the
 * rate and with the channels that its container announced.
 *
 * @see "ISO/IEC 14496-3, 1.A.2"
 */
final class AacSamples implements Samples {
  private static final int HEADER = 7;

  private final Track track;
  private final Ranges frames = new Ranges();
  private Optional<Track> configured = Optional.empty();
  private Optional<AacConfiguration> configuration = Optional.empty();
  private Bytes lastHeader = Bytes.EMPTY;
  private Bytes data = Bytes.EMPTY;

  AacSamples(Track track) {
    this.track = track;
    configuration = initial(track);
    configuration.ifPresent(this::configure);
  }

  private static Optional<AacConfiguration> initial(Track track) {
    try {
      if (!track.extradata().isEmpty()) {
        return Optional.of(AacConfiguration.read(track.extradata()));
      }
    } catch (MalformedMediaException e) {
      // As good as none.
    }
    return AacConfiguration.likely(track.sampleRate(), track.channels());
  }

  @Override
  public void read(Bytes packet, boolean isKeyframe) throws MalformedMediaException {
    data = packet;
    frames.clear();
    if (packet.isEmpty()) {
      throw new MalformedMediaException("AAC packet of 0 bytes");
    }
    if (!isAdts(packet)) {
      frames.add(0, packet.size());
      return;
    }
    try {
      splitAdts();
    } catch (MalformedMediaException e) {
      frames.clear();
      throw e;
    }
  }

  /** syncword of 12 bits, layer 0. A bare frame would begin with an end mark, and so never does. */
  private static boolean isAdts(Bytes packet) {
    return packet.size() >= HEADER && packet.at(0) == 0xff && (packet.at(1) & 0xf6) == 0xf0;
  }

  private void splitAdts() throws MalformedMediaException {
    int at = 0;
    while (at < data.size()) {
      Bytes rest = data.slice(at, data.size());
      if (!isAdts(rest)) {
        throw new MalformedMediaException("ADTS at byte " + at + ": no syncword in " + rest);
      }
      boolean hasCrc = (rest.at(1) & 1) == 0; // protection_absent
      int headerSize = hasCrc ? HEADER + 2 : HEADER;
      int length = (rest.at(3) & 3) << 11 | rest.at(4) << 3 | rest.at(5) >> 5;
      int blocks = rest.at(6) & 3; // number_of_raw_data_blocks_in_frame
      if (length <= headerSize || length > rest.size() || blocks != 0) {
        throw new MalformedMediaException(
            "ADTS at byte " + at + ": frame of " + length + " bytes, " + (blocks + 1) + " blocks");
      }
      frames.add(at + headerSize, at + length);
      at += length;
    }
    readHeader(data);
  }

  /** Takes the configuration from the header, if it differs in more than the frame's length. */
  private void readHeader(Bytes packet) throws MalformedMediaException {
    boolean isKnown =
        !lastHeader.isEmpty()
            && lastHeader.at(0) == packet.at(2)
            && lastHeader.at(1) == (packet.at(3) & 0xc0);
    if (isKnown) {
      return;
    }
    AacConfiguration found = AacConfiguration.ofAdts(packet);
    if (configuration.isEmpty() || !configuration.get().decodes(found)) {
      configuration = Optional.of(found);
      configure(found);
    }
    lastHeader = Bytes.of(packet.at(2), packet.at(3) & 0xc0);
  }

  private void configure(AacConfiguration found) {
    configured =
        Optional.of(
            Track.audio(
                0,
                track.codec(),
                track.fourcc(),
                Bytes.owning(found.bytes().toArray()),
                found.sampleRate(),
                found.channels(track.channels())));
  }

  @Override
  public Optional<Track> configured() {
    return configured;
  }

  @Override
  public int count() {
    return frames.count();
  }

  @Override
  public int size(int sample) {
    return frames.to(sample) - frames.from(sample);
  }

  @Override
  public void write(int sample, byte[] target, int at) {
    data.slice(frames.from(sample), frames.to(sample)).copyTo(target, at);
  }

  @Override
  public int duration(int sample) {
    return configuration.map(AacConfiguration::frameSamples).orElse(0);
  }
}
