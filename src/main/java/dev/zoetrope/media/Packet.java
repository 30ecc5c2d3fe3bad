package dev.zoetrope.media;

/**
 * One coded frame of one track. Immutable.
 *
 * @param track what it is a packet of
 * @param ptsMicros when it is shown, in microseconds on the run's clock, never negative
 * @param dtsMicros when it is decoded, in microseconds on the run's clock; equal to {@code
 *     ptsMicros} where nothing is reordered; never goes back within a track. May be negative at the
 *     beginning of a run with B-frames
 * @param isKeyframe whether a decoder can start here; always true for sound
 * @param captureMicros when it came out of the capture: microseconds since 1970, UTC
 * @param data the coded frame as ffmpeg gave it
 */
public record Packet(
    Track track, long ptsMicros, long dtsMicros, boolean isKeyframe, long captureMicros, Bytes data)
    implements Piece {

  @Override
  public int size() {
    return data.size();
  }

  /** A keyframe of the picture. */
  @Override
  public boolean isJoinPoint() {
    return isKeyframe && track.isVideo();
  }

  /** Sound alone is joined anywhere. */
  @Override
  public boolean isJoinPoint(Run run) {
    return isJoinPoint() || (!track.isVideo() && run.video().isEmpty());
  }

  /** Uncompressed pictures would fill any log. */
  @Override
  public boolean supersedes() {
    return track.codec() == Codec.RGB24;
  }

  /** The same packet as one of {@code other}. */
  public Packet of(Track other) {
    return new Packet(other, ptsMicros, dtsMicros, isKeyframe, captureMicros, data);
  }

  /** The same packet with another capture time. */
  public Packet capturedAt(long micros) {
    return new Packet(track, ptsMicros, dtsMicros, isKeyframe, micros, data);
  }

  /** The same packet at other times: pts and dts moved by {@code offsetMicros}. */
  public Packet shiftedBy(long offsetMicros) {
    return new Packet(
        track, ptsMicros + offsetMicros, dtsMicros + offsetMicros, isKeyframe, captureMicros, data);
  }
}
