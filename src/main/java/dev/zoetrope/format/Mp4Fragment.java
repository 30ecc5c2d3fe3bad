package dev.zoetrope.format;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Codec;
import dev.zoetrope.media.Fragment;

/**
 * One frame of picture or sound in fragmented MP4: {@code prft}, {@code moof} with one {@code traf}
 * of one sample, {@code mdat}. Immutable.
 */
public final class Mp4Fragment implements Fragment {
  private final Codec.Kind kind;
  private final long ptsMicros;
  private final long captureMicros;
  private final boolean isJoinPoint;
  private final Bytes bytes;

  Mp4Fragment(
      Codec.Kind kind, long ptsMicros, long captureMicros, boolean isJoinPoint, Bytes bytes) {
    this.kind = kind;
    this.ptsMicros = ptsMicros;
    this.captureMicros = captureMicros;
    this.isJoinPoint = isJoinPoint;
    this.bytes = bytes;
  }

  @Override
  public int size() {
    return bytes.size();
  }

  /** A keyframe of the picture; any sound in a run without a picture. */
  @Override
  public boolean isJoinPoint() {
    return isJoinPoint;
  }

  @Override
  public long captureMicros() {
    return captureMicros;
  }

  @Override
  public long ptsMicros() {
    return ptsMicros;
  }

  @Override
  public Codec.Kind kind() {
    return kind;
  }

  /** The boxes {@code prft}, {@code moof}, {@code mdat}. */
  @Override
  public Bytes bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return kind + (isJoinPoint ? " join point at " : " at ") + ptsMicros + " µs, " + size() + " B";
  }
}
