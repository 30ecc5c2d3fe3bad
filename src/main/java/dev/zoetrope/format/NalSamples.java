package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import dev.zoetrope.media.Track;
import java.util.Optional;

/**
 * H.264 and HEVC: Annex B becomes NAL units with lengths; packets that have lengths already stay as
 * they are. Delimiters, filler and the parameter sets that the sample entry has are left out.
 *
 * <p>Parameter sets that are new change the configuration at a keyframe; elsewhere they stay in the
 * sample, since a run cannot begin there.
 */
final class NalSamples implements Samples {
  private final Track track;
  private final boolean hasLengths;
  private final Ranges units = new Ranges();
  private final Ranges kept = new Ranges();
  private ParameterSets sets;
  private Optional<Track> configured = Optional.empty();
  private Bytes data = Bytes.EMPTY;
  private boolean isWhole;
  private int count;

  NalSamples(Track track, NalSyntax syntax) {
    this.track = track;
    hasLengths = ParameterSets.isRecord(syntax, track.extradata());
    sets = ParameterSets.none(syntax);
    try {
      configure(ParameterSets.read(syntax, track.extradata()));
    } catch (MalformedMediaException e) {
      // The first keyframe may bring its own parameter sets: then nothing is missing.
      configured = Optional.empty();
    }
  }

  @Override
  public void read(Bytes packet, boolean isKeyframe) throws MalformedMediaException {
    count = 0;
    data = packet;
    units.clear();
    kept.clear();
    boolean isLengths = hasLengths && splitLengths();
    if (!isLengths) {
      units.clear();
      if (!AnnexB.hasStartCode(data)) {
        throw new MalformedMediaException(
            sets.syntax() + " packet: neither NAL unit lengths nor a start code in " + data);
      }
      if (sets.lengthSize() < 4 && data.size() >> (8 * sets.lengthSize()) != 0) {
        throw new MalformedMediaException(
            sets.syntax()
                + " packet of "
                + data.size()
                + " bytes in Annex B: lengths are too short");
      }
      AnnexB.split(data, units);
    }
    if (units.count() == 0) {
      throw new MalformedMediaException(sets.syntax() + " packet without a NAL unit: " + data);
    }
    ParameterSets found = keep(isKeyframe);
    isWhole = isLengths && kept.count() == units.count();
    if (!found.equals(sets)) {
      configure(found);
    }
  }

  /** Finds units by their lengths; no if they do not fill the packet. */
  private boolean splitLengths() {
    int lengthSize = sets.lengthSize();
    int size = data.size();
    int at = 0;
    while (at < size) {
      if (size - at < lengthSize) {
        return false;
      }
      int length = 0;
      for (int i = 0; i < lengthSize; i++) {
        length = length << 8 | data.at(at++);
      }
      if (length < 0 || length > size - at) {
        return false;
      }
      if (length > 0) {
        units.add(at, at + length);
      }
      at += length;
    }
    return units.count() > 0;
  }

  /** Chooses what goes into the sample; returns the parameter sets from here on. */
  private ParameterSets keep(boolean isKeyframe) throws MalformedMediaException {
    ParameterSets found = sets;
    boolean hasSlice = false;
    for (int i = 0; i < units.count(); i++) {
      int from = units.from(i);
      int to = units.to(i);
      switch (sets.syntax().use(data.at(from), to - from > 1 ? data.at(from + 1) : 0)) {
        case NEEDLESS -> {}
        case PARAMETER_SET -> {
          Bytes set = data.slice(from, to);
          if (isKeyframe) {
            found = found.withSet(set);
          } else if (!found.contains(set)) {
            kept.add(from, to);
          }
        }
        case SLICE -> {
          hasSlice = true;
          kept.add(from, to);
        }
        case OTHER -> kept.add(from, to);
      }
    }
    if (hasSlice) {
      count = 1;
      return found;
    }
    // Parameter sets in a packet of their own: for the next keyframe.
    for (int i = 0; i < units.count(); i++) {
      found = found.withSet(data.slice(units.from(i), units.to(i)));
    }
    return found;
  }

  private void configure(ParameterSets found) throws MalformedMediaException {
    if (found.isComplete()) {
      int width;
      int height;
      if (found.syntax() == NalSyntax.H264) {
        H264Sps sps = found.h264Sps();
        width = sps.width();
        height = sps.height();
      } else {
        HevcSps sps = found.hevcSps();
        width = sps.width();
        height = sps.height();
      }
      configured =
          Optional.of(
              new Track(
                  0,
                  track.codec(),
                  track.fourcc(),
                  found.toRecord(),
                  width,
                  height,
                  0,
                  0,
                  track.decodeDelay()));
    }
    sets = found;
  }

  @Override
  public Optional<Track> configured() {
    return configured;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int size(int sample) {
    return isWhole ? data.size() : kept.size() + sets.lengthSize() * kept.count();
  }

  @Override
  public void write(int sample, byte[] target, int at) {
    if (isWhole) {
      data.copyTo(target, at);
      return;
    }
    int to = at;
    for (int i = 0; i < kept.count(); i++) {
      int length = kept.to(i) - kept.from(i);
      for (int shift = 8 * (sets.lengthSize() - 1); shift >= 0; shift -= 8) {
        target[to++] = (byte) (length >> shift);
      }
      data.slice(kept.from(i), kept.to(i)).copyTo(target, to);
      to += length;
    }
  }

  @Override
  public int duration(int sample) {
    return 0;
  }
}
